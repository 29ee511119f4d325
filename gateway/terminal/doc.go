// Package terminal is a conversation with a brand's bot in a terminal, whose reader is
// the consumer and the agent.
package terminal
