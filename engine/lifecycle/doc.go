// Package lifecycle holds the rules of a conversation's great steps: it is
// handed to a queue, given back to its bot, closed.
package lifecycle
