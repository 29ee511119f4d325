package i18n

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
)

// MaxNumber is the largest number that is written digit by digit.
const MaxNumber = 1e15

// Number writes a number of at most MaxNumber with so many decimals, or with
// up to three when decimals is negative. The separators are ordinary signs: a
// no-break space would double the price of an SMS.
func Number(language string, n float64, decimals int) string {
	text := ""
	if decimals < 0 {
		text = strconv.FormatFloat(n, 'f', 3, 64)
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	} else {
		text = strconv.FormatFloat(n, 'f', decimals, 64)
	}
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		text = rest
		if strings.Trim(text, "0.") != "" {
			sign = "-"
		}
	}
	whole, fraction, hasFraction := strings.Cut(text, ".")
	group, point := ",", "."
	least := 4 // digits from which on there are groups
	switch base(language) {
	case "de":
		group, point = ".", ","
	case "es":
		group, point, least = ".", ",", 5
	case "fr":
		group, point = " ", ","
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && len(whole) >= least && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if hasFraction {
		b.WriteString(point + fraction)
	}
	return b.String()
}

// currencyPattern is an ISO 4217 code. It is never written.
var currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)

// Money writes an amount with its currency, an ISO 4217 code: "€1,234.50" in
// English, "1.234,50 €" in German. It is false when that is no such code.
func Money(language string, amount float64, currency string) (string, bool) {
	if !currencyPattern.MatchString(currency) {
		return "", false
	}
	number := Number(language, amount, decimalsOf(currency))
	sign := cmp.Or(map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}[currency], currency)
	switch base(language) {
	case "de", "es", "fr":
		return number + " " + sign, true
	}
	if sign == currency {
		sign += " "
	}
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		return "-" + sign + rest, true
	}
	return sign + number, true
}

func decimalsOf(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}
