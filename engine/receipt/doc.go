// Package receipt carries what came of a send over to its message, and to the
// conversation when the message is lost: what was to follow it is held back,
// the team is told, and somebody gets the conversation.
package receipt
