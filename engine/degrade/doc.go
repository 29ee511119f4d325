// Package degrade fits a content to what a channel can show. What the channel
// cannot draw becomes text that says the same: choices a numbered list, cards
// lines with links, files links, places and contacts lines. It is pure, and
// drops nothing that a consumer is to read.
package degrade
