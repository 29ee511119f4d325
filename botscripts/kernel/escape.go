package kernel

import (
	"strings"
	"unicode"

	"parley/engine/understanding/person"
)

// WantsPerson says whether the text asks for a person, in the brand's escape words
// or around them. A brand without any hands over by no text.
func (r *Run) WantsPerson(text string) bool {
	words := r.Turn.Brand.Settings.EscapeWords
	return len(words) > 0 && person.Read(text, words) == person.Wanted
}

// AsksForHuman says whether the text asks if a person writes here.
func (r *Run) AsksForHuman(text string) bool {
	return person.Read(text, r.Turn.Brand.Settings.EscapeWords) == person.Curious
}

// Words folds the case and drops punctuation.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) && c != '\'' && c != '’'
	})
}
