package folding

import (
	"strings"

	"parley/engine"
)

// Limits of what is kept of one text.
const (
	maxTokens = 4000
	maxToken  = 64 // characters
	maxNumber = 20 // digits
	minNumber = 6  // digits; shorter ones are found by their beginning
	minEnd    = 4  // digits of a number's end that finds it
	minTail   = 2  // characters of a name's end that finds it
)

// piece is a run of characters that are cut alike.
type piece struct {
	class class // letter (with digits), dense, symbol, apart
	runes []folded
}

func (p piece) text() string {
	var b strings.Builder
	for _, f := range p.runes[:min(len(p.runes), maxToken)] {
		b.WriteRune(f.r)
	}
	return b.String()
}

// digits says whether all of the piece are digits.
func (p piece) digits() bool {
	for _, f := range p.runes {
		if f.class != digit {
			return false
		}
	}
	return p.class == letter
}

// spelt is the piece with its umlauts written as two letters, "" without any.
func (p piece) spelt() string {
	var b strings.Builder
	any := false
	for _, f := range p.runes[:min(len(p.runes), maxToken)] {
		b.WriteRune(f.r)
		if f.umlaut {
			any = true
			b.WriteByte('e')
		}
	}
	if !any {
		return ""
	}
	return b.String()
}

// cut gives the pieces of a text, with what stands between them.
func cut(text string) []piece {
	var out []piece
	for _, f := range fold(strings.ReplaceAll(text, "(0)", " ")) {
		kind := f.class
		if kind == digit {
			kind = letter
		}
		if n := len(out); n > 0 && out[n-1].class == kind && kind != symbol {
			out[n-1].runes = append(out[n-1].runes, f)
			continue
		}
		out = append(out, piece{kind, []folded{f}})
	}
	return out
}

// set is tokens in their order, each once.
type set struct {
	seen  map[string]bool
	order []string
}

func (s *set) add(token string) {
	if token != "" && !s.seen[token] && len(s.order) < maxTokens {
		s.seen[token] = true
		s.order = append(s.order, token)
	}
}

// Text gives the tokens of a message, as one line: its words, the pairs of
// characters of scripts without blanks, its numbers with their ends, however
// they are grouped.
func Text(text string) string { return tokens(text, false) }

// Message gives the tokens of what somebody reads in a message.
func Message(c engine.Content) string {
	lines := []string{c.Text}
	if c.Picked != nil {
		lines = append(lines, c.Picked.Label)
	}
	for _, card := range c.Cards {
		lines = append(lines, card.Title, card.Subtitle)
	}
	for _, m := range c.Media {
		lines = append(lines, m.Name)
	}
	for _, p := range c.Contacts {
		lines = append(lines, p.Name, p.Org)
		lines = append(append(lines, p.Phones...), p.Emails...)
	}
	if c.Location != nil {
		lines = append(lines, c.Location.Name)
	}
	return Text(strings.Join(lines, "\n"))
}

// Name gives the tokens of a name or an address: those of Text, and the ends of
// its words, so that any part of it finds it.
func Name(text string) string { return tokens(text, true) }

func tokens(text string, ends bool) string {
	s := &set{seen: map[string]bool{}}
	all := cut(text)
	for _, p := range all {
		word(s, p, ends)
	}
	for _, n := range numbers(all) {
		for i := 0; i+minEnd <= len(n); i++ {
			s.add(n[i:])
		}
	}
	return strings.Join(s.order, " ")
}

func word(s *set, p piece, ends bool) {
	switch p.class {
	case symbol:
		s.add(p.text())
	case dense:
		for i := range p.runes {
			s.add(string(p.runes[i].r))
			s.add(piece{dense, p.runes[i:min(i+2, len(p.runes))]}.text())
		}
	case letter:
		s.add(p.text())
		s.add(p.spelt())
		for i, f := range p.runes {
			switch {
			case i == 0:
			case ends && len(p.runes)-i >= minTail, f.class != p.runes[i-1].class: // A12345 is found by 12345
				s.add(piece{letter, p.runes[i:]}.text())
			}
		}
	}
}

// numbers gives the long numbers of a text without what groups their digits.
func numbers(all []piece) (out []string) {
	var n strings.Builder
	end := func() {
		if n.Len() >= minNumber && n.Len() <= maxNumber {
			out = append(out, n.String())
		}
		n.Reset()
	}
	for _, p := range all {
		switch {
		case p.digits():
			n.WriteString(p.text())
		case p.class != apart || !groups(p):
			end()
		}
	}
	end()
	return out
}

// groups says whether what stands between two runs of digits may stand within a
// number. A plus begins one.
func groups(p piece) bool {
	for _, f := range p.runes {
		if !strings.ContainsRune(" -./()\t‐‑–", f.r) {
			return false
		}
	}
	return len(p.runes) <= 3
}
