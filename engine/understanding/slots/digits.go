package slots

import (
	"strconv"
	"strings"
)

// digits reads a number in digits with its separators.
func (s *scan) digits(i int) (numeral, int, bool) {
	if s.tight(i) && (s.class(i-1) == word && !s.times(i-1) || s.class(i-2) == figure && s.tight(i-1) && s.is(i-1, ":", ".", ",", "'") || s.class(i-2) != mark && s.tight(i-1) && s.is(i-1, "/", "-", "_")) || s.is(i-1, "#", "№") {
		return numeral{}, i, false
	}
	if text := s.tokens[i].text; len(text) > 2 && text[0] == '0' {
		return numeral{}, i, false // "007"
	}
	var b strings.Builder
	if s.tight(i) && s.is(i-1, ".", ",") && s.leads(i-1) {
		b.WriteByte('0')
		b.WriteString(s.tokens[i-1].text)
	}
	b.WriteString(s.tokens[i].text)
	next, blanks := i+1, 0
	for {
		switch {
		case (s.is(next, ".", ",") || s.is(next, "'") && len(s.textAt(next+1)) == 3) && s.tight(next) && s.class(next+1) == figure && s.tight(next+1):
			b.WriteString(s.tokens[next].text + s.tokens[next+1].text)
			next += 2
		case s.class(next) == figure && len(s.tokens[next].text) == 3 && len(s.tokens[i].text) <= 3 && s.tokens[i].text[0] != '0' && next == i+1+blanks && s.blanks(i, next) && s.grouped(i, next):
			b.WriteString(s.tokens[next].text)
			next++
			blanks++
		default:
			if s.joinedOn(next) || b.Len() > 24 {
				return numeral{}, i, false
			}
			n, ok := s.figures(b.String())
			return n, next, ok
		}
	}
}

// times says that token i is the "x" of an answer "x4", which is no name.
func (s *scan) times(i int) bool { return s.is(i, "x") && !s.tight(i) && s.alone(i, i+2) }

// leads says that the point or comma at token i begins a number: ".5".
func (s *scan) leads(i int) bool {
	if !s.is(i, ".") && s.v.decimal == '.' || s.class(i+1) != figure || !s.tight(i+1) {
		return false
	}
	return !s.tight(i) || s.is(i-1, "-", "+", "(", "~", "=") || currencyOf(s.textAt(i-1), "") != "" && s.class(i-1) == mark
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

// grouped says that the blank before token k groups thousands. In English a plain
// blank does only when the next group could not be a number of its own.
func (s *scan) grouped(i, k int) bool {
	if s.v.language != "en" || k > i+1 {
		return true
	}
	between := s.text[s.tokens[k-1].end:s.tokens[k].start]
	return between != " " || s.tokens[k].text[0] == '0' || s.class(k+1) == figure && len(s.tokens[k+1].text) == 3 && s.tokens[k+1].gap
}

// joinedOn says that what follows makes the digits before it a code, an ordinal or a
// formula, not a number.
func (s *scan) joinedOn(next int) bool {
	if !s.tight(next) {
		return false
	}
	switch s.class(next) {
	case word:
		return !s.unitAt(next) || s.class(next+1) == figure && s.tight(next+1) && !s.v.clockSigns[s.tokens[next].text] && !isCurrencyWord(s.tokens[next].text) || s.is(next+1, "-", "/") && s.tight(next+1) && s.tight2(next+2)
	case mark:
		switch s.tokens[next].text {
		case "/":
			return s.tight2(next+1) && (s.class(next+1) == figure || s.tokens[next+1].end-s.tokens[next+1].start < 3) // not "$5/month"
		case "-", ":", "_", "'":
			return s.tight2(next + 1)
		case "^", "*", "×", "·", "÷", "=", "\\", "|", "@", "#", "²", "³", "º", "ª", "2", "3":
			return true
		}
	}
	return false
}

// unitAt says that a word may stand at once after digits: a unit, a scale, a currency
// or a word somebody forgot the blank before. The rest are codes and ordinals: "3B".
func (s *scan) unitAt(i int) bool {
	text := s.tokens[i].text
	raw := s.text[s.tokens[i].start:s.tokens[i].end]
	if s.v.ordinalSigns[text] || len(raw) == 1 && raw >= "A" && raw <= "Z" && !strings.Contains("KMLWVCF", raw) {
		return false // "5G"
	}
	if _, ok := s.suffix(i); ok || units[text] || s.v.scales[text] > 0 || s.v.dozenWords[text] > 0 || isCurrencyWord(text) || codes[strings.ToUpper(text)] || isCents(text) {
		return true
	}
	if s.v.lengths[text].n > 0 || s.v.clockSigns[text] {
		return true
	}
	return len(raw) >= 4 && strings.ToUpper(raw) != raw
}

// units are what numbers are written together with.
var units = setOf("kg g mg t lb lbs oz km m cm mm mi ft yd in l ml cl dl gal gb mb tb kb w kw kwh v ah mah hz mhz ghz h hr hrs min mins s sec secs d x pc pcs st stk stck p pers ppl pax px pp c f k am pm")

// suffix is the scale that letters right after digits stand for: "10k", "3M", "5 Mio".
func (s *scan) suffix(i int) (scale float64, ok bool) {
	if s.class(i) != word {
		return 0, false
	}
	raw := s.text[s.tokens[i].start:s.tokens[i].end]
	switch raw {
	case "k", "K":
		return 1e3, true
	case "M", "MM":
		return 1e6, true
	}
	scale, ok = s.v.suffixes[s.tokens[i].text]
	return scale, ok
}

// figures reads digits with separators in the language and country of the text.
func (s *scan) figures(text string) (numeral, bool) {
	decimal := s.v.decimal
	if s.v.language == "es" && pointCountries[s.country] {
		decimal = '.'
	}
	n, ok := figures(text, decimal)
	if s.v.language == "en" && !ok {
		n, ok = indian(text)
	}
	return n, ok
}

// pointCountries write Spanish with a decimal point.
var pointCountries = setOf("MX US PR GT HN NI SV PA DO PE")

// indian reads lakhs and crores: "12,34,567.89".
func indian(text string) (numeral, bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	groups := strings.Split(whole, ",")
	for i, group := range groups {
		if last := i == len(groups)-1; last && len(group) != 3 || !last && len(group) != 2 && (i > 0 || len(group) != 1) {
			return numeral{}, false
		}
	}
	if len(groups) < 3 {
		return numeral{}, false
	}
	return figures(strings.Join(groups, "")+"."+fraction, '.')
}

// figures reads digits with separators, and says how many stand after the decimal
// sign. A lone separator that cannot stand before thousands is a decimal sign in
// every language: people mix them up. So a lone decimal sign before three digits may
// also be meant to group them: that is another meaning.
func figures(text string, decimal byte) (numeral, bool) {
	text = strings.ReplaceAll(text, "'", "")
	dots, commas := strings.Count(text, "."), strings.Count(text, ",")
	point, unsure := -1, false // where the decimal sign is
	switch {
	case dots > 0 && commas > 0:
		point = max(strings.LastIndexByte(text, '.'), strings.LastIndexByte(text, ','))
		if strings.Count(text, text[point:point+1]) > 1 {
			return numeral{}, false
		}
	case dots+commas == 1:
		i := strings.IndexAny(text, ".,")
		thousands := len(text)-i-1 == 3 && i <= 3 && text[0] != '0'
		if text[i] == decimal || !thousands {
			point, unsure = i, thousands
		}
	}
	whole, fraction := text, ""
	if point >= 0 {
		whole, fraction = text[:point], text[point+1:]
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
	n := numeral{value: value, decimals: len(fraction)}
	if unsure {
		if n.other, err = strconv.ParseFloat(digits+fraction, 64); n.other == n.value {
			n.other = 0
		}
	}
	return n, err == nil
}
