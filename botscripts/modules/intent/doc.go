// Package intent is what require "intent" gives: what a text is about, of the brand's intents.
package intent
