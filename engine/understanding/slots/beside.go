package slots

import "strings"

// What stands beside a number may change what it means. Words of a number's own
// vocabulary that were not read with it, negations, comparisons, operators and the
// other end of a range make it no value: a wrong one is worse than none.

// side is what a phrase beside a number does to it.
type side byte

const (
	harmless   side = iota // nothing: "not sure", "more or less"
	seeThrough             // nothing, and what stands before it counts: "about", "the"
	negating               // "not"
	comparing              // "less than", "at least"
	linking                // the middle of a range: "to"
	sharing                // "2 of 5", "5 divided by 2"
	openEnded              // after a number: "or more"
	otherKind              // of a time, a date, an address, a telephone number: "o'clock"
	newClause              // what follows is said anew: "but"
)

// sober drops the numbers, ordinals and amounts that something beside them changes, or
// marks them in a whole answer, where they spoil it. Numbers that were read only to
// know what stands beside an amount go too.
func (s *scan) sober() {
	kept := s.found[:0]
	for i := range s.found {
		if slot := &s.found[i]; counts(slot.Kind) {
			slot.refused = slot.refused || s.changed(*slot)
		}
	}
	for i := 1; i < len(s.found); i++ {
		if a, b := &s.found[i-1], &s.found[i]; counts(a.Kind) && counts(b.Kind) && !s.named(a.from) && !s.named(b.from) {
			s.pair(a, b)
		}
	}
	for _, slot := range s.found {
		if slot.bare && s.nextTo(slot) {
			slot.refused = true
		}
		if s.whole || !counts(slot.Kind) || !slot.refused && !slot.bare && s.wants(slot.Kind) {
			slot.Assumed = slot.Assumed || slot.other != 0 || slot.currencies != ""
			kept = append(kept, slot)
		}
	}
	s.found = kept
}

func counts(kind Kind) bool { return kind == Number || kind == Ordinal || kind == Money }

// nextTo is for amounts without a currency, of which it asks more; see money.go.
func (s *scan) nextTo(slot Slot) bool { return slot.Kind == Money && !s.plainAmount(slot) }

// changed says that the words around a slot make it another value or none.
func (s *scan) changed(slot Slot) bool {
	return s.proverbial(slot.Kind, slot.from, slot.to) || s.changedBefore(slot) || s.changedAfter(slot)
}

func (s *scan) changedBefore(slot Slot) bool {
	i := slot.from
	if slot.Kind != Ordinal && s.sharedBefore(i) {
		return true
	}
	if slot.Kind == Number && s.is(i-1, "and", "und", "y", "et", "plus", "mas") && s.company(i-2) {
		return true // "me and 2 friends"
	}
	if s.is(i-1, "and", "und", "y", "et") && s.opened(i-2) {
		return true // "between 3 and 5", of which the beginning was read as a time
	}
	for n := 0; n < 6 && i > 0; n++ {
		if m, at := s.sideBefore(i); at < i {
			switch m {
			case seeThrough:
				i = at
				continue
			case negating, comparing, openEnded:
				return true
			case otherKind:
				if slot.Kind == Number && !slot.percent || slot.bare {
					return true
				}
				i = at
				continue
			case harmless, newClause:
				return false
			}
			break
		}
		if s.is(i-1, "<", ">", "≤", "≥", "≠", "±", "^", "*", "×", "÷", "/", "\\") || s.is(i-1, "=") && s.is(i-2, "<", ">") {
			return true
		}
		if s.class(i-1) == mark && (isCurrencySign(s.tokens[i-1].text) || s.is(i-1, "~", "(", "=", ":", "-", "+") && n < 2) {
			i--
			continue
		}
		break
	}
	switch {
	case s.whole && slot.from == 1 && (s.is(0, "from") || s.is(0, "des") && strings.EqualFold(s.text[s.tokens[0].start:s.tokens[0].end], "dès")): // "from 18"
		return true
	case slot.Kind != Ordinal && s.class(slot.from-1) == figure && !s.withinNumber(slot.from-1):
		return true
	case slot.Kind != Ordinal && s.isPart(slot.from-1) && !s.withinNumber(slot.from-1):
		return true
	case s.class(slot.from) == word && s.v.vague[s.textAt(slot.from-1)] && s.v.scales[s.textAt(slot.from)] > 0: // "a few hundred"
		return true
	case slot.Kind == Number && s.place(slot):
		return true
	case s.v.pointWords[s.textAt(slot.from-1)] && s.class(slot.from-1) == word && !s.withinNumber(slot.from-1): // "point five"
		return true
	case slot.Kind == Ordinal && s.numbered(slot.from-1) && strings.HasSuffix(slot.Text, "s"): // "two thirds"
		return true
	}
	return s.negatedBefore(slot.from)
}

// company says that token i is somebody who is counted besides.
func (s *scan) company(i int) bool {
	return s.class(i) == word && (s.is(i, "me", "myself", "i", "us", "you", "him", "her", "ich", "mir", "mich", "wir", "uns", "yo", "mi", "nosotros", "nosotras", "moi", "nous") || owners[s.textAt(i-1)])
}

// negatedBefore looks further back for a "not" in the same clause, in a whole answer.
func (s *scan) negatedBefore(i int) bool {
	for n := 0; s.whole && n < 8 && i > 0; n++ {
		if s.class(i-1) == mark && !s.is(i-1, "'", "-", "$", "€", "£", "\"") {
			return false
		}
		m, at := s.sideBefore(i)
		switch {
		case at == i:
			i--
		case m == negating:
			return true
		case m == newClause || m == harmless:
			return false
		default:
			i = at
		}
	}
	return false
}

// sideBefore is the phrase that ends before token i, and where it begins.
func (s *scan) sideBefore(i int) (side, int) {
	for start := max(0, i-4); start < i; start++ {
		if m, next, ok := s.v.sides.at(s.tokens, start); ok && next == i {
			return m, start
		}
	}
	return harmless, i
}

func (s *scan) changedAfter(slot Slot) bool {
	i := slot.to
	switch {
	case i >= len(s.tokens):
		return false
	case s.is(i, "^", "*", "×", "÷", "²", "³", "‰", "=") || s.is(i, "+") && s.tight(i), s.is(i, "+", "/", "\\") && s.class(i+1) == figure:
		return true
	case s.is(i, "x") && s.class(i+1) == figure, s.is(i, "%") && !slot.percent:
		return true
	case slot.Kind == Ordinal:
		return Month(s.textAt(s.links(i))) > 0 && s.textAt(s.links(i)) != "mar" || s.afterSide(i) == negating || s.v.afterOrdinal[s.textAt(i)] ||
			s.is(i, "to", "from") && s.is(i+1, "last", "the") || s.is(i, "of") && s.is(i+1, "all") || s.is(i, "von") && s.is(i+1, "hinten", "unten", "rechts", "links", "oben") ||
			s.is(i, "por", "desde") && s.is(i+1, "la", "el", "detras") || s.is(i, "en") && s.is(i+1, "partant")
	case s.numberly(i), s.class(i) == figure && !s.withinNumber(i):
		return true
	case slot.Kind == Number && s.timely(i):
		return true
	case slot.percent && slot.Number == 100 && s.class(i) == word && !s.polite(i) && !closing[s.textAt(i)]: // "100% sure"
		return true
	}
	if _, next, ok := s.v.betweenNumbers.at(s.tokens, i); ok && s.class(next) == figure && !s.withinNumber(next) {
		return true
	}
	for n := 0; n < 4 && i < len(s.tokens); n++ {
		switch m := s.afterSide(i); {
		case m == openEnded:
			return true
		case m == negating && (s.whole || n == 0):
			return true
		case m == harmless && n == 0 && s.isPlain(i), m == newClause:
			return false
		}
		if s.class(i) != word && !s.is(i, "'", "-", "€", "$", "£", "%") || !s.whole && n > 1 {
			return false
		}
		i++
	}
	return false
}

func (s *scan) afterSide(i int) side {
	m, _, ok := s.v.sidesAfter.at(s.tokens, i)
	if !ok {
		return seeThrough
	}
	return m
}

func (s *scan) isPlain(i int) bool {
	m, _, ok := s.v.sidesAfter.at(s.tokens, i)
	return ok && m == harmless
}

// numberly says that token i is a word of numbers that was not read with the number
// before it: a scale, a dozen, a fraction, an ordinal.
func (s *scan) numberly(i int) bool {
	text := s.textAt(i)
	if s.class(i) != word {
		_, _, glyph := s.glyph(i)
		return glyph
	}
	if s.is(i, "k") && !s.tight(i) {
		return true
	}
	if s.v.scales[text] > 0 || s.v.dozenWords[text] > 0 || s.v.suffixes[text] > 0 || s.v.powers[text] {
		return !isCents(text)
	}
	if _, ok := s.v.denominators[text]; ok && !s.v.clockSigns[text] {
		return true
	}
	if _, _, ok := s.v.andHalf.at(s.tokens, i); ok {
		return true
	}
	if s.v.language == "de" {
		if _, ok := trimSuffix(text, "tel", "teln"); ok {
			_, _, ok = s.denominator(i, true)
			return ok
		}
	}
	if _, ok := s.v.ordinalUnits[text]; ok {
		return text != "second" && text != "seconde" && text != "segundo" || s.tokens[i].text == ""
	}
	plural, ok := trimSuffix(text, "s")
	if n := s.v.ordinalUnits[plural]; ok && n > 2 && s.v.language != "es" {
		return true
	}
	return false
}

// timely says that token i makes the number before it a time or a date.
func (s *scan) timely(i int) bool {
	if _, _, ok := s.v.sidesTime.at(s.tokens, i); ok {
		return true
	}
	if _, _, ok := s.half(i); ok && !s.is(i, "am") || s.is(i, "am") && s.tight(i) {
		return true
	}
	at := s.links(i)
	if s.is(at, ".") && s.tight(at) {
		at++
	}
	month := Month(s.textAt(at))
	return month > 0 && !s.is(at, "mar", "mars", "sep", "ago", "may", "mai", "dec", "set") || month > 0 && s.class(i-1) == figure && !s.is(at, "ago")
}

// sharedBefore says that the number at token i is a whole of which one is told: "un sur 3".
func (s *scan) sharedBefore(i int) bool {
	if s.is(i-1, "the", "den", "los", "las", "les") {
		i--
	}
	m, _, ok := s.v.betweenNumbers.at(s.tokens, i-1)
	return ok && m == sharing && (s.v.articles[s.textAt(i-2)] || s.v.units[s.textAt(i-2)] > 0)
}

// isPart says that token i is a fraction, a scale or a dozen.
func (s *scan) isPart(i int) bool {
	text := s.textAt(i)
	if _, ok := s.v.denominators[text]; ok && s.class(i) == word {
		return true
	}
	return s.v.scales[text] > 0 || s.v.dozenWords[text] > 0
}

// withinNumber says that a number that was read ends with token i.
func (s *scan) withinNumber(i int) bool {
	for _, slot := range s.found {
		if slot.from <= i && i < slot.to {
			return true
		}
	}
	return false
}

// place says that a number is one of a house, a telephone or a year.
func (s *scan) place(slot Slot) bool {
	i, n := slot.from, 0
	if s.named(i) {
		return true
	}
	if m := Month(s.textAt(i - 1)); m > 0 {
		return true
	}
	if _, day := s.v.weekdays[s.textAt(i-1)]; day && slot.Number <= 31 {
		return true
	}
	if s.v.language == "de" && s.is(i-1, "der", "den", "dem", "des", "im", "am", "vom", "zum", "beim", "ins") && s.is(slot.to, ".") && s.tight(slot.to) || s.v.language == "fr" && s.is(i-1, "a", "vers") && (s.is(slot.to, "heures", "heure", "h") || s.is(i+1, "heures", "heure", "h")) {
		return true
	}
	if year := slot.Number; year >= 1900 && year < 2100 && slot.to == i+1 && len(s.textAt(i)) == 4 && s.is(i-1, "in", "since", "seit", "jahr", "year", "en", "desde", "depuis", "ano", "annee") {
		return true
	}
	for k := i - 1; k >= 0 && n < 3; k-- { // "Main Street 5", "Postleitzahl ist 12345"
		if s.class(k) == word {
			if s.hidesAfter(k) {
				return true
			}
			n++
		} else if !s.is(k, ":", ",", ".", "-", "'") {
			break
		}
	}
	n = 0
	for k := slot.to; k < len(s.tokens) && n < 3; k++ { // "5 Main Street", "5 rue"
		if s.class(k) != word {
			if k == slot.to && s.is(k, ",") {
				continue
			}
			break
		}
		if s.v.streets[s.tokens[k].text] {
			return true
		}
		n++
	}
	return false
}

func (s *scan) hidesAfter(k int) bool {
	text := s.tokens[k].text
	if s.v.streets[text] || s.v.codes[text] {
		return true
	}
	if s.v.language == "de" && len(text) > 7 {
		_, ok := trimSuffix(text, "strasse", "gasse", "platz", "allee", "weg", "ufer", "damm")
		return ok
	}
	return false
}

// pair marks two numbers that stand together as a range, a part of a whole or a
// row of digits. Alternatives are kept.
func (s *scan) pair(a, b *Slot) {
	if b.from-a.to > 6 {
		return
	}
	m, linked := harmless, false
	said := 0
	for i := a.to; i < b.from; {
		if found, next, ok := s.v.betweenNumbers.at(s.tokens, i); ok && next <= b.from {
			if found == linking || found == sharing || m == harmless && !linked {
				m, linked = found, true
			}
			i = next
			continue
		}
		switch {
		case s.is(i, "-") && !(s.class(i-1) == word && s.class(i+1) == word && s.tight(i) && (i > a.to || i+1 < b.from)), s.is(i, "/", "~", "→", ">"):
			if i == a.to || s.tokens[i].gap {
				m, linked = linking, true
			}
		case s.class(i) == word && !isCurrencyWord(s.tokens[i].text) && !isCents(s.tokens[i].text):
			said++
		case s.is(i, "*", "×", "÷", "+", "="):
			m, linked = sharing, true
		}
		i++
	}
	adjacent := a.to == b.from
	if m == newClause && s.opened(a.from) { // "between 5 and 10"
		m = linking
	}
	if said > 2 && m != newClause || said > 1 && m == sharing {
		return
	}
	if adjacent || m == linking || m == sharing {
		a.refused, b.refused = true, true
	}
}

// opened says that a range begins before token i: "between".
func (s *scan) opened(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if s.is(k, "between", "zwischen", "entre") {
			return true
		}
	}
	return false
}
