package i18n

import (
	"math"
	"slices"
)

func isForm(s string) bool {
	return slices.Contains([]string{"zero", "one", "two", "few", "many", "other"}, s)
}

// Plural is the form that a language uses for a count, by the rules of the
// Unicode CLDR: one, two, few, many or other. Languages that the function does
// not know have one and other, as English has.
func Plural(language string, count float64) string {
	n := math.Abs(count)
	whole := n == math.Trunc(n)
	tens, hundreds := math.Mod(n, 10), math.Mod(n, 100)
	slavic := func(one bool, rest string) string {
		switch {
		case !whole:
			return "other"
		case one:
			return "one"
		case tens >= 2 && tens <= 4 && (hundreds < 12 || hundreds > 14):
			return "few"
		}
		return rest
	}
	switch base(language) {
	case "ja", "zh", "ko", "vi", "th", "id", "ms", "lo", "km", "my":
		return "other"
	case "fr", "pt", "hy":
		if n < 2 {
			return "one"
		}
	case "fa", "hi", "bn", "gu", "kn", "am":
		if n <= 1 {
			return "one"
		}
	case "ru", "uk", "be":
		return slavic(tens == 1 && hundreds != 11, "many")
	case "hr", "sr", "bs":
		return slavic(tens == 1 && hundreds != 11, "other")
	case "pl":
		return slavic(n == 1, "many")
	case "cs", "sk":
		switch {
		case !whole:
			return "many"
		case n == 1:
			return "one"
		case n >= 2 && n <= 4:
			return "few"
		}
	case "ar":
		switch {
		case n == 0:
			return "zero"
		case n == 1:
			return "one"
		case n == 2:
			return "two"
		case whole && hundreds >= 3 && hundreds <= 10:
			return "few"
		case whole && hundreds >= 11:
			return "many"
		}
	default:
		if n == 1 {
			return "one"
		}
	}
	return "other"
}
