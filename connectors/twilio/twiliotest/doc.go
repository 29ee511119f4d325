// Package twiliotest is a fake of Twilio's messaging API for tests and
// benchmarks. It takes messages as the real one does, keeps them, reports on
// them with signed status callbacks, posts signed webhooks of incoming
// messages, and fails in the ways that it is told to.
package twiliotest
