package validate

import (
	"regexp"
	"strings"

	"parley/engine/understanding/slots"
)

var (
	// "12 euros 50", "12€50": the cents after the currency.
	centsAfter = regexp.MustCompile(`(\d) ?(€|\$|£|eur|euros?|dollars?|dolares|pounds?|pfund|franken|francs?|livres?|libras?) ?(?:and |und |y |et |con )?(\d\d)(?: ?(?:cents?|rappen|centimes?|centimos?|pence))?($|[^\d.,])`)
	// "12,-"
	noCents = regexp.MustCompile(`(\d)[.,]-+`)
	// "50 cents"
	onlyCents = regexp.MustCompile(`\d ?(?:cents?|rappen|centimes?|centimos?|pence)\b`)
	// What may name a currency.
	currencyName = regexp.MustCompile(`[€$£¥]|[a-z]+`)
)

func money(text string, o Options) (any, Reason, bool) {
	folded := noCents.ReplaceAllString(fold(text), "$1")
	folded = centsAfter.ReplaceAllString(folded, "$1.$3 $2 $4")
	minor := onlyCents.MatchString(folded)
	currency, reason, ok := saidCurrency(folded, o.Currency)
	if !ok {
		return nil, reason, false
	}
	bare := currencyName.ReplaceAllStringFunc(folded, func(word string) string {
		if slots.CurrencyOf(word, o.Currency) != "" || slots.IsCents(word) {
			return " "
		}
		return word
	})
	n, reason, ok := oneNumber(strings.Join(strings.Fields(bare), " "), o.language())
	if !ok {
		return nil, reason, false
	}
	if n.decimals > minorDigits(currency) {
		return nil, Unclear, false
	}
	if minor {
		n.value /= 100
	}
	if n.value < 0 && o.Min == nil {
		return nil, TooSmall, false
	}
	if reason, ok := o.bounded(n.value); !ok {
		return nil, reason, false
	}
	return Amount{Amount: n.value, Currency: currency}, "", true
}

// saidCurrency is the currency that the text names, or the expected one.
func saidCurrency(folded, want string) (string, Reason, bool) {
	said := ""
	for _, word := range currencyName.FindAllString(folded, -1) {
		switch c := slots.CurrencyOf(word, want); {
		case c == "" || c == said:
		case said != "":
			return "", Unclear, false
		default:
			said = c
		}
	}
	switch {
	case said == "":
		return want, "", true
	case want != "" && said != want:
		return "", OtherCurrency, false
	}
	return said, "", true
}

func minorDigits(currency string) int {
	switch currency {
	case "JPY", "CLP", "HUF":
		return 0
	}
	return 2
}
