// Package signin knows who asks: passwords, browser sessions, API tokens, and
// the throttle on guessing them.
package signin
