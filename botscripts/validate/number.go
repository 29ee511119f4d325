package validate

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// numeral is a number found in a text.
type numeral struct {
	value    float64
	decimals int // digits after the decimal sign
}

func number(kind Kind, text string, o Options) (any, Reason, bool) {
	n, reason, ok := oneNumber(fold(text), o.language())
	if !ok {
		return nil, reason, false
	}
	if kind == Integer && n.value != math.Trunc(n.value) {
		return nil, NotWhole, false
	}
	if reason, ok := o.bounded(n.value); !ok {
		return nil, reason, false
	}
	return n.value, "", true
}

// oneNumber finds the only number in a folded text, in digits or in words.
func oneNumber(folded, language string) (numeral, Reason, bool) {
	found, ok := numerals(folded, language)
	if !ok {
		return numeral{}, NotUnderstood, false
	}
	if len(found) == 0 {
		found = spelled(folded, language)
	}
	switch len(found) {
	case 0:
		return numeral{}, NotUnderstood, false
	case 1:
		return found[0], "", true
	}
	return numeral{}, Unclear, false
}

// numerals finds the numbers in digits. ok is false when there is something of
// digits that is no number, a date or a reference.
func numerals(text, language string) (found []numeral, ok bool) {
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		end := numeralEnd(text, i, language)
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if unicode.IsLetter(before) || mixed(text[end:]) {
			return nil, false
		}
		n, ok := interpret(text[i:end], language)
		if !ok {
			return nil, false
		}
		if negative(text[:i]) {
			n.value = -n.value
		}
		found = append(found, n)
		i = end
	}
	return found, true
}

// numeralEnd is where the run of digits and separators that begins at i ends.
func numeralEnd(text string, i int, language string) int {
	start, spaced := i, language != "en"
	for i < len(text) {
		switch c := text[i]; {
		case isDigit(c):
			i++
		case (c == '.' || c == ',' || c == '\'') && i+1 < len(text) && isDigit(text[i+1]):
			spaced = spaced && c == '\'' // no groups by blanks after a decimal sign
			i++
		case c == ' ' && spaced && i-start <= 3 && thousands(text[i+1:]):
			i += 4
			for i < len(text) && text[i] == ' ' && thousands(text[i+1:]) {
				i += 4
			}
			start = -4 // the first group may be short, later ones not
		default:
			return i
		}
	}
	return i
}

// thousands says whether s begins with exactly three digits.
func thousands(s string) bool {
	return len(s) >= 3 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2]) && (len(s) == 3 || !isDigit(s[3]))
}

// mixed says whether letters and then digits follow at once: "1e5", "12ab3".
func mixed(rest string) bool {
	for i, c := range rest {
		if !unicode.IsLetter(c) {
			return i > 0 && c >= '0' && c <= '9'
		}
	}
	return false
}

func negative(before string) bool {
	if strings.HasSuffix(before, "-") {
		c, _ := utf8.DecodeLastRuneInString(before[:len(before)-1])
		return c == utf8.RuneError || c == ' ' || c == '('
	}
	said := words(before)
	if len(said) == 0 || !strings.HasSuffix(before, " ") {
		return false
	}
	switch said[len(said)-1] {
	case "minus", "menos", "moins", "negative":
		return true
	}
	return false
}

// interpret reads digits with separators. A lone separator that cannot stand
// before thousands is a decimal sign in every language: people mix them up.
func interpret(s, language string) (numeral, bool) {
	s = strings.NewReplacer("'", "", " ", "").Replace(s)
	decimal := byte(',')
	if language == "en" {
		decimal = '.'
	}
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	point := -1 // where the decimal sign is
	switch {
	case dots > 0 && commas > 0:
		point = max(strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ','))
		if strings.Count(s, s[point:point+1]) > 1 {
			return numeral{}, false
		}
	case dots+commas == 1:
		i := strings.IndexAny(s, ".,")
		if s[i] == decimal || len(s)-i-1 != 3 || i > 3 || s[0] == '0' {
			point = i
		}
	}
	whole, fraction := s, ""
	if point >= 0 {
		whole, fraction = s[:point], s[point+1:]
	}
	groups := strings.FieldsFunc(whole, func(c rune) bool { return c == '.' || c == ',' })
	for i, group := range groups {
		if len(groups) > 1 && (i > 0 && len(group) != 3 || i == 0 && len(group) > 3) {
			return numeral{}, false
		}
	}
	digits := strings.Join(groups, "")
	if len(digits)+len(fraction) > 15 {
		return numeral{}, false // more than a float64 can tell apart
	}
	value, err := strconv.ParseFloat(digits+"."+fraction+"0", 64)
	return numeral{value, len(fraction)}, err == nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
