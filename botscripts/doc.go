// Package botscripts runs a brand's Lua bots by deterministic replay. Each
// turn makes a fresh sandboxed VM and runs the bot from line 1; host calls
// consume the session's journal in order, and the first call that nobody has
// answered yet either makes an effect and goes on, or ends the turn.
package botscripts
