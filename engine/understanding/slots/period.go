package slots

import "time"

// periodAt reads a week, a month, a quarter or a year: "next week", "the week of 7
// october", "march 2027", "week 48".
func (s *scan) periodAt(i int, r *said) (int, bool) {
	if r.ofYear() && r.months == 0 && !r.dated && !r.based && r.feast == nil { // "next year in march"
		k := i
		for range 2 {
			if s.v.monthCues[s.textAt(k)] || s.v.dayLinks[s.textAt(k)] {
				k++
			}
		}
		if month, next, ok := s.monthName(k); ok {
			r.period = []stretch{monthFrom(r.period[0].first.Year(), time.Month(month))}
			r.months = month
			return next, true
		}
	}
	if r.period != nil || r.based && r.named {
		return i, false
	}
	at := i
	for range 2 {
		if at < len(s.tokens) && s.v.dayLinks[s.tokens[at].text] && !s.is(at, ",") {
			at++
		}
	}
	for _, k := range []int{i, at} {
		if next, ok := s.nthAt(k, r); ok && r.period != nil {
			return next, true
		} else if ok {
			r.base, r.based, r.bad = nil, false, false
			return i, false // "der letzte Tag des Monats" begins behind the article
		}
		for _, form := range []func(int, *said) ([]stretch, int, bool){s.weekOf, s.weekNumber, s.relativePeriod, s.quarter, s.monthPeriod, s.yearAlone} {
			if p, next, ok := form(k, r); ok {
				r.period = p
				return next, true
			}
		}
		if at == i {
			break
		}
	}
	return i, false
}

// relativePeriod reads "next week", "la semaine prochaine", "this weekend".
func (s *scan) relativePeriod(i int, _ *said) ([]stretch, int, bool) {
	w, at, modified := s.v.which.at(s.tokens, i)
	grain, next, ok := s.v.grains.at(s.tokens, at)
	if !ok {
		return nil, i, false
	}
	if after, end, found := s.v.whichAfter.at(s.tokens, next); found {
		next = end
		if !modified || w == thisOne {
			w, modified = after, true
		}
	}
	weekend := grain == "weekend" && s.v.dayLinks[s.textAt(i-1)]
	if !modified && !weekend {
		return nil, i, false
	}
	today := s.today()
	span := func(n int) stretch { return spanOf(grain, today, n) }
	if grain == "weekend" && w != thisOne && modified {
		return theOne(w, span, today), next, true
	}
	switch w {
	case afterNext:
		return []stretch{span(2)}, next, true
	case beforeLast:
		return []stretch{span(-2)}, next, true
	}
	return []stretch{span(sign(w))}, next, true
}

// weekOf reads the week of a day. One of a Sunday may be the one that begins with it.
func (s *scan) weekOf(i int, _ *said) ([]stretch, int, bool) {
	_, at, ok := s.v.weekOf.at(s.tokens, i)
	if !ok {
		return nil, i, false
	}
	days, next, ok := s.daysAt(at)
	if !ok {
		return nil, i, false
	}
	var weeks []stretch
	for _, d := range days {
		if d.grain != "day" {
			return nil, i, false
		}
		weeks = append(weeks, weekFrom(mondayOf(d.first)))
		if d.first.Weekday() == time.Sunday {
			weeks = append(weeks, weekFrom(d.first.AddDate(0, 0, 1)))
		}
	}
	return either(weeks...), next, true
}

// weekNumber reads a week by its number in ISO 8601.
func (s *scan) weekNumber(i int, _ *said) ([]stretch, int, bool) {
	_, at, ok := s.v.weekNumber.at(s.tokens, i)
	if s.is(at, ".") && s.tight(at) {
		at++
	}
	n, isNumber := s.integer(at, 2)
	if !ok || !isNumber || n < 1 || n > 53 || s.is(at+1, "-", ".", "/", ":") && s.tight(at+1) && s.class(at+2) == figure {
		return nil, i, false
	}
	next := at + 1
	monday := func(year int) time.Time {
		return mondayOf(dayOfYear(year, 1, 4)).AddDate(0, 0, 7*(n-1))
	}
	if s.is(next, "/", "-") && s.tight(next) {
		next++
	}
	if year, ok := s.fullYear(next); ok && len(s.tokens[next].text) == 4 {
		return []stretch{weekFrom(monday(year))}, next + 1, true
	}
	week := weekFrom(monday(s.Now.Year()))
	switch {
	case !s.Past && week.last.Before(s.today()):
		week = weekFrom(monday(s.Now.Year() + 1))
	case s.Past && week.first.After(s.today()):
		week = weekFrom(monday(s.Now.Year() - 1))
	}
	return []stretch{week}, at + 1, true
}

// quarter reads "Q3", "third quarter of 2027".
func (s *scan) quarter(i int, _ *said) ([]stretch, int, bool) {
	n, next, ok := 0, i, false
	if s.is(i, "q", "t") && s.tight(i+1) {
		n, ok = s.integer(i+1, 1)
		next = i + 2
	} else if n, next, ok = s.nth(i); ok {
		_, next, ok = s.v.quarters.at(s.tokens, next)
	}
	if !ok || n < -1 || n == 0 || n > 4 {
		return nil, i, false
	}
	if n < 0 {
		n = 4
	}
	if year, after, ok := s.yearAfter(next); ok {
		return []stretch{quarterOf(year, n)}, after, true
	}
	for k := next; k < next+3; k++ {
		var in said
		if after, ok := s.relativeAt(k, &in); ok && in.ofYear() {
			return []stretch{quarterOf(in.period[0].first.Year(), n)}, after, true
		}
		if !s.v.dayLinks[s.textAt(k)] {
			break
		}
	}
	q := quarterOf(s.Now.Year(), n)
	switch {
	case !s.Past && q.last.Before(s.today()):
		q = quarterOf(s.Now.Year()+1, n)
	case s.Past && q.first.After(s.today()):
		q = quarterOf(s.Now.Year()-1, n)
	}
	return []stretch{q}, next, true
}

// relativeAt reads a relative period without words before it.
func (s *scan) relativeAt(i int, r *said) (int, bool) {
	p, next, ok := s.relativePeriod(i, r)
	r.period = p
	return next, ok
}

// monthPeriod reads a month: "in december", "march 2027", "next march". By itself
// it counts only as a whole answer, because months are other words too.
func (s *scan) monthPeriod(i int, r *said) ([]stretch, int, bool) {
	if r.dated || r.based {
		return nil, i, false
	}
	if first, ok := s.integer(i, 2); ok && s.is(i+1, "/", ".", "-") && s.tight(i+1) && s.tight(i+2) && first >= 1 && first <= 12 && !s.tight(i) { // "03/2027"
		if year, ok := s.fullYear(i + 2); ok && len(s.tokens[i+2].text) == 4 && !s.tight2(i+3) && !(s.is(i+3, "/", "-", ".", ",") && s.class(i+4) == figure) {
			return []stretch{monthFrom(year, time.Month(first))}, i + 3, true
		}
	}
	w, at, modified := s.v.which.at(s.tokens, i)
	month, next, ok := s.monthName(at)
	if !ok {
		return nil, i, false
	}
	if after, end, found := s.v.whichAfter.at(s.tokens, next); found && !modified {
		w, next, modified = after, end, true
	}
	if year, after, ok := s.yearAfter(next); ok && !modified {
		return []stretch{monthFrom(year, time.Month(month))}, after, true
	}
	if !modified { // "march of next year"
		for k := next; k < next+3; k++ {
			var in said
			if after, ok := s.relativeAt(k, &in); ok && in.ofYear() {
				return []stretch{monthFrom(in.period[0].first.Year(), time.Month(month))}, after, true
			}
			if !s.v.dayLinks[s.textAt(k)] {
				break
			}
		}
	}
	cued := s.v.monthCues[s.textAt(i-1)] || s.v.monthCues[s.textAt(i-2)] && s.v.dayLinks[s.textAt(i-1)]
	if !modified && !cued && !s.only(i, next) && !r.shifted && !s.ranging {
		if _, ahead, ok := s.v.in.at(s.tokens, next); !ok || !s.whole || ahead == next {
			return nil, i, false
		}
	}
	this := func(n int) stretch { return monthFrom(s.Now.Year()+n, time.Month(month)) }
	today := s.today()
	switch {
	case modified && w != thisOne:
		return theOne(w, this, today), next, true
	case !s.Past && this(0).last.Before(today):
		if w == thisOne {
			return either(this(1), this(0)), next, true
		}
		return []stretch{this(1)}, next, true
	case s.Past && this(0).first.After(today):
		return []stretch{this(-1)}, next, true
	}
	return []stretch{this(0)}, next, true
}

// yearAlone reads "in 2027", "im Jahr 2027", "2027" as a whole answer.
func (s *scan) yearAlone(i int, r *said) ([]stretch, int, bool) {
	_, at, cued := s.v.yearCues.at(s.tokens, i)
	year, ok := s.fullYear(at)
	if !ok || len(s.tokens[at].text) != 4 || !cued && !s.only(at, at+1) || s.tight2(at+1) || s.tight(at) && s.class(at-1) != mark {
		return nil, i, false
	}
	if s.is(at+1, ":", ".", ",", "/", "-", "%", "€", "$") && s.tight(at+1) && at+2 < len(s.tokens) || !s.closes(at+1) || year < 1900 || year > 2200 || s.is(i, "of", "de") && r.empty() {
		return nil, i, false
	}
	return []stretch{yearOf(year)}, at + 1, true
}
