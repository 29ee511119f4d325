// Package messaging is what Messenger and Instagram have alike: their webhooks, the
// messages that are made for them, the API that sends these, and what can be asked of it.
package messaging
