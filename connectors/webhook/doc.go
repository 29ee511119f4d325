// Package webhook makes any system a channel: it posts what consumers do to the
// gateway and gets what is to be said to them, both in the common model and both
// signed as Standard Webhooks. The wire is described in docs/channels.md and
// docs/webhook.schema.json.
package webhook
