package slots

import (
	"math"
	"strconv"
	"strings"
)

// moneyAt reads an amount: "€12.50", "12 Euro 50", "50 cents", "twenty dollars", "12,-".
func (s *scan) moneyAt(i int) (Slot, int, bool) {
	if !s.wants(Money) {
		return Slot{}, i, false
	}
	at, currency := i, ""
	sign := 1.0
	if s.is(at, "-") && !s.tight(at) || s.is(at, "minus", "menos", "moins") {
		sign, at = -1, at+1
	}
	if c, next, ok := s.currencyAt(at, true); ok {
		currency, at = c, next
		if s.is(at, "-") && s.tight(at) {
			sign, at = -1, at+1
		}
	}
	n, next, ok := s.amount(at)
	if !ok || n.value > 1e12 {
		return Slot{}, i, false
	}
	minor := false
	if currency == "" {
		c, after, ok := s.currencyAt(next, false)
		switch {
		case ok:
			currency, next = c, after
			if cents, after, ok := s.centsAfter(next); ok && n.decimals == 0 {
				n.value, next = n.value+cents, after
			}
		case IsCents(s.textAt(next)):
			minor = true
			next++
			if c, after, ok := s.currencyAt(next, false); ok {
				currency, next = c, after
			}
		case s.whole && !n.article:
			currency = s.Currency
		default:
			return Slot{}, i, false
		}
	}
	if minor {
		n.value /= 100
	}
	if n.article && s.is(i, "a", "un", "una", "une") && s.is(next-1, "pound", "livre", "libra") {
		return Slot{}, i, false // weight and books
	}
	return amountSlot(sign*n.value, currency), next, true
}

func amountSlot(value float64, currency string) Slot {
	value = math.Round(value*1000) / 1000
	digits := 2
	if currency == "JPY" || currency == "CLP" || currency == "HUF" {
		digits = 0
	}
	if value*100 != math.Trunc(value*100) {
		digits = -1
	}
	return Slot{Kind: Money, Value: strings.TrimSpace(strconv.FormatFloat(value, 'f', digits, 64) + " " + currency), Number: value, Currency: currency}
}

// amount reads the number of an amount; "12,-" and "12.--" have no cents.
func (s *scan) amount(i int) (numeral, int, bool) {
	if s.class(i) == figure && !s.is(i-1, "#") {
		next := i + 1
		if s.is(next, "-", ",", ".") && s.tight(next) && !(s.tight(next+1) && s.class(next+1) == figure) {
			k := next
			for k < len(s.tokens) && k < next+3 && s.is(k, "-", ",", ".") && s.tight(k) {
				k++
			}
			if s.is(k-1, "-") {
				n, ok := figures(s.tokens[i].text, s.v.decimal)
				return n, k, ok && !s.tight2(k)
			}
		}
		if _, _, ok := s.currencyAt(next, false); ok && s.tight(next) && s.class(next) == mark {
			n, ok := figures(s.tokens[i].text, s.v.decimal) // "12€50"
			return n, next, ok && !(s.tight(i) && s.class(i-1) == word && CurrencyOf(s.textAt(i-1), s.Currency) == "" || s.tight(i) && s.is(i-1, ".", ",", "'"))
		}
		if s.tight(i) && s.class(i-1) == word && CurrencyOf(s.textAt(i-1), s.Currency) != "" { // "EUR12"
			n, next, ok := s.digitsAt(i)
			return n, next, ok
		}
	}
	return s.cardinal(i)
}

// digitsAt reads digits that stand right after a word.
func (s *scan) digitsAt(i int) (numeral, int, bool) {
	gap := s.tokens[i].gap
	s.tokens[i].gap = true
	n, next, ok := s.cardinal(i)
	s.tokens[i].gap = gap
	return n, next, ok
}

// centsAfter reads the cents that follow a currency: "12 euros 50", "12€50", "twelve pounds fifty".
func (s *scan) centsAfter(i int) (float64, int, bool) {
	at := i
	if s.is(at, "and", "und", "y", "con", "et") {
		at++
	}
	n, ok := s.integer(at, 2)
	if ok = ok && len(s.tokens[at].text) == 2; !ok {
		if c, next, spelled := s.spelled(at); spelled && !c.article && c.decimals == 0 && c.value < 100 && (IsCents(s.textAt(next)) || at == i && s.closes(next) && c.value > 9) {
			if IsCents(s.textAt(next)) {
				next++
			}
			return c.value / 100, next, true
		}
		return 0, i, false
	}
	next := at + 1
	switch {
	case IsCents(s.textAt(next)):
		next++
	case at > i && !s.closes(next), !s.closes(next):
		return 0, i, false
	}
	return float64(n) / 100, next, true
}

// currencyAt reads a currency. Before a number words count less: "pounds 5" is no
// amount, "EUR 5" and "US$ 5" are.
func (s *scan) currencyAt(i int, before bool) (string, int, bool) {
	if i >= len(s.tokens) {
		return "", i, false
	}
	want := s.Currency
	if want == "" {
		want = currencyIn(s.country)
	}
	if s.is(i+1, "$") && s.tight(i+1) {
		switch s.tokens[i].text {
		case "us":
			return "USD", i + 2, true
		case "ca", "c", "can":
			return "CAD", i + 2, true
		case "a", "au":
			return "AUD", i + 2, true
		case "nz":
			return "NZD", i + 2, true
		case "mx":
			return "MXN", i + 2, true
		}
	}
	text := s.tokens[i].text
	c := CurrencyOf(text, want)
	if c == "" || before && s.class(i) == word && len(text) != 3 {
		return "", i, false
	}
	return c, i + 1, true
}

// currencyIn is the currency that a dollar, a peso or a crown is in a country.
func currencyIn(country string) string {
	switch country {
	case "CA":
		return "CAD"
	case "AU":
		return "AUD"
	case "NZ":
		return "NZD"
	case "SG":
		return "SGD"
	case "HK":
		return "HKD"
	case "MX":
		return "MXN"
	case "AR":
		return "ARS"
	case "CL":
		return "CLP"
	case "CO":
		return "COP"
	case "SE":
		return "SEK"
	case "NO":
		return "NOK"
	case "DK":
		return "DKK"
	case "CN":
		return "CNY"
	}
	return ""
}

// CurrencyOf is the ISO 4217 code of the currency that a folded word or sign
// means, "" for none. A dollar, a peso or a crown is want when that is one.
func CurrencyOf(w, want string) string {
	switch w {
	case "€", "euro", "euros":
		return "EUR"
	case "$", "dollar", "dollars", "dolar", "dolares", "bucks":
		return oneOf(want, "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP")
	case "£", "pound", "pounds", "pfund", "libra", "libras", "livre", "livres", "quid":
		return "GBP"
	case "franken", "sfr", "franc", "francs", "franco", "francos":
		return "CHF"
	case "¥", "yen":
		return oneOf(want, "JPY", "CNY")
	case "peso", "pesos":
		return oneOf(want, "MXN", "ARS", "CLP", "COP")
	case "kr", "kronor", "kroner", "krone", "kronen":
		return oneOf(want, "SEK", "NOK", "DKK")
	case "zloty":
		return "PLN"
	case "eur", "usd", "gbp", "chf", "jpy", "cad", "aud", "nzd", "sek", "nok", "dkk", "pln", "czk", "huf", "mxn", "ars", "clp",
		"cop", "brl", "cny", "inr", "sgd", "hkd", "zar", "ils", "aed":
		return strings.ToUpper(w)
	case "try": // also an English verb
		if want == "TRY" {
			return want
		}
	}
	return ""
}

// oneOf is want when it is among the currencies, else the first.
func oneOf(want string, currencies ...string) string {
	for _, c := range currencies {
		if c == want {
			return c
		}
	}
	return currencies[0]
}

// IsCents says whether a folded word means hundredths of some currency.
func IsCents(w string) bool {
	switch w {
	case "cent", "cents", "rappen", "centime", "centimes", "centimo", "centimos", "centavos", "pence", "¢":
		return true
	}
	return false
}
