// Package outreach decides whether a message may go that the brand begins and nobody
// waits for: not in the quiet hours of where the consumer is, and not more often than
// the brand allows.
package outreach
