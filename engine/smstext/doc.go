// Package smstext holds the pure rules of the text of an SMS: where a long one is cut, and which whole messages
// are opt-out, opt-in and help words.
package smstext
