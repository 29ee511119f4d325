// Package listen hears how a consumer's message sounds and which of the brand's
// languages it is in, keeps count of it with the conversation, and learns a
// brand's own labels in the background. What it hears is a hint: for how soon
// somebody is served, and for the eyes of people.
package listen
