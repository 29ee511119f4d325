// Package desk is what an agent can do to a conversation: reply, note, take,
// accept, transfer, give back, close. Every command checks in its transaction
// that the conversation is still as the agent saw it.
package desk
