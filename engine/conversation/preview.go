package conversation

import (
	"unicode/utf8"

	"parley/engine"
)

// previewBytes is how much of a message a list shows.
const previewBytes = 140

// Preview is the start of what a message says, in one line of a list.
func Preview(c engine.Content) string {
	s := c.Text
	switch {
	case s != "":
	case len(c.Media) > 0:
		s = "[" + c.Media[0].Kind + "]"
	case c.Location != nil:
		s = "[location]"
	case len(c.Cards) > 0:
		s = c.Cards[0].Title
	case len(c.Contacts) > 0:
		s = "[contact] " + c.Contacts[0].Name
	case c.Template != nil:
		s = "[template] " + c.Template.Name
	case c.Unsupported != "":
		s = "[" + c.Unsupported + "]"
	}
	if len(s) <= previewBytes {
		return s
	}
	end := previewBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
