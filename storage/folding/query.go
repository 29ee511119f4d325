package folding

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTerms bounds what one search asks for; the shortest go first.
const maxTerms = 8

// Term is one thing that must be found: one of Any, each of which is tokens that
// must all be there.
type Term struct{ Any [][]Token }

// Token is what is looked up.
type Token struct {
	Text   string
	Prefix bool // or any token that begins with it
}

// Query reads what somebody searches for. Everything is plain text. Words that
// are parted by blanks may be found anywhere in a conversation; what is written
// together, and the parts of a number, must stand together. None when there is
// nothing to search for.
func Query(text string) []Term {
	var out []Term
	var number []string // words of digits so far
	end := func() {
		if len(number) > 0 {
			out = append(out, numberTerm(number))
		}
		number = nil
	}
	for _, field := range strings.Fields(strings.ReplaceAll(text, "(0)", " ")) {
		pieces := cut(field)
		if digits, ok := dialled(pieces); ok {
			number = append(number, digits...)
			continue
		}
		end()
		if t, ok := wordTerm(pieces); ok {
			out = append(out, t)
		}
	}
	end()
	slices.SortStableFunc(out, func(a, b Term) int { return b.size() - a.size() })
	return out[:min(len(out), maxTerms)]
}

func (t Term) size() int {
	n := 0
	for _, tok := range t.Any[0] {
		n += utf8.RuneCountInString(tok.Text)
	}
	return n
}

// dialled gives the groups of digits of a word that is a number, or a part of one.
func dialled(all []piece) (parts []string, ok bool) {
	for _, p := range all {
		switch {
		case p.digits():
			parts = append(parts, p.text())
		case p.class != apart:
			return nil, false
		case !groups(p) && p.text() != "+" && p.text() != "+(":
			return nil, false
		}
	}
	return parts, parts != nil
}

// numberTerm finds digits as they stand, or as a part of one number, with the
// country's or the area's code before it or without.
func numberTerm(parts []string) Term {
	var t Term
	one := strings.Join(parts, "")
	if len(one) <= maxNumber {
		t.Any = append(t.Any, []Token{{one, len(one) > 1}})
		if bare := strings.TrimLeft(one, "0"); bare != one && len(bare) >= minEnd {
			t.Any = append(t.Any, []Token{{bare, true}})
		}
	}
	if len(parts) > 1 || len(t.Any) == 0 {
		var each []Token
		for _, p := range parts {
			each = append(each, Token{p[:min(len(p), maxToken)], len(p) > 1})
		}
		t.Any = append(t.Any, each)
	}
	return t
}

func wordTerm(all []piece) (Term, bool) {
	var plain, spelt []Token
	differ := false
	for _, p := range all {
		var found []Token
		switch p.class {
		case symbol:
			found = []Token{{p.text(), false}}
		case dense:
			for i := 0; i == 0 || i+1 < len(p.runes); i++ {
				pair := p.runes[i:min(i+2, len(p.runes))]
				found = append(found, Token{piece{dense, pair}.text(), false})
			}
		case letter:
			found = []Token{{p.text(), len(p.runes) > 1}}
			if s := p.spelt(); s != "" {
				differ = true
				plain, spelt = append(plain, found...), append(spelt, Token{s, true})
				continue
			}
		}
		plain, spelt = append(plain, found...), append(spelt, found...)
	}
	if len(plain) == 0 {
		return Term{}, false
	}
	plain, spelt = unshort(plain), unshort(spelt)
	t := Term{Any: [][]Token{plain}}
	if differ {
		t.Any = append(t.Any, spelt)
	}
	return t, true
}

// unshort leaves out single letters beside something longer: as beginnings they
// would be slow to look up, and whole they would miss what is still being typed.
func unshort(all []Token) []Token {
	short := func(t Token) bool { return !t.Prefix && len(t.Text) == 1 && t.Text[0] >= 'a' }
	if !slices.ContainsFunc(all, func(t Token) bool { return !short(t) }) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), short)
}

// Match is the term in FTS5's language. Tokens hold letters, digits, marks and
// symbols only, so nothing in them needs an escape.
func (t Term) Match() string {
	var any []string
	for _, tokens := range t.Any {
		var all []string
		for _, tok := range tokens {
			m := `"` + tok.Text + `"`
			if tok.Prefix {
				m += "*"
			}
			all = append(all, m)
		}
		any = append(any, "("+strings.Join(all, " AND ")+")")
	}
	return strings.Join(any, " OR ")
}

// Finds says whether a term is among the tokens of one text.
func (t Term) Finds(tokens string) bool {
	all := strings.Fields(tokens)
	return slices.ContainsFunc(t.Any, func(need []Token) bool {
		return !slices.ContainsFunc(need, func(tok Token) bool {
			return !slices.ContainsFunc(all, func(has string) bool { return has == tok.Text || tok.Prefix && strings.HasPrefix(has, tok.Text) })
		})
	})
}
