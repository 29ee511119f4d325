package slots

import (
	"strconv"

	"github.com/nyaruka/phonenumbers"
)

// format writes a number the shortest way.
func format(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// numberAt reads a number with its sign. In front of an amount of money it is read too,
// so that "between 10 and 20 euros" is not 20 euros.
func (s *scan) numberAt(i int) (Slot, int, bool) {
	if !s.wants(Number) && !s.wants(Money) {
		return Slot{}, i, false
	}
	slot := Slot{Kind: Number}
	at, sign := s.sign1(i)
	n, next, ok := s.said(i)
	if !ok {
		n, next, ok = s.numeral(at)
	}
	if v, after, half := s.v.andHalf.at(s.tokens, next+1); ok && half && s.whole && s.class(next) == word && n.decimals == 0 && !s.isPart(next) {
		n.value, n.decimals, n.article, next = n.value+v, 1, false, after // "two hours and a half"
	}
	if !ok || n.article && !s.alone(at, next) || n.spelled && n.value == 1 && !n.percent && s.pronoun(at, next) || n.value == 1000 && n.spelled && s.is(next, "gracias", "merci", "mercis") {
		return Slot{}, i, false
	}
	if n.decimals == 2 && !n.spelled && s.v.language != "en" && s.v.dayCues[s.textAt(i-1)] && s.is(next, ".") {
		return Slot{}, i, false // a day that does not exist: "am 31.11."
	}
	slot.refused = n.share && i > 0 && s.is(i-1, s.v.and) || s.dayLike(at, next, n) || n.unclear || n.value > 1e15 || n.share && !s.shares(n, next)
	slot.percent, slot.scaled = n.percent, n.scale
	slot.Number, slot.other = sign*n.value, sign*n.other
	if at > i && s.tokens[at].gap && s.is(i, "-") {
		slot.other = n.value // a dash before a list item, or a minus
	}
	if slot.Number == 0 {
		slot.Number = 0 // no minus zero
	}
	slot.Value = format(slot.Number)
	return slot, next, true
}

// dayLike tells a day such as "02.03." from a number with a point, in languages that
// write days so.
func (s *scan) dayLike(i, next int, n numeral) bool {
	if next != i+3 || !s.is(i+1, ".") || s.class(i) != figure || n.decimals == 0 || n.decimals > 2 {
		return false
	}
	day, _ := s.integer(i, 2)
	month, _ := s.integer(i+2, 2)
	zeros := len(s.tokens[i].text) == 2 && s.tokens[i].text[0] == '0'
	return zeros || s.v.language != "en" && day >= 1 && day <= 31 && month >= 1 && month <= 12 && s.is(next, ".") && s.tight(next)
}

// sign1 passes a sign before a number.
func (s *scan) sign1(i int) (at int, sign float64) {
	switch {
	case s.is(i, "minus", "menos", "moins", "negative", "negativ") && !s.is(i-1, "al", "lo", "au", "du", "a", "o", "ou", "le", "pour", "plus", "mas", "of", "todo", "todos", "toda", "todas", "cualquiera", "nada", "alles", "tout"):
		return i + 1, -1
	case s.is(i, "-") && !s.tight(i) && (s.tight(i+1) || i == 0), s.is(i, "-") && s.tight(i) && s.is(i-1, "(", "="):
		return i + 1, -1
	case s.is(i, "+") && s.tight(i+1) && !s.tight(i):
		return i + 1, 1
	}
	return i, 1
}

// shares says that a share by itself is an answer: "half", "three quarters", "half an
// hour"; "a third of them" is none.
func (s *scan) shares(n numeral, next int) bool {
	if !s.whole {
		return false
	}
	if s.is(next, "of", "de", "d", "von", "der", "des", "vom", "to", "past", "nach", "vor", "after") {
		return false
	}
	if s.is(next, "an", "a") {
		return s.class(next+1) == word && !n.ordinal
	}
	return s.ends(next) || !n.ordinal && s.v.lengths[s.textAt(next)].n > 0
}

// said reads words that are numbers only as a whole answer: "none", "single", and words
// with a typing error.
func (s *scan) said(i int) (numeral, int, bool) {
	if !s.whole {
		return numeral{}, i, false
	}
	if v, next, ok := s.v.alone.at(s.tokens, i); ok && s.alone(i, next) {
		return numeral{value: v, spelled: true}, next, true
	}
	if digits, next, ok := s.afterPoint(i); ok && !s.is(i, "dot", "punto") && s.alone(i, next) { // "point five"
		n, ok := figures("0."+digits, '.')
		n.spelled = true
		return n, next, ok
	}
	if s.v.language == "de" && s.is(i, "zu") {
		n, next, ok := s.ordinal(i)
		return numeral{value: float64(n), spelled: true}, next, ok
	}
	return numeral{}, i, false
}

// alone says that a whole answer has nothing but the tokens i … next.
func (s *scan) alone(i, next int) bool {
	if !s.whole {
		return false
	}
	for k, t := range s.tokens {
		if (k < i || k >= next) && t.class != mark && !s.polite(k) && !s.is(k, "just", "only", "nur", "solo", "solamente", "seulement", "juste", "simplement", "gar", "uberhaupt", "at", "all", "by", "for", "favor", "por", "s", "il", "te", "plait") {
			return false
		}
	}
	return true
}

// pronoun says that the word for one stands for a thing: "the one", "one of", "no one".
func (s *scan) pronoun(i, next int) bool {
	return s.is(i-1, "the", "this", "that", "which", "no", "any", "every", "each", "some", "another", "other", "right", "wrong", "new", "old", "last", "first",
		"l", "quelqu", "chacun", "cada", "alguno", "ninguno") || !s.whole && s.is(i, "one") && s.class(i-1) == word && !s.is(i-1, "number", "only", "just", "least", "than", "size", "option") && (s.closes(next) && !s.is(next, "night", "morning", "afternoon", "evening", "day") || s.is(next, "as", "be", "showed", "has", "does", "will")) ||
		s.is(next, "of", "d", "des", "de", "another")
}

func (s *scan) textAt(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return s.tokens[i].text
}

// tight2 says that a word or digits follow at once.
func (s *scan) tight2(i int) bool { return s.tight(i) && s.class(i) != mark }

// numbers are the meanings of a whole answer to a question for a number or an ordinal:
// none when one of the numbers in it is not plainly said, or when digits are left that
// were not understood.
func (s *scan) numbers(kind Kind) (values []Slot) {
	for _, slot := range s.found {
		switch {
		case slot.Kind != kind && (slot.Kind != Number || kind != Ordinal), s.named(slot.from):
		case slot.Kind != kind:
		case slot.refused || s.dials(slot):
			return nil
		default:
			values = appendMeanings(values, slot)
		}
	}
	if kind == Number && s.leftover() {
		return nil
	}
	return values
}

// dials says that digits with blanks between them may be a telephone number.
func (s *scan) dials(slot Slot) bool {
	if slot.to-slot.from < 3 || !s.blanks(slot.from, slot.to-1) {
		return false
	}
	country := s.country
	if country == "" {
		country = map[string]string{"de": "DE", "es": "ES", "fr": "FR"}[s.v.language]
	}
	n, err := phonenumbers.Parse(slot.Text, country)
	return err == nil && phonenumbers.IsValidNumber(n)
}

// appendMeanings adds what a slot may mean, each value once.
func appendMeanings(values []Slot, slot Slot) []Slot {
	add := func(slot Slot) {
		for _, known := range values {
			if known.Value == slot.Value {
				return
			}
		}
		values = append(values, slot)
	}
	add(slot)
	if slot.other != 0 {
		slot.Number, slot.Value = slot.other, format(slot.other)
		if slot.Kind == Money {
			slot = amountSlot(slot)
		}
		add(slot)
	}
	return values
}

// leftover says that the text has digits that belong to no number.
func (s *scan) leftover() bool {
	for k, t := range s.tokens {
		if t.class != figure {
			continue
		}
		covered := false
		for _, slot := range s.found {
			covered = covered || t.start < slot.End && slot.Start < t.end
		}
		if !covered && s.tokens[k].text != "" {
			return true
		}
	}
	return false
}
