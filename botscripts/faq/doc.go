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
//
// Right below the heading, before a blank line, it may say for whom the entry is
// and what belongs to it. Entries with the same heading are variants of one
// question, for languages and channels:
//
//	## How long does delivery take?
//	Language: de
//	Channels: web, sms
//	Links: [Track it](https://acme.example/track) | tel:+49301234
//	Card: Express | In one day, 9 euros | https://acme.example/express.jpg | [Order](https://acme.example/x)
//	See also: What does delivery cost? | Can I pick up my order at the shop?
//
//	- Wie lange dauert die Lieferung?
//
//	Teile kommen in 2 bis 3 Werktagen, ein Rad in 5 bis 8.
package faq
