package slots

import (
	"strings"
	"unicode"
	"unicode/utf8"

	lexical "parley/engine/understanding/said"
)

type class byte

const (
	mark   class = iota // one rune of anything else
	word                // letters
	figure              // digits
)

// token is a word, a run of digits or a sign, folded: lower case, no accents.
type token struct {
	text       string
	start, end int
	class      class
	gap        bool // white space before it
}

func classOf(c rune) class {
	switch {
	case c >= '0' && c <= '9', c >= '０' && c <= '９':
		return figure
	case unicode.IsLetter(c) && c != 'º' && c != 'ª':
		return word
	}
	return mark
}

func tokenize(text string) []token {
	tokens := make([]token, 0, len(text)/4+4)
	gap := true
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff' {
			gap = true
			i += size
			continue
		}
		t := token{start: i, class: classOf(c), gap: gap}
		gap = false
		i += size
		for t.class != mark && i < len(text) {
			c, size := utf8.DecodeRuneInString(text[i:])
			if classOf(c) != t.class && !(t.class == word && unicode.Is(unicode.Mn, c)) {
				break
			}
			i += size
		}
		t.end = i
		t.text = lexical.Fold(text[t.start:t.end])
		tokens = append(tokens, t)
	}
	return tokens
}

// is tells whether token i is one of the texts.
func (s *scan) is(i int, texts ...string) bool {
	if i < 0 || i >= len(s.tokens) {
		return false
	}
	for _, text := range texts {
		if s.tokens[i].text == text {
			return true
		}
	}
	return false
}

// tight tells whether token i follows the one before it without a space.
func (s *scan) tight(i int) bool { return i > 0 && i < len(s.tokens) && !s.tokens[i].gap }

func (s *scan) class(i int) class {
	if i < 0 || i >= len(s.tokens) {
		return mark
	}
	return s.tokens[i].class
}

// integer is the value of a run of at most limit digits.
func (s *scan) integer(i, limit int) (int, bool) {
	if s.class(i) != figure || len(s.tokens[i].text) > limit {
		return 0, false
	}
	n := 0
	for _, c := range s.tokens[i].text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// phrases are word sequences with a meaning, by their first word, longest first.
type phrases[T any] map[string][]phrase[T]

type phrase[T any] struct {
	words []string
	value T
}

// add enters the phrases of a list with | between them.
func (p phrases[T]) add(value T, list string) {
	for _, text := range strings.Split(list, "|") {
		words := strings.Fields(text)
		known := p[words[0]]
		at := 0
		for at < len(known) && len(known[at].words) >= len(words) {
			at++
		}
		known = append(known, phrase[T]{})
		copy(known[at+1:], known[at:])
		known[at] = phrase[T]{words, value}
		p[words[0]] = known
	}
}

// at is the longest phrase that stands at token i.
func (p phrases[T]) at(tokens []token, i int) (value T, next int, ok bool) {
	if i < 0 || i >= len(tokens) {
		return value, i, false
	}
	for _, candidate := range p[tokens[i].text] {
		if next := follow(tokens, i, candidate.words); next > 0 {
			return candidate.value, next, true
		}
	}
	return value, i, false
}

// follow tells where the words end that begin at token i, 0 when they do not
// stand there. Words may be joined by hyphens and apostrophes, single letters by points.
func follow(tokens []token, i int, words []string) int {
	for n, w := range words {
		if n > 0 && i+1 < len(tokens) && !tokens[i].gap {
			switch tokens[i].text {
			case "-", "'":
				i++
			case ".":
				if len(words[n-1]) == 1 {
					i++
				}
			}
		}
		if i >= len(tokens) || tokens[i].text != w {
			return 0
		}
		i++
	}
	if last := words[len(words)-1]; len(words) > 1 && len(last) == 1 && i < len(tokens) && tokens[i].text == "." && !tokens[i].gap {
		i++
	}
	return i
}
