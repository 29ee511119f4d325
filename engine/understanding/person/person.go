package person

import (
	"slices"
	"strings"

	"parley/engine/understanding/said"
)

// Wish is what a text says about persons.
type Wish int

// Wishes.
const (
	Nothing Wish = iota
	Wanted       // asks for a person
	Curious      // asks whether it is one
)

const (
	longest      = 4 << 10 // bytes that are read
	mostFixed    = 12      // words of a text whose slips of the finger are mended
	shortForeign = 5       // words of a message in which a word of another language is a wish
)

// Read reads a text. words are the brand's own for a person, by language. Those of
// languages without a grammar here are a wish in every short message.
func Read(text string, words map[string][]string) Wish {
	text = text[:min(len(text), longest)]
	said := said.Words(text)
	own := ownOf(words)
	if own.foreign(said) {
		return Wanted
	}
	lengths := make([]int, len(said))
	for i := range said {
		lengths[i] = own.at(said, i)
	}
	wish := Nothing
	for _, g := range grammars() {
		switch (&reading{grammar: g, own: lengths, words: said, fix: len(said) <= mostFixed}).read() {
		case Wanted:
			return Wanted
		case Curious:
			wish = Curious
		}
	}
	return wish
}

// own are a brand's words.
type own struct {
	nouns   []noun
	foreign func([]said.Word) bool
}

// noun is a word for a person, or some.
type noun struct {
	words    []string
	language string
}

func ownOf(words map[string][]string) own {
	var o own
	var others [][]string
	for language, list := range words {
		language, _, _ = strings.Cut(language, "-")
		for _, text := range list {
			var parts []string
			for _, w := range said.Words(text) {
				if w.Kind != said.Mark {
					parts = append(parts, w.Text)
				}
			}
			switch {
			case len(parts) == 0:
			case slices.Contains([]string{"en", "de", "es", "fr"}, language):
				o.nouns = append(o.nouns, noun{parts, language})
			default:
				others = append(others, parts)
			}
		}
	}
	o.foreign = func(text []said.Word) bool {
		var plain []string
		for _, w := range text {
			if w.Kind != said.Mark {
				plain = append(plain, w.Text)
			}
		}
		for _, other := range others {
			for i := 0; i+len(other) <= len(plain) && (len(plain) <= shortForeign || len(plain) == len(other)); i++ {
				if slices.Equal(plain[i:i+len(other)], other) {
					return true
				}
			}
		}
		return false
	}
	return o
}

// at tells how many words at i are one of the brand's.
func (o own) at(words []said.Word, i int) (length int) {
	for _, n := range o.nouns {
		if len(n.words) <= length || i+len(n.words) > len(words) {
			continue
		}
		fits := true
		for k, w := range n.words {
			last := k == len(n.words)-1
			fits = fits && (words[i+k].Text == w || last && inflected(words[i+k].Text, w, n.language))
		}
		if fits {
			length = len(n.words)
		}
	}
	return length
}

// inflected says whether a word is another form of a known one: "Mitarbeiterinnen",
// "agentes", "asesora".
func inflected(word, known, language string) bool {
	if len(known) < 4 || len(word) < len(known) {
		return false
	}
	stem, last := known[:len(known)-1], known[len(known)-1]
	ending, ok := strings.CutPrefix(word, stem)
	if !ok || ending == "" {
		return false
	}
	if ending[0] != last {
		return (language == "es" && last == 'o' || language == "de" && last == 'e') && isEnding(ending, language)
	}
	return isEnding(ending[1:], language)
}

func isEnding(s, language string) bool {
	switch language {
	case "de":
		return slices.Contains([]string{"n", "en", "in", "innen", "s", "es", "e", "er"}, s)
	case "es":
		return slices.Contains([]string{"s", "es", "a", "as"}, s)
	case "fr":
		return slices.Contains([]string{"s", "e", "es"}, s)
	}
	return s == "s"
}
