// Package faq reads a brand's frequently asked questions and finds the one
// that a consumer's words ask.
//
// A file holds one question a heading, other wordings of it as a list directly
// below, and its answer below that:
//
//	## How long does delivery take?
//
//	- When will my bike arrive?
//	- What are your shipping times?
//
//	Parts arrive in 2 to 3 working days, a bike in 5 to 8.
package faq
