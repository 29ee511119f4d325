// Package gist says in a few lines what a conversation is about, for the agent
// who gets it: from what was written, asked, understood and found. It is pure,
// and never makes anything up: every line quotes or names what is there.
package gist
