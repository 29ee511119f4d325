package slots

import (
	"math"
	"strconv"
	"strings"
)

// numeral is a number found in a text.
type numeral struct {
	value    float64
	decimals int  // digits after the decimal sign
	article  bool // only an article: "a", "eine"
	spelled  bool
}

// format writes a number the shortest way.
func format(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (s *scan) numberAt(i int) (Slot, int, bool) {
	if !s.wants(Number) {
		return Slot{}, i, false
	}
	at := i
	sign := 1.0
	if s.is(i, "minus", "menos", "moins", "negative") || s.is(i, "-") && !s.tight(i) && s.tight(i+1) {
		sign, at = -1, i+1
	}
	n, next, ok := s.cardinal(at)
	switch {
	case !ok, n.article && !s.alone(at, next):
		return Slot{}, i, false
	case n.spelled && n.value == 1 && s.pronoun(at, next), n.value == 1000 && s.is(next, "gracias", "merci", "mercis"):
		return Slot{}, i, false
	}
	if n.decimals == 2 && !n.spelled && s.v.language != "en" && s.v.dayCues[s.textAt(i-1)] && s.is(next, ".") {
		return Slot{}, i, false // a day that does not exist: "am 31.11."
	}
	v := sign * n.value
	if v == 0 {
		v = 0 // no minus zero
	}
	return Slot{Kind: Number, Value: format(v), Number: v}, next, true
}

// alone says that a whole answer has nothing but the tokens i … next.
func (s *scan) alone(i, next int) bool {
	if !s.whole {
		return false
	}
	for k, t := range s.tokens {
		if (k < i || k >= next) && t.class != mark && !s.polite(k) {
			return false
		}
	}
	return true
}

// pronoun says that the word for one stands for a thing: "the one", "one of", "no one".
func (s *scan) pronoun(i, next int) bool {
	return s.is(i-1, "the", "this", "that", "which", "no", "any", "every", "each", "some", "another", "other", "right", "wrong", "new", "old", "last", "first",
		"l", "quelqu", "chacun", "cada", "alguno", "ninguno") || !s.whole && s.is(i, "one") && s.class(i-1) == word && !s.is(i-1, "number", "only", "just", "least", "than", "size", "option") && (s.closes(next) && !s.is(next, "night", "morning", "afternoon", "evening", "day") || s.is(next, "as", "be", "showed", "has", "does", "will")) ||
		s.is(next, "of", "d", "des", "de", "another")
}

// cardinal reads a number in digits or in words, and a scale after digits.
func (s *scan) cardinal(i int) (numeral, int, bool) {
	if s.class(i) == figure {
		n, next, ok := s.digits(i)
		if !ok {
			return n, i, false
		}
		if scale := s.v.scales[s.textAt(next)]; scale >= 1000 && s.tokens[next].gap {
			n.value *= scale
			if n.value == math.Trunc(n.value) {
				n.decimals = 0
			}
			next++
		}
		return n, next, true
	}
	return s.spelled(i)
}

func (s *scan) textAt(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return s.tokens[i].text
}

// digits reads a number in digits with its separators.
func (s *scan) digits(i int) (numeral, int, bool) {
	if s.tight(i) && (s.class(i-1) == word || s.class(i-2) == figure && s.tight(i-1) && s.is(i-1, ":", ".", ",", "'") || s.class(i-2) != mark && s.tight(i-1) && s.is(i-1, "/", "-", "_")) || s.is(i-1, "#") {
		return numeral{}, i, false
	}
	var b strings.Builder
	b.WriteString(s.tokens[i].text)
	next := i + 1
	for {
		switch {
		case s.is(next, ".", ",", "'") && s.tight(next) && s.class(next+1) == figure && s.tight(next+1):
			b.WriteString(s.tokens[next].text + s.tokens[next+1].text)
			next += 2
		case s.v.language != "en" && s.class(next) == figure && len(s.tokens[next].text) == 3 && len(s.tokens[i].text) <= 3 && s.blanks(i, next):
			b.WriteString(s.tokens[next].text)
			next++
		default:
			if s.joinedOn(next) || b.Len() > 24 {
				return numeral{}, i, false
			}
			n, ok := figures(b.String(), s.v.decimal)
			return n, next, ok
		}
	}
}

// blanks says that all tokens from i to next are digits with spaces between.
func (s *scan) blanks(i, next int) bool {
	for k := i + 1; k <= next; k++ {
		if s.class(k) != figure || !s.tokens[k].gap {
			return false
		}
	}
	return true
}

// joinedOn says that what follows makes the digits before it a code, not a number.
func (s *scan) joinedOn(next int) bool {
	switch {
	case !s.tight(next):
		return false
	case s.class(next) == word && s.capitals(next):
		return true
	case s.class(next) == word:
		return s.class(next+1) == figure && s.tight(next+1) && !s.v.clockSigns[s.tokens[next].text] || s.is(next+1, "-", "/") && s.tight(next+1) && s.tight(next+2)
	case s.is(next, "-", "/", ":", "_"):
		return s.tight(next+1) && s.class(next+1) != mark
	}
	return false
}

// capitals says that a word of several capital letters stands at once after
// digits and is no unit: "3CD" is a part of a code.
func (s *scan) capitals(i int) bool {
	switch s.tokens[i].text {
	case "kg", "km", "cm", "mm", "ml", "gb", "mb", "tb", "eur", "usd", "gbp", "chf", "am", "pm", "st", "nd", "rd", "th":
		return false
	}
	raw := s.text[s.tokens[i].start:s.tokens[i].end]
	return len(raw) > 1 && strings.ToUpper(raw) == raw
}

// figures is Digits as a numeral.
func figures(text string, decimal byte) (numeral, bool) {
	value, decimals, ok := Digits(text, decimal)
	return numeral{value: value, decimals: decimals}, ok
}

// Digits reads digits with separators, and says how many stand after the decimal
// sign. A lone separator that cannot stand before thousands is a decimal sign in
// every language: people mix them up.
func Digits(text string, decimal byte) (value float64, decimals int, ok bool) {
	text = strings.ReplaceAll(text, "'", "")
	dots, commas := strings.Count(text, "."), strings.Count(text, ",")
	point := -1 // where the decimal sign is
	switch {
	case dots > 0 && commas > 0:
		point = max(strings.LastIndexByte(text, '.'), strings.LastIndexByte(text, ','))
		if strings.Count(text, text[point:point+1]) > 1 {
			return 0, 0, false
		}
	case dots+commas == 1:
		i := strings.IndexAny(text, ".,")
		if text[i] == decimal || len(text)-i-1 != 3 || i > 3 || text[0] == '0' {
			point = i
		}
	}
	whole, fraction := text, ""
	if point >= 0 {
		whole, fraction = text[:point], text[point+1:]
	}
	groups := strings.FieldsFunc(whole, func(c rune) bool { return c == '.' || c == ',' })
	for i, group := range groups {
		if len(groups) > 1 && (i > 0 && len(group) != 3 || i == 0 && len(group) > 3) {
			return 0, 0, false
		}
	}
	digits := strings.Join(groups, "")
	if len(digits)+len(fraction) > 15 {
		return 0, 0, false // more than a float64 can tell apart
	}
	value, err := strconv.ParseFloat(digits+"."+fraction+"0", 64)
	return value, len(fraction), err == nil
}

func (s *scan) ordinalAt(i int) (Slot, int, bool) {
	if !s.wants(Ordinal) {
		return Slot{}, i, false
	}
	n, next, ok := s.ordinal(i)
	if !ok || n == 2 && s.is(i, "second") && s.is(i-1, "a", "one", "per") {
		return Slot{}, i, false
	}
	return Slot{Kind: Ordinal, Value: strconv.Itoa(n), Number: float64(n)}, next, true
}

// ordinal reads "3rd", "3º", "troisième" and "twenty-first".
func (s *scan) ordinal(i int) (n, next int, ok bool) {
	if n, ok := s.integer(i, 4); ok {
		if s.tight(i+1) && s.v.ordinalSigns[s.tokens[i+1].text] && !s.tight2(i+2) {
			return n, i + 2, true
		}
		return 0, i, false
	}
	return s.v.ordinals.at(s.tokens, i)
}

// tight2 says that a word or digits follow at once.
func (s *scan) tight2(i int) bool { return s.tight(i) && s.class(i) != mark }
