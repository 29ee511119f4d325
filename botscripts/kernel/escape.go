package kernel

import (
	"strings"
	"unicode"
)

// shortRequest is how many words a message may have that asks for a person in
// passing; longer ones are about something else.
const shortRequest = 5

// WantsPerson says whether the text asks for a person: it is one of the
// brand's escape words, or a few words with an escape word among them. The
// words of every language count: consumers switch languages.
func (r *Run) WantsPerson(text string) bool {
	said := Words(text)
	if len(said) == 0 {
		return false
	}
	for _, list := range r.Turn.Brand.Settings.EscapeWords {
		for _, word := range list {
			w := Words(word)
			if len(w) == len(said) && containsRun(said, w) {
				return true
			}
			if len(said) <= shortRequest && containsRun(said, w) {
				return true
			}
		}
	}
	return false
}

// Words folds the case and drops punctuation.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) && c != '\'' && c != '’'
	})
}

// containsRun says whether part occurs in all, in order and without gaps.
func containsRun(all, part []string) bool {
	if len(part) == 0 {
		return false
	}
	for i := 0; i+len(part) <= len(all); i++ {
		match := true
		for j, w := range part {
			if all[i+j] != w {
				match = false
				break
			}
		}
		if match {
			return true
		}
	}
	return false
}
