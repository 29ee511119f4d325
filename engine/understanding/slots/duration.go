package slots

import (
	"maps"
	"math"
	"strings"
)

// durationWords are what a language says lengths of time with, beside lengths.
type durationWords struct {
	measures map[string]length // also those that dates are not counted in; "second" is a grain of its own
	lasting  set               // words before a duration: "for", "takes"
	shareOf  phrases[float64]  // before a unit: "half an", "three quarters of an"
	unitPart phrases[float64]  // after one: "and a half"
	wholes   phrases[float64]  // minutes in a word: "Viertelstunde"
	joins    set               // between units: "and"
	limits   phrases[bool]     // before or after: "up to", "or more"
	inexact  phrases[bool]     // "a couple of"
}

// unitsWith are the units of a language, its words for seconds among them.
func unitsWith(lengths map[string]length, seconds string, more map[string]length) map[string]length {
	units := maps.Clone(lengths)
	maps.Copy(units, more)
	for w := range setOf(seconds) {
		units[w] = length{"second", 1}
	}
	return units
}

// timeSpan is a length of time, in units that have no fixed length in each other.
type timeSpan struct{ months, days, seconds float64 }

func (d *timeSpan) add(n float64, unit length) {
	switch unit.grain {
	case "month":
		d.months += n * unit.n
	case "day":
		d.days += n * unit.n
	case "minute":
		d.seconds += n * unit.n * 60
	case "second":
		d.seconds += n * unit.n
	}
}

// durationAt reads a length of time that begins at token i: "2 hours", "1h30",
// "an hour and a half". One with a bound, or of which nobody knows how long it is, is none.
func (s *scan) durationAt(i int) (Slot, int, bool) {
	if !s.wants(Duration) || s.tight(i) && s.class(i-1) != mark || s.tight(i) && s.class(i-1) == mark && s.class(i-2) == figure && s.tight(i-1) {
		return Slot{}, i, false
	}
	if _, next, ok := s.v.inexact.at(s.tokens, i); ok {
		if unit, ok := s.v.measures[s.textAt(next)]; ok && unit.n > 0 {
			return Slot{}, next + 1, true
		}
	}
	if next, ok := s.durationRange(i); ok {
		return Slot{}, next, true
	}
	var d timeSpan
	smallest := math.Inf(1)
	next, exact, parts := i, true, 0
	var first length
	for {
		at := next
		if next > i {
			for s.is(at, ",") || s.v.joins[s.textAt(at)] {
				at++
			}
		}
		n, unit, after, ok := s.measure(at, next > i && at == next)
		if !ok || size(unit) >= smallest {
			break
		}
		if parts++; parts == 1 {
			first = unit
		}
		d.add(n, unit)
		smallest, next = size(unit), after
		if v, after, ok := s.v.unitPart.at(s.tokens, next); ok {
			d.add(v, unit)
			next, parts = after, parts+1
			break
		}
	}
	if next == i || parts == 1 && !s.lasts(i, first, next) || s.is(next, "old", "alt") {
		return Slot{}, i, false
	}
	for range 2 {
		if _, after, ok := s.v.about.at(s.tokens, next); ok && s.closes(after) {
			next, exact = after, false
		}
	}
	if s.unsettled(i, next) {
		return Slot{}, next, true
	}
	slot, ok := d.slot()
	_, _, about := s.v.about.at(s.tokens, i-1)
	slot.Assumed = !exact || about
	return slot, next, ok
}

// size orders units, so that only smaller ones follow.
func size(unit length) float64 {
	return unit.n * map[string]float64{"month": 30 * 24 * 60, "day": 24 * 60, "minute": 1, "second": 1.0 / 60}[unit.grain]
}

// measure reads a number with its unit: "2 hours", "half an hour", "Viertelstunde"; after
// hours also minutes without theirs: "2h30".
func (s *scan) measure(i int, follows bool) (n float64, unit length, next int, ok bool) {
	minute, hour := length{"minute", 1}, length{"minute", 60}
	if n, next, ok := s.v.wholes.at(s.tokens, i); ok {
		return n, minute, next, true
	}
	if follows && s.v.measures[s.textAt(i-1)] == hour {
		if n, next, ok := s.pairMinutes(i); ok && s.closes(next) {
			return float64(n), minute, next, true
		}
	}
	if h, ok := s.integer(i, 2); ok && s.asked == Duration && s.is(i+1, ":") && s.tight(i+1) && s.tight(i+2) {
		m, ok := s.integer(i+2, 2)
		return float64(h) + float64(m)/60, hour, i + 4, ok && m < 60 && s.v.measures[s.textAt(i+3)] == hour
	}
	n, next, ok = s.v.shareOf.at(s.tokens, i)
	if ok && s.is(next, "'", "-") {
		next++
	}
	if unit := s.v.measures[s.textAt(next)]; !ok || unit.n == 0 {
		var c numeral
		if c, next, ok = s.cardinal(i); !ok {
			// "hora y media"
			_, _, half := s.v.unitPart.at(s.tokens, i+1)
			unit = s.v.measures[s.textAt(i)]
			return 1, unit, i + 1, half && unit.n > 0 && !follows && s.class(i-1) != figure
		}
		n = c.value
		if v, after, ok := s.v.andHalf.at(s.tokens, next); ok && !c.spelled && n == math.Trunc(n) {
			n, next = n+v, after
		}
		if m, after, isWhole := s.v.wholes.at(s.tokens, next); isWhole { // "drei Viertelstunden"
			return n * m, minute, after, true
		}
		if v, after, isPart := s.v.shareOf.at(s.tokens, next); isPart && c.article && v < 1 { // "eine halbe Stunde"
			n, next = v, after
		}
	}
	if s.is(next, "-") && s.tight(next) && s.tight(next+1) { // "2-hour"
		next++
	}
	unit = s.v.measures[s.textAt(next)]
	if _, _, work := s.v.workdays.at(s.tokens, next); work || unit.n == 0 || nights[s.textAt(next)] && s.asked != Duration || n <= 0 || n >= 100000 {
		return 0, unit, i, false
	}
	if next++; s.is(next, ".") && s.tight(next) && len(s.tokens[next-1].text) <= 4 && next+1 < len(s.tokens) {
		next++
	}
	return n, unit, next, true
}

// nights are counted as days in an answer.
var nights = setOf("night nights nacht nachte nachten naechte noche noches nuit nuits")

// lasts says that one number with its unit is a length of time when nobody asked for
// one: not "twice a day", nor "5 heures", which may be an hour of the day, nor
// "22 years", which may be an age.
func (s *scan) lasts(i int, unit length, next int) bool {
	article := s.v.articles[s.textAt(i)] && next == i+2
	switch {
	case s.v.lasting[s.textAt(i-1)]:
		return true
	case s.asked == Duration:
		return !article || s.free(i)
	case article, unit == length{"month", 12} && next == i+2:
		return false
	}
	n, whole := s.integer(i, 2)
	if !whole {
		n, _, _ = s.hour(i)
	}
	return !(unit == length{"minute", 60} && n <= 24 && next == i+2 && (s.v.language != "en" && s.is(next-1, "h", "hs") || s.v.language == "fr"))
}

// durationRange passes "2 to 3 hours", "zwei oder drei Tage".
func (s *scan) durationRange(i int) (int, bool) {
	_, next, ok := s.cardinal(i)
	if !ok {
		return i, false
	}
	least := 0.0
	if unit := s.v.measures[s.textAt(next)]; unit.n > 0 {
		least = size(unit)
		next++
	}
	at := next
	if only, after, ok := s.v.upTo.at(s.tokens, next); ok && (!only || s.is(i-1, "between", "zwischen", "entre")) {
		at = after
	} else if s.v.either[s.textAt(next)] && s.is(next, "or", "oder", "o", "u", "ou") {
		at = next + 1
	}
	if at == next {
		return i, false
	}
	_, unit, after, ok := s.measure(at, false)
	return after, ok && unit.n > 0 && size(unit) >= least // "dans 2 jours à 17h"
}

// vagueDistance passes "in 2 or 3 hours", which is no moment.
func (s *scan) vagueDistance(i int) (int, bool) {
	_, at, ok := s.v.in.at(s.tokens, i)
	if !ok {
		if _, at, ok = s.v.ago.at(s.tokens, i); !ok {
			return i, false
		}
	}
	next, ok := s.durationRange(at)
	return next, ok && s.v.measures[s.textAt(next-1)].grain == "minute"
}

// unsettled says that words around a length of time make a bound, a time or a
// rhythm of it: "at least 2 hours", "2 hours ago", "every 2 weeks".
func (s *scan) unsettled(i, next int) bool {
	if s.compared(i) || s.denied(i, next) || otherDays[s.textAt(i-1)] || s.is(i-1, "alle", "les", "pro", "per") && !s.is(i-2, "pendant", "durant", "pour") || s.class(i-1) == figure && !s.tight(i-1) {
		return true
	}
	for _, words := range []phrases[bool]{s.v.ago, s.v.in, s.v.limits} {
		for k := max(i-3, 0); k < i; k++ {
			if _, end, ok := words.at(s.tokens, k); ok && end == i && !s.is(k-1, "desde") {
				return true
			}
		}
	}
	for _, words := range []phrases[bool]{s.v.agoAfter, s.v.fromNow, s.v.limits} {
		if _, _, ok := words.at(s.tokens, next); ok {
			return true
		}
	}
	if _, _, ok := s.v.pastMinutes.at(s.tokens, next); ok && !s.closes(next) {
		return true
	}
	if s.otherLengths(i, next) || s.v.joins[s.textAt(next)] && s.numbered(next+1) { // "3 days and 2 nights"
		return true
	}
	return s.class(next) == figure || s.is(next, "from", "before", "after", "past", "vor", "nach", "antes", "despues", "avant", "apres")
}

// otherLengths says that another number goes with a length of time, or that it is a rate:
// "two 3 hours", "zwei, drei Tage", "an hour or two", "2 hours a day".
func (s *scan) otherLengths(i, next int) bool {
	number := func(k int) (int, bool) {
		n, end, ok := s.spelled(k)
		if s.class(k) == figure {
			return k + 1, true
		}
		return end, ok && !n.article
	}
	if _, ok := number(next); ok {
		return true
	}
	k := i - 1
	for s.is(k, ",") || k == i-1 && s.v.joins[s.textAt(k)] {
		k--
	}
	if end, ok := number(k); ok && end == k+1 || s.is(k, "ein", "one") && s.is(k+1, ",") {
		return true
	}
	if s.v.joins[s.textAt(i-1)] && s.v.measures[s.textAt(i-2)].n > 0 { // "4 days and 3 nights"
		return true
	}
	at := next
	for range 3 {
		if _, after, ok := s.v.about.at(s.tokens, at); ok {
			at = after
		} else if s.is(at, ",") || s.v.either[s.textAt(at)] {
			at++
		}
	}
	if end, ok := number(at); ok && at > next && s.closes(end) {
		return true
	}
	rate := func(k int) bool { return s.is(k, "per", "pro", "par", "por", "al", "am", "a", "an", "je") }
	_, follows := s.v.measures[s.textAt(next+1)]
	_, precedes := s.v.measures[s.textAt(i-1)]
	return rate(next) && follows || rate(i-2) && precedes
}

// slot is a length of time in ISO 8601. Months have no fixed number of days, so
// that Number counts them by themselves.
func (d timeSpan) slot() (Slot, bool) {
	slot := Slot{Kind: Duration, Grain: "second"}
	seconds := d.seconds + (d.days-math.Trunc(d.days))*24*3600
	days := math.Trunc(d.days)
	total := math.Round(d.days*24*3600 + d.seconds)
	if seconds = math.Round(seconds); total == 0 && d.months == 0 {
		return Slot{}, false
	}
	var b strings.Builder
	put := func(n float64, unit string) {
		if n > 0 {
			b.WriteString(format(n) + unit)
		}
	}
	b.WriteByte('P')
	put(math.Trunc(d.months/12), "Y")
	put(math.Round((d.months-12*math.Trunc(d.months/12))*1000)/1000, "M")
	if d.months == 0 && seconds == 0 && math.Mod(days, 7) == 0 {
		put(days/7, "W")
	} else {
		put(days, "D")
	}
	if seconds > 0 {
		b.WriteByte('T')
		put(math.Trunc(seconds/3600), "H")
		put(math.Trunc(math.Mod(seconds, 3600)/60), "M")
		put(math.Mod(seconds, 60), "S")
	}
	slot.Value = b.String()
	switch {
	case d.months == 0:
		slot.Number = total
	case total == 0:
		slot.Number, slot.Grain = d.months, "month"
	default:
		slot.Grain = "" // no number counts both
	}
	return slot, true
}
