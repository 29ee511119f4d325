// Package knowledge reads what a brand's files teach its bots, and writes
// additions into their text, so that comments and layout stay as people made
// them; and plays their tests, to see what an addition would break.
package knowledge
