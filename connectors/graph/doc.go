// Package graph is what WhatsApp, Messenger and Instagram share: how Meta signs
// its webhooks and makes itself known, and requests to the Graph API with errors
// that are classified by tables. It is no connector.
package graph
