package slots

import "time"

// reading collects the parts of one date and time: "friday", "27 november", "at 5", "in the evening".
type reading struct {
	day     said
	dated   bool // a day is said
	named   bool // a weekday is
	clock   clock
	clocked bool
	part    string
	exact   time.Time // "in two hours"
	fixed   bool
	assumed bool
	noon    bool // the time is about noon
	late    bool // the day goes on after midnight: "tonight"
}

// whenAt reads a date, a time or both that begin at token i.
func (s *scan) whenAt(i int) (Slot, int, bool) {
	if !s.wants(Date) && !s.wants(Time) && !s.wants(Moment) && !s.wants(Range) && !s.wants(Hours) {
		return Slot{}, i, false
	}
	if next, ok := s.vagueDistance(i); ok {
		return Slot{}, next, true
	}
	var r reading
	next, ok := s.element(i, &r)
	if !ok {
		return Slot{}, i, false
	}
	for more := true; more && !r.fixed; {
		more = false
		for k, fillers := next, 0; fillers < 4 && k < len(s.tokens); fillers++ {
			if after, ok := s.element(k, &r); ok {
				next, more = after, true
				break
			}
			if !s.v.fillers[s.tokens[k].text] && !s.v.dayLinks[s.tokens[k].text] {
				break
			}
			k++
		}
	}
	switch {
	case r.part != "" && r.day.empty() && !r.clocked:
		return Slot{}, i, false
	case !r.day.empty() && (r.day.bad || s.unread(i, next, false)):
		return Slot{unread: true}, next, true
	case (r.clocked || r.fixed || s.whole || !r.day.empty()) && s.denied(i, next), s.pieceOfMore(i, next, &r):
		return Slot{}, next, true
	}
	slot, ok := s.settle(r)
	return slot, next, ok
}

// element adds the part of a date and time at token i to r, unless r has such a part.
func (s *scan) element(i int, r *reading) (next int, ok bool) {
	if i >= len(s.tokens) {
		return i, false
	}
	if r.day.empty() && !r.clocked {
		if next, ok := s.length(i, r); ok {
			return next, true
		}
	}
	if !r.clocked && r.part == "" {
		first := r.day.empty() && !s.greeting(i)
		part, next, ok := s.v.parts.at(s.tokens, i)
		if _, day, isDay := s.v.days.at(s.tokens, i); isDay && day >= next {
			first = false
		}
		if ok && (first || (r.dated || r.named) && next > i+1) {
			r.part = part
			return next, true
		}
	}
	if s.timeFirst(i, r) {
		// the time below
	} else if next, ok := s.dayAt(i, &r.day); ok {
		r.named, r.dated = r.day.named, r.day.dated || r.day.based || r.day.feast != nil || r.day.shifted
		switch part := r.day.part; {
		case part == "noon":
			r.clock, r.clocked = clock{minutes: noon, noon: true}, true
		case part != "":
			r.part = part
		}
		r.day.part = ""
		_, _, night := s.v.nights.at(s.tokens, i)
		r.late = r.late || night
		return next, true
	}
	if !r.clocked || r.clock.noon && !r.noon {
		if c, next, ok := s.clockAt(i, r); ok {
			r.noon = r.clocked
			r.clock, r.clocked = c, true
			return next, true
		}
	}
	if m, next, ok := s.v.noons.at(s.tokens, i); ok && m == noon && r.clocked && !r.clock.noon {
		r.noon = true // "um eins mittags"
		return next, true
	}
	if r.part == "" && (r.dated || r.named || r.clocked) {
		if part, next, ok := s.v.parts.at(s.tokens, i); ok {
			r.part = part
			return next, true
		}
		if s.v.language == "de" && s.is(i, "morgen") && (r.dated || r.named) {
			r.part = "morning"
			return i + 1, true
		}
	}
	return i, false
}

// length reads a moment at a distance: "in two hours", "half an hour ago".
func (s *scan) length(i int, r *reading) (int, bool) {
	sign, at := 0.0, i
	if _, ahead, ok := s.v.in.at(s.tokens, i); ok {
		sign, at = 1, ahead
	} else if _, after, ok := s.v.ago.at(s.tokens, i); ok {
		sign, at = -1, after
	}
	a, next, ok := s.amountAt(at)
	if !ok || a.minutes == 0 {
		return i, false
	}
	if _, after, ok := s.v.fromNow.at(s.tokens, next); ok && sign >= 0 {
		sign, next = 1, after
	} else if _, after, ok := s.v.agoAfter.at(s.tokens, next); ok && sign == 0 {
		sign, next = -1, after
	}
	if sign == 0 {
		return i, false
	}
	r.exact, r.fixed = a.times(sign).exactly(s.Now.Truncate(time.Minute)), true
	return next, true
}

// here is minutes after the midnight of a civil day in the consumer's zone.
func (s *scan) here(day time.Time, minutes int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, minutes/60, minutes%60, 0, 0, s.zone)
}

// settle decides what the parts mean together.
func (s *scan) settle(r reading) (Slot, bool) {
	switch {
	case r.fixed:
		return Slot{Kind: Moment, Value: r.exact.Format(time.RFC3339), At: r.exact}, true
	case r.day.empty() && !r.clocked:
		return Slot{}, false
	case r.day.empty() && r.clock.foreign:
		return Slot{}, true
	case r.day.empty() && r.clock.bound != uncued:
		return s.hoursSlot(r, false, false, time.Time{}), true
	case r.day.empty() && r.clock.second && s.found[len(s.found)-1].Kind == Moment: // "friday at 3 or 4"
		h, sense := s.decide(r, false, false)
		y, m, d := s.found[len(s.found)-1].At.Date()
		if !sense {
			return Slot{}, true
		}
		return s.momentSlot(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), h, r.clock.seconds), true
	case r.day.empty():
		h, sense := s.decide(r, false, false)
		if !sense {
			return Slot{}, true
		}
		return s.timeSlot(h, r.clock.seconds), true
	}
	days := s.theDays(&r.day)
	if len(days) == 0 {
		return Slot{unread: true}, true
	}
	var slots []Slot
	for _, d := range days {
		slots = append(slots, s.onDay(r, d)...)
	}
	return likeliest(slots), true
}

// onDay is what is said of one of the days that are meant.
func (s *scan) onDay(r reading, d stretch) []Slot {
	today := d.first.Equal(s.today())
	if r.clocked && s.asked == Hours && r.clock.bound != uncued && !r.clock.foreign && d.grain == "day" {
		return []Slot{s.hoursSlot(r, true, today, d.first)}
	}
	if !r.clocked || r.clock.bound != uncued || r.clock.foreign {
		return []Slot{{Kind: Date, Value: d.first.Format(time.DateOnly), At: s.here(d.first, 0), Until: s.here(d.last, 0), Grain: d.grain, Part: r.part, Assumed: r.assumed || d.assumed,
			counted: r.day.shifted, far: r.day.shifted && r.day.offset.months != 0 && d.grain == "day"}}
	}
	h, sense := s.decide(r, true, today)
	if !sense || d.grain != "day" {
		return nil // an hour of which day?
	}
	slot := s.momentSlot(d.first.AddDate(0, 0, h.after), h, r.clock.seconds)
	slot.Assumed = slot.Assumed || r.assumed || d.assumed || h.either
	if h.either {
		return []Slot{slot, s.momentSlot(d.first.AddDate(0, 0, h.after-1), h, r.clock.seconds)}
	}
	return []Slot{slot}
}

// likeliest is the first meaning, which keeps the other ones; none is no value.
func likeliest(slots []Slot) Slot {
	if len(slots) == 0 {
		return Slot{}
	}
	slot := slots[0]
	slot.Assumed = slot.Assumed || len(slots) > 1
	slot.others = append(slot.others, slots[1:]...)
	return slot
}
