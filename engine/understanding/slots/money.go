package slots

import (
	"math"
	"strconv"
	"strings"
)

// moneyAt reads an amount: "€12.50", "12 Euro 50", "50 cents", "twenty dollars", "12,-".
// In a whole answer a number without a currency is one too.
func (s *scan) moneyAt(i int) (Slot, int, bool) {
	if !s.wants(Money) {
		return Slot{}, i, false
	}
	at, sign := s.sign1(i)
	before, next, said := s.currencyAt(at, true)
	if said {
		at = next
		if s.is(at, "-") && (s.tight(at) || s.tight(at+1)) {
			sign, at = -1, at+1
		}
	}
	n, next, ok := s.amount(at, said)
	if !ok || n.percent || n.value > 1e15 {
		return Slot{}, i, false
	}
	slot := Slot{Kind: Money}
	slot.scaled, slot.refused = n.scale, n.unclear || n.share && n.value < 1 && !s.whole
	currencies := before
	link := next
	if n.scale >= 1000 && s.is(next, "de", "d", "of", "in") { // "75 millions de dollars", "d'euros"
		link++
		if s.is(link, "'") {
			link++
		}
	}
	minor := ""
	after, end, follows := s.currencyAt(link, false)
	switch {
	case follows && said:
		if currencies = shared(before, after); currencies == nil {
			slot.refused = true
		}
		next = end
	case follows:
		currencies, next = after, end
		if scale := s.v.scales[s.textAt(next)]; scale >= 1000 && n.scale == 0 { // "75 USD millones"
			n.value, n.scale, next = n.value*scale, scale, next+1
		} else if cents, after, ok := s.centsAfter(next); ok && n.decimals == 0 && !(s.opened(i) && s.class(next) == word) {
			n.value, n.decimals, next = n.value+cents, 2, after
		}
	case said:
	case s.isMinor(next):
		minor = s.textAt(next)
		slot.refused = slot.refused || n.value < 1 && !n.spelled // ".99 cents"
		n.value, n.other = n.value/100, 0
		currencies = []string{centsOf(minor, s.Currency)}
		next++
		if c, end, ok := s.currencyAt(next, false); ok {
			currencies, next = c, end
		}
	default:
		slot.bare, currencies = true, []string{s.Currency}
	}
	switch {
	case n.article && (slot.bare || s.class(link) == mark), slot.bare && !s.whole && !said:
		return Slot{}, i, false
	case n.article && s.is(i, "a", "un", "una", "une", "ein") && s.is(next-1, "pound", "livre", "libra", "pfund", "real", "colon", "corona", "couronne", "rand", "sol"):
		return Slot{}, i, false // weight, books and other things
	case !s.whole && s.is(next-1, "livre", "livres", "libra", "libras", "pfund"), s.is(next-1, "pounds", "livres", "libras", "pfund") && s.is(next, "of", "de", "d"):
		slot.refused = true // weight and books
	}
	slot.refused = slot.refused || s.whole && s.weighed(next)
	if list := s.dollarOf(next, currencies); list != nil {
		currencies, next = list, next+1
	}
	slot.Number, slot.other = sign*n.value, sign*n.other
	slot.Currency = currencies0(currencies)
	if len(currencies) > 1 {
		slot.currencies = strings.Join(currencies[1:], " ")
	}
	if n.decimals > 2 && n.other == 0 && n.scale == 0 && MinorDigits(slot.Currency) < n.decimals {
		slot.refused = true
	}
	return amountSlot(slot), next, true
}

// dollarOf is the dollar of the country that token i names behind the sign: "20 $ CA", "$20 US".
func (s *scan) dollarOf(i int, currencies []string) []string {
	if s.class(i) != word || !s.is(i-1, "$") && !s.is(i-2, "$") || len(currencies) == 0 {
		return nil
	}
	raw := s.text[s.tokens[i].start:s.tokens[i].end]
	if len(raw) < 2 || raw != strings.ToUpper(raw) && !(raw == "can" && s.v.language == "fr") {
		return nil
	}
	return candidates(s.tokens[i].text+"$", "", "")
}

// weighed says that an amount is the price of a measure of something: "3€/kg".
func (s *scan) weighed(i int) bool {
	return s.is(i, "/", "per", "pro", "por", "par", "je", "a", "the", "el", "le", "der", "das", "al", "au", "l") && weights[s.textAt(i+1)] ||
		s.is(i, "l") && s.is(i+1, "'") && weights[s.textAt(i+2)]
}

// weights are measures that things are sold by.
var weights = setOf("kg kilo kilos kilogramm kilogram kilogramo kilogramme g gr gram gramm gramo gramme lb lbs pound pfund oz ounce liter litre litro l ml m m2 qm sqm meter metre metro quadratmeter")

func currencies0(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// shared are the currencies of both lists; a dollar beside CAD is Canadian.
func shared(a, b []string) []string {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return []string{x}
			}
		}
	}
	return nil
}

// amountSlot completes a slot with the value of its number and currency.
func amountSlot(slot Slot) Slot {
	slot.Number = math.Round(slot.Number*1000) / 1000
	if slot.Number == 0 {
		slot.Number = 0
	}
	digits := min(2, MinorDigits(slot.Currency))
	if shift := math.Pow10(digits); math.Abs(slot.Number*shift-math.Round(slot.Number*shift)) > 1e-6 {
		digits = -1
	}
	slot.Value = strings.TrimSpace(strconv.FormatFloat(slot.Number, 'f', digits, 64) + " " + slot.Currency)
	return slot
}

// isMinor says that token i names cents: "35 c" too, where nothing else follows.
func (s *scan) isMinor(i int) bool {
	return isCents(s.textAt(i)) || s.is(i, "c", "p") && (s.tight(i) || s.whole) && s.v.language == "en" && s.ends(i+1)
}

// amount reads the number of an amount; "12,-" and "12.--" have no cents. said tells that
// its currency stands before it.
func (s *scan) amount(i int, said bool) (numeral, int, bool) {
	if s.class(i) == figure && !s.is(i-1, "#") {
		next := i + 1
		if s.is(next, "-", ",", ".") && s.tight(next) && !(s.tight(next+1) && s.class(next+1) == figure) {
			k := next
			for k < len(s.tokens) && k < next+3 && s.is(k, "-", ",", ".") && s.tight(k) {
				k++
			}
			if s.is(k-1, "-") && k > next+1 {
				n, ok := s.figures(s.tokens[i].text)
				return n, k, ok && !s.tight2(k)
			}
		}
		if _, _, ok := s.currencyAt(next, false); ok && s.tight(next) && s.class(next) == mark {
			n, ok := s.figures(s.tokens[i].text) // "12€50"
			return n, next, ok && !(s.tight(i) && s.class(i-1) == word && !said || s.tight(i) && s.is(i-1, ".", ",", "'"))
		}
		if said && s.tight(i) && s.class(i-1) == word { // "EUR12"
			gap := s.tokens[i].gap
			s.tokens[i].gap = true
			n, next, ok := s.money(i)
			s.tokens[i].gap = gap
			return n, next, ok
		}
	}
	return s.money(i)
}

// money is a numeral with the scales that only amounts have: "a grand", "$5m", "$2B".
func (s *scan) money(i int) (numeral, int, bool) {
	if s.is(i, "a", "one") && s.is(i+1, "grand") && s.v.language == "en" {
		return numeral{value: 1000, scale: 1000, spelled: true}, i + 2, true
	}
	n, next, ok := s.numeral(i)
	switch {
	case !ok:
		if s.class(i) == figure && (s.is(i+1, "b", "bn", "t") || s.is(i+1, ".") && s.is(i+3, "b", "t")) && s.tight(i+1) { // "$2B", "$1.5B"
			return s.billions(i)
		}
	case s.is(next, "grand") && s.v.language == "en" && n.scale == 0:
		n.value, n.scale, next = n.value*1000, 1000, next+1
	case s.is(next, "m") && s.tight(next) && n.scale == 0 && !n.spelled:
		n.value, n.other, n.scale, n.decimals, next = n.value*1e6, 0, 1e6, 0, next+1
	default:
		if n.scale == 0 {
			n.other = cleared(n)
		}
	}
	return n, next, ok
}

// cleared drops what a unit beside the number may mean, but not its separators.
func cleared(n numeral) float64 {
	if n.decimals == 3 {
		return n.other
	}
	return 0
}

func (s *scan) billions(i int) (numeral, int, bool) {
	text, next := s.tokens[i].text, i+1
	if s.is(next, ".") {
		text, next = text+"."+s.textAt(next+1), next+2
	}
	n, ok := figures(text, '.')
	if n.value *= 1e9; s.is(next, "t") {
		n.value *= 1000
	}
	return numeral{value: n.value, scale: 1e9}, next + 1, ok && !s.tight2(next+1) && s.v.language == "en"
}

// centsAfter reads the cents that follow a currency: "12 euros 50", "12€50", "twelve pounds fifty".
func (s *scan) centsAfter(i int) (float64, int, bool) {
	at := i
	if s.is(at, "and", "und", "y", "con", "et", "&", ",") {
		at++
	}
	n, ok := s.integer(at, 2)
	if ok && len(s.tokens[at].text) == 1 && s.isMinor(at+1) {
		return float64(n) / 100, at + 2, true
	}
	if ok = ok && len(s.tokens[at].text) == 2; !ok {
		if c, next, spelled := s.spelled(at); spelled && !c.article && c.decimals == 0 && c.scale == 0 && c.value < 100 && (s.isMinor(next) || s.ends(next) && c.value > 9) {
			if s.isMinor(next) {
				next++
			}
			return c.value / 100, next, true
		}
		return 0, i, false
	}
	next := at + 1
	switch {
	case s.isMinor(next):
		next++
	case s.is(at-1, ",") && at > i, !s.ends(next):
		return 0, i, false
	}
	return float64(n) / 100, next, true
}

// currencyAt reads a currency. Before a number words count less: "pounds 5" is no
// amount, "EUR 5" and "US$ 5" are.
func (s *scan) currencyAt(i int, before bool) ([]string, int, bool) {
	if i < 0 || i >= len(s.tokens) {
		return nil, i, false
	}
	want := s.Currency
	if want == "" {
		want = currencyIn(s.country)
	}
	text, next := s.tokens[i].text, i+1
	raw := s.text[s.tokens[i].start:s.tokens[i].end]
	if s.class(i) == word {
		dollar := i + 1
		if s.is(i, "u") && s.is(i+1, ".") && s.is(i+2, "s") { // "U.S. $"
			text, raw = "us", "US"
			if dollar = i + 3; s.is(dollar, ".") {
				dollar++
			}
		}
		if s.is(dollar, "$") && (!s.tokens[dollar].gap || len(text) == 3 || text == "c" || raw == "US" || raw == "CA") {
			if list := candidates(text+"$", "", want); list != nil {
				return list, dollar + 1, true
			}
			if len(text) == 3 && codes[strings.ToUpper(text)] {
				return []string{strings.ToUpper(text)}, dollar + 1, true
			}
			if s.tight(dollar) {
				return nil, i, false // a dollar that nobody knows
			}
		}
	}
	if !before && s.class(i) == word { // "5 US dollars", "20 schwedische Kronen"
		code, of := currencyOfPeople(text), next
		switch {
		case text == "us":
			if code = "USD"; s.is(of, "-") && s.tight(of) {
				of++
			}
		case text == "new" && s.is(of, "zealand"), text == "hong" && s.is(of, "kong"):
			code, of = map[string]string{"new": "NZD", "hong": "HKD"}[text], of+1
		}
		if list := candidates(s.textAt(of), "", code); code != "" && len(list) == 1 && list[0] == code {
			return list, of + 1, true
		}
	}
	if !before && s.tokens[i].gap && s.class(next) == figure && s.tight(next) {
		return nil, i, false // "3 USD50 cards"
	}
	list := candidates(text, raw, want)
	if list == nil || before && s.class(i) == word && !codes[strings.ToUpper(text)] && text != "rs" && text != "kr" && text != "sfr" && text != "rp" && text != "rm" && !(text == "fr" && s.asked == Money) {
		return nil, i, false
	}
	if s.is(next, "sterling") {
		next++
	}
	if !before && s.class(next) == word && (s.v.language == "es" || s.v.language == "fr") {
		code := currencyOfPeople(s.tokens[next].text)
		if code != "" && len(candidates(text, raw, code)) == 1 && candidates(text, raw, code)[0] == code {
			return []string{code}, next + 1, true // "dólares canadienses"
		}
		if foreign(s.tokens[next].text) {
			return nil, i, false
		}
	}
	if s.is(next, ".") && s.tight(next) && (text == "rs" || text == "fr" || text == "sfr" || text == "rp" || text == "kr") && s.class(next+1) == figure {
		next++
	} else if before && s.class(i) == word && raw != strings.ToUpper(raw) && !plainCodes[text] && s.class(next) != figure {
		return nil, i, false
	}
	return list, next, true
}

// currencyOf is the ISO 4217 code of the currency that a folded word or sign means, ""
// for none. A dollar, a peso or a crown is want when that is one.
func currencyOf(w, want string) string {
	return currencies0(candidates(w, strings.ToUpper(w), want))
}

// plainAmount says that a number without a currency may be an amount: nothing is said
// after it, or words that say no more about it. "12 doubloons" is not 12 of the brand's
// currency.
func (s *scan) plainAmount(slot Slot) bool {
	i := slot.from - 1
	if s.is(i, "order", "bestellung", "auftrag", "pedido", "orden", "commande", "invoice", "factura", "facture", "ticket") && i == 0 {
		return false // its number
	}
	if i >= 0 && s.class(i) == word {
		raw := s.text[s.tokens[i].start:s.tokens[i].end]
		if len(raw) > 1 && len(raw) < 6 && strings.ToUpper(raw) == raw && strings.ToLower(raw) != raw { // "MAUD 60"
			return false
		}
	}
	if s.v.language == "en" && s.is(slot.to, "c", "p") || s.place(slot) || s.timely(slot.to) || slot.percent {
		return false
	}
	return s.ends(slot.to) || s.v.amountTails[s.textAt(slot.to)]
}

// ends says that a number is not said more closely by what follows it.
func (s *scan) ends(i int) bool {
	if s.class(i) == mark && i < len(s.tokens) {
		return !s.is(i, "%", "‰", "^", "*", "°") && !isCurrencySign(s.tokens[i].text) && !(s.tight(i) && s.class(i+1) == figure && s.tight(i+1))
	}
	return s.closes(i) || s.is(i, "s") && s.is(i+2, "il") // "s'il vous plaît"
}

// amounts are the meanings of a whole answer to a question for money. Numbers without a
// currency count only when there is none with one, and spoil it when they belong to it:
// "50 or 60 euros".
func (s *scan) amounts() (values []Slot) {
	said := false
	for _, slot := range s.found {
		said = said || slot.Kind == Money && !slot.bare
	}
	for i, slot := range s.found {
		switch {
		case slot.Kind != Money, slot.bare && s.named(slot.from):
		case said && slot.bare:
			if i > 0 && s.belongs(s.found[i-1], slot) || i+1 < len(s.found) && s.belongs(slot, s.found[i+1]) {
				return nil
			}
		case slot.refused:
			return nil
		default:
			values = appendMeanings(values, slot)
			for _, code := range strings.Fields(slot.currencies) {
				other := slot
				other.Currency = code
				values = appendMeanings(values, amountSlot(other))
			}
		}
	}
	if !said && (s.leftover() || s.currencyLeft()) {
		return nil
	}
	return values
}

// currencyLeft says that a currency was said that belongs to no amount: "u$s 20".
func (s *scan) currencyLeft() bool {
	for i, t := range s.tokens {
		if s.is(i, "fiver", "fivers", "tenner", "tenners") {
			return true
		}
		if !s.withinNumber(i) && (isCurrencySign(t.text) || t.class == word && len(t.text) > 3 && isCurrencyWord(t.text)) && t.text != "real" && t.text != "sterling" {
			return true
		}
	}
	return false
}

// corrects says that what follows token i takes the place of what was said before it.
func (s *scan) corrects(i int) bool {
	return s.is(i, "no", "nope", "nein", "nee", "ne", "non", "nan", "wait", "sorry", "rather", "besser", "lieber", "mejor", "perdon", "plutot", "pardon", "euh", "ah", "oh", "quatsch", "moment", "digo", "ach", "doch")
}

// belongs says that only connectives stand between two numbers.
func (s *scan) belongs(a, b Slot) bool {
	if a.Kind != Money || b.Kind != Money || a.bare == b.bare {
		return false
	}
	for i := a.to; i < b.from; i++ {
		_, _, between := s.v.betweenNumbers.at(s.tokens, i)
		if s.class(i) == word && (s.corrects(i) || a.bare && s.is(i, "for", "fur", "pour", "por", "at", "zu", "je")) {
			continue // "20 euros, no, 30", "2 for 10 euros"
		}
		if s.class(i) == word && s.v.eachOf[s.tokens[i].text] { // "20 euros each, we are 3"
			return true
		}
		if s.class(i) == word && !between && !s.is(i, "a", "about", "the", "etwa", "circa", "unos", "environ") || s.is(i, ".", ";", "?", "!") && s.class(i) == mark {
			return false
		}
	}
	return true
}
