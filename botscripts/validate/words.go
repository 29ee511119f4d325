package validate

import (
	"math"
	"strings"

	"parley/engine/understanding/slots"
)

// longestSpelled is how many words a text may have whose number is written in
// words; in longer ones "one" is seldom a number.
const longestSpelled = 8

// spelled finds the numbers in words. Words that are articles too, and words for
// none, count only when nothing else is said.
func spelled(folded, language string) []numeral {
	said := words(folded)
	if len(said) > longestSpelled {
		return nil
	}
	var found []numeral
	for i := 0; i < len(said); {
		length, value := longestNumber(said[i:], language)
		switch {
		case length == 0:
			i++
			continue
		case length == 1 && len(said) > 1 && isArticle(said[i]):
			i++
			continue
		}
		n := float64(value)
		if i > 0 && (said[i-1] == "minus" || said[i-1] == "menos" || said[i-1] == "moins") {
			n = -n
		}
		found = append(found, numeral{value: n})
		i += length
	}
	return found
}

func longestNumber(said []string, language string) (length, value int) {
	for n := min(longestSpelled, len(said)); n > 0; n-- {
		if value, ok := wordNumber(strings.Join(said[:n], " "), language); ok {
			return n, value
		}
	}
	return 0, 0
}

// isArticle knows the words that mean a number only by themselves.
func isArticle(word string) bool {
	switch word {
	case "ein", "eine", "einen", "einer", "einem", "un", "una", "une", "none", "keine", "keinen", "ninguno", "ninguna", "aucun", "aucune":
		return true
	}
	return false
}

// wordNumber is the whole number that a folded phrase of words says.
func wordNumber(phrase, language string) (int, bool) {
	switch phrase {
	case "none", "keine", "keinen", "ninguno", "ninguna", "aucun", "aucune":
		return 0, true
	case "a", "an":
		return 0, false
	}
	slot, ok := slots.One(slots.Number, phrase, slots.Options{Language: language})
	if !ok || slot.Start > 0 || slot.End < len(phrase) || slot.Number != math.Trunc(slot.Number) || strings.ContainsAny(phrase, "0123456789") {
		return 0, false
	}
	return int(slot.Number), true
}
