package slots

import "time"

// nthAt reads a day or a week that is counted within a month, a quarter or a year: "the
// last friday of march", "first week of october", "third last day of the month".
func (s *scan) nthAt(i int, r *said) (int, bool) {
	if r.based || r.dated || r.period != nil || r.shifted {
		return i, false
	}
	n, at, ok := s.nth(i)
	if !ok || s.counting {
		return i, false
	}
	s.counting = true
	defer func() { s.counting = false }()
	weekday, next, _, isDay := s.weekdayName(at, true)
	kind := "weekday"
	if !isDay {
		if kind, next, ok = s.v.counts.at(s.tokens, at); !ok {
			if kind, next, ok = s.v.grains.at(s.tokens, at); !ok || kind != "week" && kind != "weekend" {
				return i, false
			}
		}
	}
	linked := false
	for next < len(s.tokens) && s.v.dayLinks[s.tokens[next].text] && !s.is(next, ",", "on") {
		next, linked = next+1, true
	}
	in, after, ok := s.container(next, linked)
	if !ok {
		return i, false
	}
	var days []stretch
	for _, p := range in.periods {
		if d, ok := s.counted(p, n, kind, weekday); ok {
			days = append(days, d)
		}
	}
	if in.open != nil {
		days = s.countedAhead(in.open, n, kind, weekday)
	}
	if len(days) == 0 {
		r.bad = true
		return after, true
	}
	if kind == "week" || kind == "weekend" {
		r.period = either(days...)
	} else {
		r.base, r.based = either(days...), true
	}
	return after, true
}

// nth reads "first", "last", "third last".
func (s *scan) nth(i int) (n, next int, ok bool) {
	if n, next, ok := s.v.lasts.at(s.tokens, i); ok {
		return n, next, true
	}
	n, next, ok = s.ordinal(i)
	if !ok && s.v.language == "de" {
		if n, ok = s.integer(i, 2); ok {
			next = i + 2
			ok = s.is(i+1, ".") && s.tight(i+1)
		}
	}
	if !ok || n < 1 {
		return 0, i, false
	}
	if last, after, ok := s.v.lasts.at(s.tokens, next); ok && last == -1 {
		return -n, after, true
	}
	if s.is(next, "to") && s.is(next+1, "last") {
		return -n, next + 2, true
	}
	return n, next, true
}

// container is what days are counted in: a period, or one of each year or month.
type container struct {
	periods []stretch
	open    func(n int) stretch // this year's with 0, the next one's with 1
}

// container reads what days are counted in.
func (s *scan) container(i int, linked bool) (container, int, bool) {
	if month, next, ok := s.monthName(i); ok {
		return s.monthContainer(time.Month(month), next)
	}
	if year, ok := s.fullYear(i); ok && len(s.tokens[i].text) == 4 && linked {
		return container{periods: []stretch{yearOf(year)}}, i + 1, true
	}
	if grain, next, ok := s.v.grains.at(s.tokens, i); ok && linked && grain != "week" && grain != "weekend" {
		if _, _, which := s.v.whichAfter.at(s.tokens, next); !which {
			return container{open: func(n int) stretch { return spanOf(grain, s.today(), n) }}, next, true
		}
	}
	var r said
	next, ok := s.periodAt(i, &r)
	return container{periods: r.period}, next, ok && r.period[0].grain != "week" && r.period[0].grain != "weekend"
}

// monthContainer reads the year of a month: "march 2027", "march of next year".
func (s *scan) monthContainer(month time.Month, next int) (container, int, bool) {
	if year, after, ok := s.yearAfter(next); ok {
		return container{periods: []stretch{monthFrom(year, month)}}, after, true
	}
	var r said
	for k := next; k < next+3 && k < len(s.tokens); k++ {
		if after, ok := s.periodAt(k, &r); ok && r.ofYear() {
			return container{periods: []stretch{monthFrom(r.period[0].first.Year(), month)}}, after, true
		}
		if !s.v.dayLinks[s.tokens[k].text] {
			break
		}
	}
	return container{open: func(n int) stretch { return monthFrom(s.Now.Year()+n, month) }}, next, true
}

// countedAhead is the nth day or week in the first period where it lies ahead, or
// behind when days lie behind.
func (s *scan) countedAhead(open func(n int) stretch, n int, kind string, weekday time.Weekday) []stretch {
	step := 1
	if s.Past {
		step = -1
	}
	for k := range 9 {
		d, ok := s.counted(open(k*step), n, kind, weekday)
		if ok && (s.Past && !d.first.After(s.today()) || !s.Past && !d.last.Before(s.today())) {
			return []stretch{d}
		}
	}
	return nil
}

// counted is the nth day or week within a period. A week counts when it lies in the
// period from Monday to Sunday.
func (s *scan) counted(p stretch, n int, kind string, weekday time.Weekday) (stretch, bool) {
	var d stretch
	switch kind {
	case "day":
		d = dayOn(p.first.AddDate(0, 0, n-1))
		if n < 0 {
			d = dayOn(p.last.AddDate(0, 0, n+1))
		}
	case "workday":
		d = dayOn(s.workday(p.first.AddDate(0, 0, -1), n, false))
		if n < 0 {
			d = dayOn(s.workday(p.last.AddDate(0, 0, 1), n, false))
		}
	case "weekday":
		d = dayOn(onOrAfter(p.first, weekday).AddDate(0, 0, 7*(n-1)))
		if n < 0 {
			d = dayOn(onOrAfter(p.last.AddDate(0, 0, -6), weekday).AddDate(0, 0, 7*(n+1)))
		}
	default:
		monday := onOrAfter(p.first, time.Monday).AddDate(0, 0, 7*(n-1))
		if n < 0 {
			monday = onOrAfter(p.last.AddDate(0, 0, -6), time.Sunday).AddDate(0, 0, 7*(n+1)-6)
		}
		d = weekFrom(monday)
		if kind == "weekend" {
			saturday := onOrAfter(p.first, time.Saturday).AddDate(0, 0, 7*(n-1))
			if n < 0 {
				saturday = onOrAfter(p.last.AddDate(0, 0, -6), time.Saturday).AddDate(0, 0, 7*(n+1))
			}
			d = stretch{first: saturday, last: saturday.AddDate(0, 0, 1), grain: "weekend"}
			return d, p.holds(d.first)
		}
		d.assumed = true
	}
	return d, p.holds(d.first) && p.holds(d.last)
}
