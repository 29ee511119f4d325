// Package recording reads what bots met and did in real conversations: the
// inputs, the answers of outside calls, and what came of them. A changed bot
// can be run over it.
package recording
