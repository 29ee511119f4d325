// Package conversation changes conversations: they are opened, heard and written
// in, handed over, offered, assigned, given back and closed. Nothing else writes
// a conversation, its inbox, its queue entry or its owner, so that each step
// leaves all of them, the event log and who is woken in agreement.
package conversation
