package slots

import (
	"strconv"
	"strings"
)

func (s *scan) ordinalAt(i int) (Slot, int, bool) {
	if !s.wants(Ordinal) {
		return Slot{}, i, false
	}
	n, next, ok := s.ordinal(i)
	if !ok || n == 2 && s.is(i, "second", "seconde", "segundo") && (s.is(i-1, "a", "one", "per", "un", "une", "por", "par") || s.class(i-1) == figure) {
		return Slot{}, i, false
	}
	return Slot{Kind: Ordinal, Value: strconv.Itoa(n), Number: float64(n)}, next, true
}

// ordinal reads "3rd", "3º", "troisième", "twenty-first" and "einhunderttausendste".
func (s *scan) ordinal(i int) (n, next int, ok bool) {
	switch s.class(i) {
	case figure:
		return s.ordinalDigits(i)
	case mark:
		return 0, i, false
	}
	if s.tight(i) && s.class(i-1) == figure {
		return 0, i, false
	}
	switch s.v.language {
	case "de":
		if s.is(i, "zu") { // "zu dritt"
			n, ok = germanOrdinal(s.textAt(i+1), s.v.units)
			return n, i + 2, ok && n > 1 && n < 100 && s.textAt(i+1) != "acht"
		}
		root, ending := trimSuffix(s.tokens[i].text, "en", "er", "es", "em", "e")
		n, ok = germanOrdinal(root, s.v.units)
		return n, i + 1, ending && ok
	case "es":
		return s.ordinalSum(i)
	}
	if s.v.articles[s.tokens[i].text] {
		return 0, i, false
	}
	g := group{s: s, level: 1000}
	for next = i; ; {
		k := next
		if next > i {
			k = s.join(next, &g)
		}
		if n, last := s.v.ordinalUnits[s.textAt(k)]; last {
			if h := g; h.rank(n) && h.value() <= 1e9 {
				return int(h.value()), k + 1, true
			}
		}
		if k >= len(s.tokens) || !g.take(k) {
			return 0, i, false
		}
		g.und, next = false, k+1
	}
}

// rank takes the ordinal word at the end of a number.
func (g *group) rank(n int) bool {
	if n == 100 || n == 1000 || n == 1e6 {
		return g.multiply(float64(n))
	}
	return g.count(n)
}

// ordinalDigits reads "3rd", "500000ème" and "1.000.".
func (s *scan) ordinalDigits(i int) (n, next int, ok bool) {
	if n, ok = s.integer(i, 9); !ok || s.tight(i) && (s.class(i-1) != mark || s.is(i-1, ".", ",", "/", ":", "-")) {
		return 0, i, false
	}
	next = i + 1
	for len(s.tokens[i].text) <= 3 && s.is(next, ".", ",") && s.tight(next) && s.tight(next+1) && len(s.textAt(next+1)) == 3 && n < 1e6 {
		more, isInt := s.integer(next+1, 3)
		if !isInt {
			break
		}
		n, next = 1000*n+more, next+2
	}
	if s.is(next, "-") && s.tight(next) && s.tight(next+1) {
		next++ // "25-ste"
	}
	if s.whole && s.v.language == "de" && s.is(next, ".") && s.tight(next) && (next+1 == len(s.tokens) || s.tokens[next+1].gap && s.class(next+1) == word) {
		return n, next + 1, true // "das 3."
	}
	return n, next + 1, s.tight(next) && s.v.ordinalSigns[s.textAt(next)] && !s.tight2(next+1)
}

// ordinalSum reads Spanish ordinals, which are words of their own that grow smaller:
// "centésimo vigésimo quinto".
func (s *scan) ordinalSum(i int) (n, next int, ok bool) {
	size := 10000
	for next = i; s.class(next) == word; next++ {
		v, known := s.v.ordinalUnits[s.tokens[next].text]
		magnitude := 1
		for ; known && v >= 10*magnitude; magnitude *= 10 {
		}
		if !known || v >= size {
			break
		}
		n, size, ok = n+v, magnitude, true
	}
	return n, next, ok
}

// germanOrdinal reads an ordinal without its ending: "fünfundzwanzigst", "dritt".
func germanOrdinal(root string, units map[string]int) (int, bool) {
	if len(root) > 60 {
		return 0, false
	}
	for _, odd := range []struct {
		end string
		n   int
	}{{"erst", 1}, {"dritt", 3}, {"siebent", 7}, {"siebt", 7}, {"acht", 8}} {
		left, ok := strings.CutSuffix(root, odd.end)
		left = strings.TrimSuffix(left, "und")
		switch {
		case !ok:
		case left == "":
			return odd.n, true
		default:
			if n, ok := germanNumber(left, units); ok && n%100 == 0 {
				return n + odd.n, true
			}
		}
	}
	if cardinal, ok := strings.CutSuffix(root, "st"); ok {
		if n, ok := germanNumber(cardinal, units); ok && n >= 20 && (n%100 == 0 || n%100 >= 20) {
			return n, true
		}
		if cardinal == "million" {
			return 1e6, true
		}
	}
	if cardinal, ok := strings.CutSuffix(root, "t"); ok {
		n, ok := germanNumber(cardinal, units)
		return n, ok && n%100 >= 2 && n%100 < 20 && n%100 != 3
	}
	return 0, false
}

// trimSuffix cuts the first of the endings that a word has.
func trimSuffix(w string, endings ...string) (string, bool) {
	for _, end := range endings {
		if root, ok := strings.CutSuffix(w, end); ok && root != "" {
			return root, true
		}
	}
	return w, false
}
