// Package dialog runs bots: it takes what happened to a conversation from its
// inbox, lets the bot decide, and commits what the bot decided.
package dialog
