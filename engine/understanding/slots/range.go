package slots

import "time"

// rangeAt reads days from one to another: "from monday to friday", "3–5 May", "until
// friday", "the next three days".
func (s *scan) rangeAt(i int) (Slot, int, bool) {
	if !s.wants(Date) && !s.wants(Moment) && !s.wants(Range) || !s.dayOpens(i) {
		return Slot{}, i, false
	}
	s.ranging = true
	defer func() { s.ranging = false }()
	for _, form := range []func(int) ([]stretch, int, bool){s.fromTo, s.countedDays, s.bounded} {
		days, next, ok := form(i)
		if !ok {
			continue
		}
		if s.unread(i, next, true) || len(days) == 0 {
			return Slot{unread: true}, next, true
		}
		if s.denied(i, next) {
			return Slot{}, next, true
		}
		var slots []Slot
		for _, d := range days {
			slots = append(slots, s.rangeSlot(d))
		}
		return likeliest(slots), next, true
	}
	return Slot{}, i, false
}

// rangeSlot is a stretch as a range.
func (s *scan) rangeSlot(d stretch) Slot {
	slot := Slot{Kind: Range, Assumed: d.assumed}
	first, last := "..", ".."
	if !d.first.IsZero() {
		first, slot.At = d.first.Format(time.DateOnly), s.here(d.first, 0)
	}
	if !d.last.IsZero() {
		last, slot.Until = d.last.Format(time.DateOnly), s.here(d.last, 0)
	}
	slot.Value = first + "/" + last
	return slot
}

// fromTo reads a range with two ends.
func (s *scan) fromTo(i int) ([]stretch, int, bool) {
	_, at, opened := s.v.from.at(s.tokens, i)
	between := false
	if !opened {
		if _, at, between = s.v.between.at(s.tokens, i); !between {
			at = i
		}
	}
	at = s.pastDayCues(at)
	if days, next, ok := s.daysFirst(at, opened || between, between); ok {
		return days, next, true
	}
	r, next, ok := s.dayPhrase(at)
	if !ok || r.bad || s.clockFollows(next) {
		return nil, i, false
	}
	to, ok := s.connector(next, between)
	if !ok {
		return nil, i, false
	}
	to = s.pastDayCues(to)
	// "May 3 to 5": the end is a day of the month of the beginning.
	if n, end, bare := s.bareDay(to); bare && r.dated && r.date.month > 0 && !r.date.swaps {
		if _, _, month := s.monthName(s.links(end)); !month {
			last := r
			last.date.day, last.named = n, false
			if year, after, ok := s.yearAfter(end); ok && r.date.year == 0 {
				r.date.year, last.date.year, end = year, year, after
			}
			return s.spanning(&r, &last, end)
		}
	}
	l, end, ok := s.end(to, opened || between)
	if !ok || l.bad || s.clockFollows(end) {
		return nil, i, false
	}
	if !opened && !between && (s.is(next, "a", "au", "to") && r.shifted || l.shifted || r.named && !r.dated && l.dated && !l.named) {
		return nil, i, false // "friday - 27 november" is one day
	}
	return s.spanning(&r, &l, end)
}

// daysFirst reads "3 to 5 May", "vom 3. bis 5.": a day of the month whose month follows.
func (s *scan) daysFirst(i int, opened, between bool) ([]stretch, int, bool) {
	day, next, ok := s.bareDay(i)
	if !ok || s.tight(i) && s.class(i-1) == word {
		return nil, i, false
	}
	to, ok := s.connector(next, between)
	if !ok || s.is(next, "-") && s.tight(next) && s.tight(to) && s.class(to) == word { // "3-Jan"
		return nil, i, false
	}
	l, end, ok := s.end(s.pastDayCues(to), opened)
	if !ok || !l.dated || l.bad || l.date.swaps || l.date.month == 0 && !opened || s.clockFollows(end) {
		return nil, i, false
	}
	r := l
	r.date.day, r.named = day, false
	return s.spanning(&r, &l, end)
}

// end reads the second end of a range; in one that was opened a number is a day.
func (s *scan) end(i int, opened bool) (said, int, bool) {
	s.bound, s.boundAt = opened, i
	defer func() { s.bound = false }()
	return s.dayPhrase(i)
}

// bareDay reads a day of the month without cues.
func (s *scan) bareDay(i int) (n, next int, ok bool) {
	n, next, _, ok = s.dayOf(i)
	if !ok || s.tight(next) && s.class(next) == figure || s.is(next, ":", "%", "€", "$", "/") && s.tight(next) || s.is(next, ".") && s.tight(next) && s.class(next+1) == figure {
		return 0, i, false
	}
	return n, next, true
}

func (s *scan) pastDayCues(i int) int {
	for range 2 {
		if i < len(s.tokens) && (s.v.dayCues[s.tokens[i].text] || s.is(i, "dia", "dias", "the", "den", "dem", "zum", "on", "les", "los", "am")) {
			i++
		}
	}
	return i
}

// connector reads what stands between the ends of a range.
func (s *scan) connector(i int, between bool) (int, bool) {
	if _, next, ok := s.v.to.at(s.tokens, i); ok {
		return next, true
	}
	if s.is(i, "-", "–") || between && i < len(s.tokens) && s.v.ands[s.tokens[i].text] {
		return i + 1, true
	}
	return i, false
}

// clockFollows says that a time of day belongs to a day, which then is no whole one.
func (s *scan) clockFollows(i int) bool {
	for range 2 {
		if _, _, ok := s.clockAt(i, &reading{}); ok && !s.is(i, "-", "to", "bis", "a", "hasta") {
			return true
		}
		if i >= len(s.tokens) || !s.v.fillers[s.tokens[i].text] || s.is(i, "-") {
			return false
		}
		i++
	}
	return false
}

// spanning is the range between two ends; the second comes after the first, and takes
// over what only one of them says.
func (s *scan) spanning(r, l *said, next int) ([]stretch, int, bool) {
	if l.period != nil && l.named && r.named && r.period == nil && r.which == plain {
		r.period = l.period
	}
	if l.date.year != 0 && r.dated && r.date.year == 0 && r.date.month != 0 {
		r.date.year = l.date.year
		if r.date.month > l.date.month {
			r.date.year--
		}
	}
	var out []stretch
	if r.date.swaps && l.date.swaps { // both in the same order
		for _, order := range []func(calendar) calendar{calendar.asIs, calendar.swapped} {
			first, last := *r, *l
			first.date, last.date = order(r.date), order(l.date)
			days, _, _ := s.spanning(&first, &last, next)
			out = append(out, days...)
		}
		return either(out...), next, true
	}
	firsts := s.theDays(r)
	for _, first := range firsts {
		lasts := s.after(first, l)
		for _, last := range lasts {
			if !last.last.Before(first.first) {
				out = append(out, stretch{first: first.first, last: last.last, grain: "range", assumed: first.assumed || last.assumed})
			}
		}
	}
	return either(out...), next, true
}

// after is what the end of a range means, seen from its beginning.
func (s *scan) after(first stretch, l *said) []stretch {
	switch {
	case l.named && l.period == nil && l.which == plain && !l.dated && !l.based && !l.shifted:
		return []stretch{dayOn(onOrAfter(first.first, l.weekday))}
	case l.dated && l.date.year == 0 && l.period == nil || l.feast != nil && l.date.year == 0:
		then := *s
		then.Past, then.Now = false, first.first
		return then.theDays(l)
	case len(l.period) == 1 && l.period[0].grain == "month" && l.period[0].last.Before(first.first):
		return []stretch{monthFrom(l.period[0].first.Year()+1, l.period[0].first.Month())}
	}
	return s.theDays(l)
}

// lastingFrom passes how long days last that begin on one: "from friday for a week".
func (s *scan) lastingFrom(i int) (int, bool) {
	for range 2 {
		if s.is(i, ",", "for", "fur", "durante", "pour", "pendant", "por", "lasting") {
			i++
		}
	}
	a, next, ok := s.amountAt(i)
	return next, ok && a.minutes == 0
}

// countedDays reads "the next three days", from tomorrow on, "within two weeks", from
// today on, and "the last ten days", up to today.
func (s *scan) countedDays(i int) ([]stretch, int, bool) {
	way := 1
	_, at, deadline := s.v.within.at(s.tokens, i)
	a, next, ok := s.amountAt(at)
	if !deadline {
		if way, a, next, ok = s.rest(i); !ok {
			return nil, i, false
		}
	}
	if !ok || a.minutes != 0 {
		return nil, i, false
	}
	today := s.today()
	ends := s.moved(today, a.times(float64(way)))
	var out []stretch
	for _, end := range ends {
		switch {
		case deadline:
			out = append(out, stretch{first: today, last: end.first, grain: "range"})
		case a.months != 0 || a.days >= 7 && int(a.days)%7 == 0: // from today, or whole weeks from Monday
			return nil, next, true
		case way > 0:
			out = append(out, stretch{first: today.AddDate(0, 0, 1), last: end.first, grain: "range"})
		default:
			out = append(out, stretch{first: end.first, last: today.AddDate(0, 0, -1), grain: "range"})
		}
	}
	return out, next, true
}

// rest reads "the next three days" and "les trois prochains jours".
func (s *scan) rest(i int) (way int, a amount, next int, ok bool) {
	if way, at, ok := s.v.rests.at(s.tokens, i); ok {
		a, next, ok = s.amountAt(at)
		return way, a, next, ok
	}
	n, at, ok := s.quantity(i)
	if !ok {
		return 0, a, i, false
	}
	if way, at, ok = s.v.rests.at(s.tokens, at); ok {
		a, next, ok = s.lengthAt(at, n)
	}
	return way, a, next, ok
}

// bounded reads a range with one end: "until friday", "since monday", "friday or later".
func (s *scan) bounded(i int) ([]stretch, int, bool) {
	if _, _, day := s.v.days.at(s.tokens, i); day {
		return nil, i, false // "après-demain"
	}
	if _, _, counted := s.v.lasts.at(s.tokens, i); counted {
		return nil, i, false // "avant-dernier"
	}
	b, at, before := s.v.bounds.at(s.tokens, i)
	if !before && s.whole {
		if _, k, ok := s.v.from.at(s.tokens, i); ok && s.is(i, "from", "desde", "depuis", "ab", "starting") {
			b, at, before = _from, k, true
		}
	}
	if !before {
		at = i
	}
	at = s.pastDayCues(at)
	past := s.Past
	s.Past = past || before && b == _since
	s.bound, s.boundAt = before, at
	days, next, ok := s.daysAt(at)
	s.Past, s.bound = past, false
	if !ok {
		return nil, i, false
	}
	if after, end, found := s.v.boundsAfter.at(s.tokens, next); found {
		if before && after != b && !(s.is(next, "on")) {
			return nil, end, true
		}
		if !(s.is(next, "on") && end < len(s.tokens) && !s.closes(end)) {
			b, next, before = after, end, true
		}
	}
	if !before {
		return nil, i, false
	}
	if s.clockFollows(next) {
		return nil, next, true
	}
	if b != _until && b != _before {
		if after, ok := s.lastingFrom(next); ok {
			return nil, after, true
		}
	}
	var out []stretch
	for _, d := range days {
		switch {
		case b == _until:
			out = append(out, stretch{last: d.last, grain: "range"})
		case b == _before:
			out = append(out, stretch{last: d.first.AddDate(0, 0, -1), grain: "range"})
		case b == _after:
			out = append(out, stretch{first: d.last.AddDate(0, 0, 1), grain: "range"})
		default:
			out = append(out, stretch{first: d.first, grain: "range"})
		}
	}
	return out, next, true
}
