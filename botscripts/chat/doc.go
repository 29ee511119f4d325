// Package chat is the object chat, which a bot's function gets: what it says
// and asks, and how the conversation goes on, waits, is handed over and ends.
package chat
