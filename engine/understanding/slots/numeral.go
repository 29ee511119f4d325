package slots

import (
	"math"
	"strings"
)

// numeral is a number found in a text.
type numeral struct {
	value    float64
	other    float64 // what else it may mean; 0 for nothing
	decimals int     // digits after the decimal sign
	scale    float64 // the scale or dozen that was said last
	article  bool    // only an article: "a", "eine"
	spelled  bool
	share    bool // a part of something: "half", "three quarters"
	percent  bool
	unclear  bool
	ordinal  bool // may be an ordinal instead: "a fifth"
}

// cardinal reads a number in digits or in words, and a scale after digits.
func (s *scan) cardinal(i int) (numeral, int, bool) {
	if s.is(i, ".", ",") && s.leads(i) {
		return s.digits(i + 1)
	}
	if s.class(i) != figure {
		return s.spelled(i)
	}
	n, next, ok := s.digits(i)
	if !ok {
		return n, i, false
	}
	return s.scaled(n, next)
}

// scaled reads the scales, dozens and further words after a number in digits:
// "1.5 million", "3 hundred and one", "10k", "2 mil millones".
func (s *scan) scaled(n numeral, next int) (numeral, int, bool) {
	if n.other > 0 && (s.v.scales[s.textAt(next)] > 0 || s.hasSuffix(next)) {
		n.other = 0 // nobody says "1,234 million" for thousands of them
	}
	if s.v.scales[s.textAt(next)] > 0 && n.scale == 0 {
		g := group{s: s, level: 1, now: n.value, started: true, figures: true, opened: s.opened(next - 1)}
		if after := g.read(next-1, next); after > next {
			return s.fractional(numeral{value: g.value(), decimals: decimalsOf(g.value(), n.decimals), scale: g.last, spelled: true}, after)
		}
		return n, next, true
	}
	scale, ok := s.suffix(next)
	if d := s.v.dozenWords[s.textAt(next)]; !ok && d > 0 && n.scale == 0 {
		scale, ok = d, true
	}
	if !ok {
		return s.metres(n, next)
	}
	n.value *= scale
	n.decimals = decimalsOf(n.value, n.decimals)
	n.scale = scale
	next++
	if s.is(next, ".") && s.tight(next) && len(s.tokens[next-1].text) > 2 && next+1 < len(s.tokens) {
		next++ // "5 Mio. Euro"
	}
	return n, next, true
}

func (s *scan) hasSuffix(i int) bool {
	_, ok := s.suffix(i)
	return ok
}

// metres tells of units that may be scales too: "5m" are metres or millions, and
// "5 l" litres or, in English, lakhs.
func (s *scan) metres(n numeral, next int) (numeral, int, bool) {
	if n.other > 0 || n.value == 0 {
		return n, next, true
	}
	switch {
	case s.is(next, "m") && s.tight(next):
		n.other = n.value * 1e6
	case s.is(next, "l") && s.v.language == "en":
		n.other = n.value * 1e5
	}
	return n, next, true
}

// decimalsOf says how many decimals are left of n when the value may be whole now.
func decimalsOf(value float64, n int) int {
	if value == math.Trunc(value) {
		return 0
	}
	return n
}

// numeral reads a number with its fractions, dozens and per cent: "2 1/2", "two and
// three quarters", "half a dozen", "dos millones y medio", "20 %".
func (s *scan) numeral(i int) (numeral, int, bool) {
	n, next, ok := s.fraction(i)
	if ok {
		if scale, after, ok := s.partOf(next); ok {
			n.value *= scale
			n.share, n.ordinal, n.scale, n.decimals, next = false, false, scale, decimalsOf(n.value*scale, 1), after
		}
	}
	if d := s.dozen(i); d > 0 && !ok && s.class(i) == word { // "dozen and a half"
		n, next, ok = numeral{value: d, scale: d, spelled: true, unclear: strings.HasSuffix(s.tokens[i].text, "s")}, i+1, true
		n, next, _ = s.fractional(n, next)
	}
	if c, after, more := s.cardinal(i); more && (!ok || after > next) {
		n, next, ok = c, after, true
		n, next = s.mixed(n, next)
	}
	if !ok {
		return n, i, false
	}
	if n.spelled && s.class(i) == word && s.v.plurals[s.tokens[i].text] && next == i+1 {
		n.unclear = true // "hundreds"
	}
	if n.value != math.Trunc(n.value) || n.scale == 0 && n.spelled {
		if d := s.dozen(next); d > 0 && !n.share && !n.article && n.scale == 0 {
			n.value, n.scale, next = n.value*d, d, next+1
			if v, after, ok := s.v.andHalf.at(s.tokens, next); ok {
				n.value, next = n.value+v*d, after
			}
			n.decimals = decimalsOf(n.value, n.decimals)
		} else if scale := s.v.scales[s.textAt(next)]; scale >= 1000 && n.decimals > 0 && !n.share {
			n.value, n.scale, next = n.value*scale, scale, next+1
			n.decimals = decimalsOf(n.value, n.decimals)
		}
	}
	if after, ok := s.perCent(next); ok {
		n.percent, n.article, next = true, false, after
	}
	return n, next, true
}

// dozen is how many a word such as "dozen" counts.
func (s *scan) dozen(i int) float64 { return s.v.dozenWords[s.textAt(i)] }

// perCent passes "%" and "per cent".
func (s *scan) perCent(i int) (int, bool) {
	if s.is(i, "%") {
		return i + 1, true
	}
	_, next, ok := s.v.percents.at(s.tokens, i)
	return next, ok
}

// mixed reads the fraction after a whole number: "2 1/2", "2½", "two and three quarters".
func (s *scan) mixed(n numeral, next int) (numeral, int) {
	if n.decimals > 0 || n.value != math.Trunc(n.value) || n.scale > 0 || n.other > 0 {
		return n, next
	}
	at, and := next, false
	if s.is(at, s.v.and) || s.v.language != "en" && s.is(at, "und", "y", "et", "con") || s.is(at, "&") {
		at, and = at+1, true
	}
	if s.is(at, "-") && s.tight(at) && s.tight(at+1) && !and {
		at++ // "2-1/2"
	}
	f, after, ok := s.glyph(at)
	if !ok && s.class(at) == figure && (s.tokens[at].gap || at > next) && !n.article {
		f, after, ok = s.slashed(at)
	}
	if v, half, isHalf := s.v.andHalf.at(s.tokens, next); !ok && isHalf && !n.article {
		f, after, ok = numeral{value: v}, half, true
	}
	if !ok && and && !n.article {
		f, after, ok = s.fraction(at)
		ok = ok && f.share && f.value < 1
	}
	if !ok || f.value >= 1 {
		return n, next
	}
	n.value, n.decimals, n.spelled = n.value+f.value, 1, n.spelled || and
	return n, after
}

// glyph reads "½".
func (s *scan) glyph(i int) (numeral, int, bool) {
	if i >= len(s.tokens) || s.class(i) != mark {
		return numeral{}, i, false
	}
	v, ok := glyphs[s.text[s.tokens[i].start:s.tokens[i].end]]
	return numeral{value: v, decimals: 1}, i + 1, ok && !s.tight2(i+1)
}

var glyphs = map[string]float64{
	"½": 1. / 2, "⅓": 1. / 3, "⅔": 2. / 3, "¼": 1. / 4, "¾": 3. / 4, "⅕": 1. / 5, "⅖": 2. / 5, "⅗": 3. / 5, "⅘": 4. / 5,
	"⅙": 1. / 6, "⅚": 5. / 6, "⅐": 1. / 7, "⅛": 1. / 8, "⅜": 3. / 8, "⅝": 5. / 8, "⅞": 7. / 8, "⅑": 1. / 9, "⅒": 1. / 10,
}

// slashed reads "3/4", but no "24/7" and no date.
func (s *scan) slashed(i int) (numeral, int, bool) {
	over, ok1 := s.integer(i, 3)
	under, ok2 := s.integer(i+2, 4)
	if !ok1 || !ok2 || !s.is(i+1, "/", "⁄") || !s.tight(i+1) || !s.tight(i+2) || over >= under || over == 0 ||
		s.tokens[i].text[0] == '0' || s.tokens[i+2].text[0] == '0' ||
		s.tight(i) && (s.class(i-1) != mark || s.is(i-1, "/", ".", ",", "-", ":")) || s.tight(i+3) && (s.class(i+3) != mark || s.is(i+3, "/", "-", ":") || s.tight2(i+4)) {
		return numeral{}, i, false
	}
	return numeral{value: float64(over) / float64(under), decimals: 1}, i + 3, true
}

// fraction reads a share of something: "half", "a quarter", "three quarters", "2/3", "¾".
func (s *scan) fraction(i int) (numeral, int, bool) {
	if n, next, ok := s.glyph(i); ok {
		return n, next, true
	}
	if n, next, ok := s.slashed(i); ok {
		n.share = s.is(next, "of", "de", "der", "des", "von")
		return n, next, ok
	}
	if v, next, ok := s.v.shareWords.at(s.tokens, i); ok {
		return numeral{value: v, decimals: 1, share: true, spelled: true}, next, true
	}
	over, at, ok := numeral{}, i, false
	if n, isInt := s.integer(i, 2); isInt && n > 0 && !s.tight(i) {
		over, at, ok = numeral{value: float64(n)}, i+1, true
	} else {
		over, at, ok = s.denominated(i)
	}
	if !ok || over.decimals > 0 || over.value < 1 || over.value > 999 {
		return numeral{}, i, false
	}
	if s.is(at, "-") && s.tight(at) && s.tight(at+1) {
		at++
	}
	under, next, ok := s.denominator(at, over.value > 1)
	if !ok || over.value >= float64(under) {
		return numeral{}, i, false
	}
	return numeral{value: over.value / float64(under), decimals: 1, share: true, spelled: true, ordinal: over.article}, next, true
}

// denominated reads the number before a denominator, "fifty-four" of "fifty-four
// hundredths"; articles count.
func (s *scan) denominated(i int) (numeral, int, bool) {
	if s.class(i) != word {
		return numeral{}, i, false
	}
	if s.v.articles[s.tokens[i].text] {
		return numeral{value: 1, article: true}, i + 1, true
	}
	g := group{s: s, level: 1000}
	next := g.read(i, i)
	return numeral{value: g.value()}, next, next > i
}

// denominator reads "quarters", "fifths", "drittel", "centésimas".
func (s *scan) denominator(i int, many bool) (int, int, bool) {
	text := s.textAt(i)
	if n, ok := s.v.denominators[text]; ok && s.class(i) == word {
		return n, i + 1, true
	}
	if s.v.language == "de" {
		root, ok := trimSuffix(text, "teln", "tel")
		if !ok {
			return 0, i, false
		}
		if root[len(root)-1] == 's' {
			root = root[:len(root)-1]
		}
		n, ok := germanOrdinal(root+"t", s.v.units)
		return n, i + 1, ok && n > 2
	}
	if many {
		root, ok := trimSuffix(text, "s")
		if !ok || s.v.language == "es" {
			return 0, i, false
		}
		text = root
	} else if s.v.language == "es" {
		return 0, i, false
	}
	n, ok := s.v.ordinalUnits[text]
	return n, i + 1, ok && n > 2 && s.class(i) == word && s.v.language != "fr" || ok && n > 3 && s.class(i) == word
}

// partOf reads what a fraction multiplies: "a million" of "half a million", "dozen".
func (s *scan) partOf(i int) (float64, int, bool) {
	if s.is(i, "-") && s.tight(i) {
		i++
	}
	for range 3 {
		if s.is(i, "of", "a", "de", "d", "einer", "eines", "eine", "un", "une", "'") {
			i++
		}
	}
	if d := s.dozen(i); d > 0 {
		return d, i + 1, true
	}
	scale := s.v.scales[s.textAt(i)]
	return scale, i + 1, scale >= 100
}
