package slots

import (
	"math"
	"time"
)

// length reads "in two weeks", "3 days ago", "half an hour from now".
func (s *scan) length(i int, r *reading) (int, bool) {
	sign, at := 0.0, i
	_, after, back := s.v.ago.at(s.tokens, i)
	if _, ahead, ok := s.v.in.at(s.tokens, i); ok {
		sign, at = 1, ahead
	} else if back {
		sign, at = -1, after
	}
	n, next, ok := s.quantity(at)
	if !ok {
		return i, false
	}
	unit, ok := s.v.lengths[s.textAt(next)]
	if !ok {
		return i, false
	}
	next++
	if s.is(next, "'") && s.tight(next) && !s.is(next+1, "s") {
		next++ // "two weeks' time"
	}
	if v, after, ok := s.v.andHalf.at(s.tokens, next); ok {
		n, next = n+v, after
	}
	if _, after, ok := s.v.fromNow.at(s.tokens, next); ok && sign >= 0 {
		sign, next = 1, after
	} else if _, after, ok := s.v.agoAfter.at(s.tokens, next); ok && sign == 0 {
		sign, next = -1, after
	}
	if sign == 0 || n > 5000 {
		return i, false
	}
	n *= sign
	switch unit.grain {
	case "minute":
		r.exact = s.Now.Truncate(time.Minute).Add(time.Duration(math.Round(n*unit.n)) * time.Minute)
		r.fixed = true
	case "day":
		r.day, r.dated = s.today().AddDate(0, 0, int(math.Round(n*unit.n))), true
	default:
		r.day, r.dated = addMonths(s.today(), int(math.Round(n*unit.n))), true
	}
	return next, true
}

// addMonths keeps the day, or takes the month's last one.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}

// quantity reads how many of a length, articles included.
func (s *scan) quantity(i int) (float64, int, bool) {
	for s.is(i, "the", "next", "about", "around", "etwa", "ungefahr", "circa", "unos", "unas", "environ", "les", "los", "las", "den", "nachsten", "proximos", "prochains") && i < len(s.tokens) {
		i++
	}
	if v, next, ok := s.v.shares.at(s.tokens, i); ok {
		if s.is(next, "'", "-") {
			next++
		}
		return v, next, true
	}
	n, next, ok := s.cardinal(i)
	return n.value, next, ok
}

// calendar reads a day with its month, or a day of the month after a cue.
func (s *scan) calendar(i int, r *reading) (time.Time, int, bool) {
	for _, form := range []func(int, *reading) (time.Time, int, bool){s.isoDate, s.numeric, s.dayMonth, s.monthDay, s.monthAlone, s.dayAlone} {
		if day, next, ok := form(i, r); ok {
			return day, next, true
		}
	}
	return time.Time{}, i, false
}

func civil(year int, month time.Month, day int) (time.Time, bool) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return t, month >= 1 && month <= 12 && day >= 1 && t.Day() == day && year >= 1900 && year <= 2200
}

// near completes a date without a year.
func (s *scan) near(month time.Month, day int) (time.Time, bool) {
	year, step := s.Now.Year(), 1
	if s.Past {
		step = -1
	}
	for range 9 { // leap days are rare
		t, ok := civil(year, month, day)
		if ok && (step > 0 && !t.Before(s.today()) || step < 0 && !t.After(s.today())) {
			return t, true
		}
		year += step
	}
	return time.Time{}, false
}

// fullYear reads a year of two or four digits.
func (s *scan) fullYear(i int) (int, bool) {
	n, ok := s.integer(i, 4)
	if !ok {
		return 0, false
	}
	switch len(s.tokens[i].text) {
	case 4:
		return n, n >= 1900 && n <= 2200
	case 2:
		n += s.Now.Year() / 100 * 100
		if n > s.Now.Year()+20 {
			n -= 100
		}
		return n, true
	}
	return 0, false
}

func (s *scan) isoDate(i int, _ *reading) (time.Time, int, bool) {
	year, ok := s.integer(i, 4)
	sep := s.textAt(i + 1)
	if !ok || len(s.tokens[i].text) != 4 || !s.is(i+1, "-", "/", ".") || !s.is(i+3, sep) || !s.tight(i+1) || !s.tight(i+2) || !s.tight(i+3) || !s.tight(i+4) || s.tight(i) && s.class(i-1) != mark {
		return time.Time{}, i, false
	}
	month, ok1 := s.integer(i+2, 2)
	day, ok2 := s.integer(i+4, 2)
	t, ok := civil(year, time.Month(month), day)
	return t, i + 5, ok && ok1 && ok2
}

// numeric reads "24.12.", "24/12/2026", "12/24".
func (s *scan) numeric(i int, r *reading) (time.Time, int, bool) {
	no := func() (time.Time, int, bool) { return time.Time{}, i, false }
	first, ok := s.integer(i, 2)
	sep := s.textAt(i + 1)
	if !ok || !s.is(i+1, ".", "/", "-") || !s.tight(i+1) || s.tight(i) && (s.class(i-1) == word || s.is(i-1, ".", "/", "-", ":", "#", "$", "€", "£")) {
		return no()
	}
	second, ok := s.integer(i+2, 2)
	if !ok || !s.tight(i+2) && sep != "." {
		return no()
	}
	next, full, year := i+3, false, 0
	if s.is(next, sep) && s.tight(next) && s.class(next+1) == figure && (s.tight(next+1) || sep == ".") {
		if year, full = s.fullYear(next + 1); full {
			next += 2
		} else if s.tight(next + 1) {
			return no()
		}
	}
	if s.tight(next) && (s.class(next) != mark || s.is(next, ".", ",", "/", "-", ":", "%") && s.class(next+1) == figure && s.tight(next+1)) || s.is(next, "€", "$", "£", "%") {
		return no()
	}
	closed := false
	if !full && sep == "." && s.is(next, ".") && s.tight(next) {
		next, closed = next+1, true
	}
	if !full && !closed && !s.dateLike(i, sep, first, second, r) {
		return no()
	}
	day, month, assumed := first, second, false
	if sep != "." && s.v.language == "en" {
		monthFirst := s.country == "US" || s.country == "CA" || s.country == "PH" || s.country == ""
		assumed = s.country == "" && first <= 12 && second <= 12 && first != second
		if monthFirst && first <= 12 || second > 12 {
			day, month = second, first
		}
	}
	var t time.Time
	if full {
		t, ok = civil(year, time.Month(month), day)
	} else {
		t, ok = s.near(time.Month(month), day)
	}
	if ok {
		r.assumed = r.assumed || assumed
	}
	return t, next, ok
}

// dateLike tells a date of two numbers from a fraction, a decimal number and a range.
func (s *scan) dateLike(i int, sep string, first, second int, r *reading) bool {
	cued := r.named || s.whole || s.v.dayCues[s.textAt(i-1)] || s.is(i-1, "on", "until", "till", "by", "since", "from", "seit", "desde", "hasta", "depuis", "avant")
	switch sep {
	case "-":
		return false
	case "/":
		return cued || first > 12 && second <= 12 || second > 12 && second <= 31 && first <= 12
	}
	return cued && len(s.tokens[i+2].text) == 2 && !(s.is(i+3, "uhr", "h", "am", "pm"))
}

// dayOf reads a day of the month: "24", "24th", "24.", "first", "veinticuatro".
func (s *scan) dayOf(i int) (n, next int, signed, ok bool) {
	if n, ok := s.integer(i, 2); ok && !(s.tight(i) && s.class(i-1) == word) {
		next = i + 1
		if s.tight(next) && (s.v.ordinalSigns[s.tokens[next].text] || s.is(next, ".", "º", "°")) {
			return n, next + 1, true, n >= 1 && n <= 31
		}
		return n, next, false, n >= 1 && n <= 31
	}
	if n, next, ok := s.v.ordinals.at(s.tokens, i); ok {
		return n, next, true, n <= 31
	}
	if s.v.language == "es" || s.v.language == "fr" {
		if c, next, ok := s.spelled(i); ok && c.value <= 31 && c.value >= 1 && c.decimals == 0 {
			return int(c.value), next, false, true
		}
	}
	return 0, i, false, false
}

func (s *scan) links(i int) int {
	for range 2 {
		if i < len(s.tokens) && s.v.monthLinks[s.tokens[i].text] {
			i++
		}
	}
	return i
}

// yearAfter reads a year after a month.
func (s *scan) yearAfter(i int) (year, next int, ok bool) {
	k := s.links(i)
	if s.is(k, "'") {
		k++
	}
	if len(s.textAt(k)) == 4 || k > i && s.is(k-1, "'") {
		if year, ok := s.fullYear(k); ok && !(s.is(k+1, ":") && s.tight(k+1)) {
			return year, k + 1, true
		}
	}
	return 0, i, false
}

func (s *scan) withYear(month time.Month, day, i int) (time.Time, int, bool) {
	if year, next, ok := s.yearAfter(i); ok {
		t, ok := civil(year, month, day)
		return t, next, ok
	}
	t, ok := s.near(month, day)
	return t, i, ok
}

func (s *scan) dayMonth(i int, _ *reading) (time.Time, int, bool) {
	day, next, _, ok := s.dayOf(i)
	if !ok {
		return time.Time{}, i, false
	}
	next = s.links(next)
	month := Month(s.textAt(next))
	if month == 0 {
		return time.Time{}, i, false
	}
	next++
	if s.is(next, ".") && s.tight(next) && len(s.tokens[next-1].text) <= 4 {
		next++
	}
	t, next, ok := s.withYear(month, day, next)
	return t, next, ok
}

func (s *scan) monthDay(i int, _ *reading) (time.Time, int, bool) {
	month := Month(s.textAt(i))
	if month == 0 || s.v.language != "en" {
		return time.Time{}, i, false
	}
	next := i + 1
	if s.is(next, ".") && s.tight(next) {
		next++
	}
	if s.is(next, "the") {
		next++
	}
	day, next, _, ok := s.dayOf(next)
	if !ok || s.is(next, ":") && s.tight(next) || s.is(next, "am", "pm", "%", "/") {
		return time.Time{}, i, false
	}
	if s.is(next-1, ".") {
		next--
	}
	t, next, ok := s.withYear(month, day, next)
	return t, next, ok
}

// monthAlone reads "in december".
func (s *scan) monthAlone(i int, r *reading) (time.Time, int, bool) {
	if !s.is(i, "in", "im", "en") || r.named || r.clocked {
		return time.Time{}, i, false
	}
	month := Month(s.textAt(i + 1))
	if month == 0 {
		return time.Time{}, i, false
	}
	year, next, ok := s.yearAfter(i + 2)
	if !ok {
		year = s.Now.Year()
		if month < s.Now.Month() && !s.Past {
			year++
		} else if month > s.Now.Month() && s.Past {
			year--
		}
	}
	y, m, _ := s.today().Date()
	r.span, r.spanned = span{"month", 12*(year-y) + int(month-m)}, true
	return time.Time{}, next, true
}

// dayAlone reads a day of the month without its month: "the 24th", "am 24.".
func (s *scan) dayAlone(i int, r *reading) (time.Time, int, bool) {
	at := i
	cue := s.v.dayCues[s.textAt(i)]
	for cue && at < i+2 && s.v.dayCues[s.textAt(at)] {
		at++
	}
	if !cue && !s.whole && !r.named {
		return time.Time{}, i, false
	}
	if cue {
		if day, next, ok := s.dayMonth(at, r); ok {
			return day, next, true
		}
	}
	day, next, signed, ok := s.dayOf(at)
	if !ok || s.class(at) == word && s.v.language != "en" || s.is(next, "%", "€", "$", ":") || s.tight2(next) {
		return time.Time{}, i, false
	}
	firm := r.named || s.whole || s.is(i-1, "on", "by", "until", "till", "before", "after", "from", "since") || s.is(at-1, "am", "zum", "vom", "dia")
	if Month(s.textAt(s.links(next))) > 0 {
		return time.Time{}, i, false // a day that this month does not have
	}
	switch {
	case !signed && !cue && r.named && s.v.language != "en" && s.v.language != "de" && s.closes(next):
	case !signed && (s.v.language == "en" || s.v.language == "de" && !s.is(at-1, "am") || !cue):
		return time.Time{}, i, false
	case !firm && !s.closes(next), !signed && !s.closes(next):
		return time.Time{}, i, false
	}
	first := time.Date(s.Now.Year(), s.Now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for range 4 {
		t, ok := civil(first.Year(), first.Month(), day)
		if ok && (s.Past && !t.After(s.today()) || !s.Past && !t.Before(s.today())) {
			return t, next, true
		}
		if first = first.AddDate(0, 1, 0); s.Past {
			first = first.AddDate(0, -2, 0)
		}
	}
	return time.Time{}, i, false
}
