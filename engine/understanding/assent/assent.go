package assent

import (
	"strings"

	"parley/engine/understanding/said"
)

// Answer is what a text says to a question for yes or no.
type Answer string

// Answers.
const (
	Yes    Answer = "yes"
	No     Answer = "no"
	Unsure Answer = "unsure" // "maybe", a condition, and yes and no together
	Silent Answer = ""       // something else, and a question back

	question Answer = "question" // is Silent in every language
)

// longest is how many bytes an answer may have.
const longest = 4 << 10

// mostFixed is how many words a text may have whose slips of the finger are mended:
// in longer ones an unknown word is a word.
const mostFixed = 12

// Read reads a whole text, in its language and then in the others, as consumers
// switch languages.
func Read(text, language string) Answer {
	if len(text) > longest {
		return Silent
	}
	words := said.Words(text)
	answer, _ := read(text, words, languageOf(language), len(words) <= mostFixed)
	if answer == question {
		return Silent
	}
	if answer != Silent {
		return answer
	}
	for _, other := range []string{"en", "de", "es", "fr"} {
		if other == base(language) {
			continue
		}
		if answer, _ := read(text, words, languageOf(other), false); answer == Yes || answer == No {
			return answer
		}
	}
	return Silent
}

// Opening reads a text that says yes or no and then more: "yes, tomorrow at 5". end
// is where the answer ends, in bytes. ok is false when the text does not begin with
// a plain one.
func Opening(text, language string) (answer Answer, end int, ok bool) {
	if len(text) > longest {
		return Silent, 0, false
	}
	words := said.Words(text)
	answer, end = read(text, words, languageOf(language), false)
	return answer, end, (answer == Yes || answer == No) && end > 0
}

// base is the one of the four languages that a text is read in.
func base(language string) string {
	first, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	switch first {
	case "de", "es", "fr":
		return first
	}
	return "en"
}

// reading is one pass over a text in one language.
type reading struct {
	*vocabulary
	words  []said.Word
	fix    bool
	answer Answer
	firm   bool // more may follow the answer
	light  bool // it was only "bueno"
	thanks bool // it was a no with thanks
	more   bool // something has followed that is not understood
	end    int  // where the answer ends, in bytes
}

func read(text string, words []said.Word, v *vocabulary, fix bool) (Answer, int) {
	switch strings.TrimSpace(text) {
	case "+1":
		return Yes, len(text)
	case "-1":
		return No, len(text)
	}
	r := reading{vocabulary: v, words: words, fix: fix}
	for i := 0; i < len(words); {
		end, asked := r.clauseEnd(i)
		if !r.clause(i, end, asked) {
			return Silent, 0
		}
		if r.answer == Unsure || r.answer == question {
			return r.answer, 0
		}
		i = end
		for i < len(words) && ends(words, i) {
			i++
		}
	}
	return r.answer, r.end
}

// clauseEnd finds where the clause ends that begins at word i, and whether it is a question.
func (r *reading) clauseEnd(i int) (end int, asked bool) {
	for end = i; end < len(r.words); end++ {
		if end > i && r.words[end].Line {
			return end, false
		}
		if ends(r.words, end) {
			break
		}
	}
	for k := end; k < len(r.words) && ends(r.words, k); k++ {
		asked = asked || r.words[k].Text == "?"
	}
	return end, asked
}

// ends says whether word i is a sign between clauses.
func ends(words []said.Word, i int) bool {
	switch words[i].Text {
	case ".", ",", ";", ":", "!", "?", "…", "¡", "¿", "(", ")":
		return true
	case "-", "/":
		return words[i].Gap
	}
	return false
}

// clause reads one clause. It is false when the whole text says nothing.
func (r *reading) clause(from, to int, asked bool) bool {
	items, open := r.items(from, to)
	s := r.sentence(items, open)
	answer := s.answer()
	switch {
	case s.asks, asked && !s.idiom:
		r.answer = question
		return true
	case s.hedged:
		r.answer = Unsure
		return true
	case open >= 0 && r.answer == Silent && (!s.leads || answer == Silent):
		return false // it begins with something else
	case open >= 0 && r.answer != Silent && !r.firm:
		return false
	case open >= 0 && r.answer != Silent:
		if s.begins == yes && r.answer == No || isNo(s.begins) && r.answer == Yes {
			r.answer = Unsure
		}
		r.more = true
		return true
	case answer == Silent || r.answer != Silent && s.onlyLight() || r.thanks && s.friendly:
		r.thanks = r.thanks || s.polite && r.answer == No
		if s.last > 0 && r.answer != Silent {
			r.reach(s.last)
		}
		return true
	case r.answer != Silent && r.answer != answer && !r.light:
		r.answer = Unsure
		return true
	}
	r.answer, r.light = answer, s.onlyLight()
	r.firm = r.firm || s.opens
	r.thanks = answer == No && s.polite
	r.reach(s.last)
	r.more = r.more || open >= 0
	return true
}

// reach moves the end of the answer, until something else has followed.
func (r *reading) reach(last int) {
	if !r.more {
		r.end = r.words[last-1].End
	}
}
