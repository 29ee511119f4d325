package validate

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/engine/understanding/slots"
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

// interpret reads digits with separators, blanks among them.
func interpret(s, language string) (numeral, bool) {
	decimal := byte(',')
	if language == "en" {
		decimal = '.'
	}
	value, decimals, ok := slots.Digits(strings.ReplaceAll(s, " ", ""), decimal)
	return numeral{value, decimals}, ok
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
