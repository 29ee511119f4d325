package slots

import (
	"math"
	"time"
)

// amount is a length of time that is counted from a day.
type amount struct {
	days, months, minutes float64
	work                  float64 // working days
	saturdays             bool    // which may be working days, or not
	idiom                 bool    // one day less as likely: "dans huit jours" is a week
}

func (a amount) times(n float64) amount {
	a.days, a.months, a.minutes, a.work = a.days*n, a.months*n, a.minutes*n, a.work*n
	return a
}

func whole(v float64) bool { return v == math.Trunc(v) }

// exactly is the moment that lies so far away.
func (a amount) exactly(t time.Time) time.Time {
	return t.AddDate(0, int(a.months), int(a.days)).Add(time.Duration(math.Round(a.minutes)) * time.Minute)
}

// moved is the day that lies so far away; none when it is no whole number of days.
func (s *scan) moved(t time.Time, a amount) []stretch {
	if !whole(a.days) || !whole(a.months) || !whole(a.work) || a.minutes != 0 {
		return nil
	}
	if a.months != 0 {
		t = addMonths(t, int(a.months))
	}
	t = t.AddDate(0, 0, int(a.days))
	switch {
	case a.work == 0 && a.idiom && a.days > 0:
		return []stretch{dayOn(t), dayOn(t.AddDate(0, 0, -1))}
	case a.work == 0 && a.idiom:
		return []stretch{dayOn(t), dayOn(t.AddDate(0, 0, 1))}
	case a.work == 0:
		return []stretch{dayOn(t)}
	}
	days := either(dayOn(s.workday(t, int(a.work), false)))
	if a.saturdays {
		days = either(days[0], dayOn(s.workday(t, int(a.work), true)))
	}
	return days
}

func (s *scan) allMoved(days []stretch, a amount) []stretch {
	var out []stretch
	for _, d := range days {
		switch {
		case a.days+a.months+a.work < 0:
			out = append(out, s.moved(d.first, a)...)
		default:
			out = append(out, s.moved(d.last, a)...)
		}
	}
	return either(out...)
}

// workday is the nth working day after a day, or before it.
func (s *scan) workday(t time.Time, n int, saturdays bool) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n = min(n, 1000); n > 0; {
		t = t.AddDate(0, 0, step)
		if s.working(t, saturdays) {
			n--
		}
	}
	return t
}

func (s *scan) working(t time.Time, saturdays bool) bool {
	return t.Weekday() != time.Sunday && (saturdays || t.Weekday() != time.Saturday) && !s.dayOff(t)
}

// addMonths keeps the day, or takes the month's last one.
func addMonths(t time.Time, n int) time.Time {
	first := dayOfYear(t.Year(), t.Month()+time.Month(n), 1)
	return first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1)
}

// amountAt reads "two weeks", "2 years 1 month and 21 days", "three working days".
func (s *scan) amountAt(i int) (a amount, next int, ok bool) {
	k := i
	for range 5 {
		n, at, found := s.quantity(k)
		if !found || n > 5000 {
			return a, next, ok
		}
		more, after, found := s.lengthAt(at, n)
		if !found || ok && more.work > 0 {
			return a, next, ok
		}
		a = amount{a.days + more.days, a.months + more.months, a.minutes + more.minutes, more.work, more.saturdays, s.idiom(k, n, more)}
		next, ok, k = after, true, after
		if a.work > 0 {
			return a, next, ok
		}
		if s.is(k, s.v.and, ",") {
			k++
		}
	}
	return a, next, ok
}

// idiom says that an amount counts both ends: eight days are a week, fifteen are two.
func (s *scan) idiom(i int, n float64, a amount) bool {
	return a.days == n && (n == 8 || n == 15 && s.v.language != "de") && s.v.language != "en" && (s.class(i) == word || s.v.language == "fr")
}

// lengthAt reads the unit of a length of time.
func (s *scan) lengthAt(i int, n float64) (amount, int, bool) {
	if both, next, ok := s.v.workdays.at(s.tokens, i); ok {
		return amount{work: n, saturdays: both}, next, true
	}
	unit, ok := s.v.lengths[s.textAt(i)]
	if !ok {
		return amount{}, i, false
	}
	next := i + 1
	if s.is(next, "'") && s.tight(next) && !s.is(next+1, "s") {
		next++ // "two weeks' time"
	}
	if s.is(next, ".") && s.tight(next) && next+1 < len(s.tokens) && len(s.tokens[i].text) <= 3 {
		next++
	}
	if v, after, half := s.v.andHalf.at(s.tokens, next); half {
		n, next = n+v, after
	}
	switch unit.grain {
	case "minute":
		return amount{minutes: n * unit.n}, next, true
	case "day":
		return amount{days: n * unit.n}, next, true
	}
	return amount{months: n * unit.n}, next, true
}

// quantity reads how many of a length, articles included.
func (s *scan) quantity(i int) (float64, int, bool) {
	for about := range 2 {
		_, next, ok := s.v.roughly.at(s.tokens, i)
		if !ok || about > 0 && next == i {
			break
		}
		i = next
	}
	if v, next, ok := s.v.shares.at(s.tokens, i); ok {
		if s.is(next, "'", "-") {
			next++
		}
		return v, next, true
	}
	if _, _, half := s.v.andHalf.at(s.tokens, i+1); half && s.v.lengths[s.textAt(i)].n > 0 {
		return 1, i, true // "hora y media"
	}
	n, next, ok := s.cardinal(i)
	return n.value, next, ok
}

// offsetAt reads "in two weeks", "3 days ago", "two days after christmas".
func (s *scan) offsetAt(i int, r *said) (int, bool) {
	if r.shifted || r.dated {
		return i, false
	}
	sign, at := 0.0, i
	if _, after, ok := s.v.in.at(s.tokens, i); ok {
		sign, at = 1, after
	} else if _, after, ok := s.v.ago.at(s.tokens, i); ok {
		sign, at = -1, after
	}
	a, next, ok := s.amountAt(at)
	if !ok {
		return s.weekdaysFromNow(i, at, sign, r)
	}
	if a.minutes != 0 {
		return i, false
	}
	if sign >= 0 && !r.based {
		if end, ok := s.anchored(next, a, r); ok {
			return end, true
		}
	}
	if _, after, ok := s.v.fromNow.at(s.tokens, next); ok && sign >= 0 {
		sign, next = 1, after
	} else if _, after, ok := s.v.agoAfter.at(s.tokens, next); ok && sign == 0 {
		sign, next = -1, after
	} else if n, after, ok := s.v.laterOn.at(s.tokens, next); ok && sign == 0 && s.overAt(after) {
		sign, next = float64(n), after
	}
	if sign != 0 && s.is(next, "than", "que", "als") { // "2 days later than planned"
		r.base, r.based, r.bad = nil, true, true
		return next + 1, true
	}
	if sign == 0 {
		return i, false
	}
	r.offset, r.shifted = a.times(sign), true
	return next, true
}

// overAt says that nothing but a mark or a word of politeness follows.
func (s *scan) overAt(i int) bool {
	return i >= len(s.tokens) || s.tokens[i].class == mark || s.polite(i) || s.is(i, "por") && s.polite(i+1) || s.is(i, "s", "if", "si", "wenn", "would", "is", "geht", "passt", "works")
}

// anchored reads the day from which a length counts, behind it.
func (s *scan) anchored(i int, a amount, r *said) (int, bool) {
	n, at, ok := s.v.anchors.at(s.tokens, i)
	switch {
	case ok && s.is(i, "on") && (a.months != 0 || int(a.days)%7 != 0): // "a week on tuesday"
		return i, false
	case !ok && s.v.language == "en" && (a.days == 7 || a.days == 14) && a.months == 0: // "a week tomorrow"
		n, at = 1, i
	case !ok:
		return i, false
	}
	days, next, ok := s.daysAt(at)
	if !ok || days[0].grain != "day" {
		return i, false
	}
	if a.months != 0 && !whole(a.months) {
		return i, false
	}
	days = s.allMoved(days, a.times(float64(n)))
	r.base, r.based, r.bad = days, true, len(days) == 0
	return next, true
}

// weekdaysFromNow reads "three fridays from now".
func (s *scan) weekdaysFromNow(i, at int, sign float64, r *said) (int, bool) {
	n, next, ok := s.cardinal(at)
	if !ok || n.article || !whole(n.value) || n.value < 1 || n.value > 52 || r.based || r.named {
		return i, false
	}
	name := s.textAt(next)
	day, ok := s.v.weekdays[name]
	if !ok && len(name) > 1 {
		day, ok = s.v.weekdays[name[:len(name)-1]]
	}
	if !ok {
		return i, false
	}
	next++
	if _, after, ok := s.v.fromNow.at(s.tokens, next); ok {
		sign, next = 1, after
	} else if _, after, ok := s.v.agoAfter.at(s.tokens, next); ok {
		sign, next = -1, after
	}
	switch {
	case sign > 0:
		r.base = []stretch{dayOn(onOrAfter(s.today().AddDate(0, 0, 1), day).AddDate(0, 0, 7*(int(n.value)-1)))}
	case sign < 0:
		r.base = []stretch{dayOn(onOrAfter(s.today().AddDate(0, 0, -7), day).AddDate(0, 0, -7*(int(n.value)-1)))}
	default:
		return i, false
	}
	r.based = true
	return next, true
}

// owners stand before an event that is no day by itself.
var owners = setOf("my our your his her their the this that mein meine meinem meiner unser unsere unserem unserer ihr ihre ihrem ihrer dem der mi mis nuestro nuestra su sus el la mon ma mes notre votre son sa leur le l")

// besideAt reads a day by another one: "the day after christmas", "the monday before
// easter", "the next working day". Without another one it is today's neighbour.
func (s *scan) besideAt(i int, r *said) (int, bool) {
	if r.based || r.dated || r.named || r.feast != nil {
		return i, false
	}
	if w, at, ok := s.v.which.at(s.tokens, i); ok && (sign(w) != 0) {
		if both, next, ok := s.v.workdays.at(s.tokens, at); ok {
			r.base = s.moved(s.today(), amount{work: float64(sign(w)), saturdays: both})
			r.based = true
			return next, true
		}
	}
	if n, at, ok := s.v.nextDay.at(s.tokens, i); ok {
		if days, next, ok := s.daysAt(at); ok && n != 0 {
			r.base, r.based = s.allMoved(days, amount{days: float64(n)}), true
			return next, true
		}
		if s.class(at) == word && (owners[s.tokens[at].text] || s.v.articles[s.tokens[at].text]) { // "the day before my wedding"
			r.base, r.based, r.bad = nil, true, true
			return at, true
		}
		if !s.is(at-1, "nach", "vor", "de", "del", "du", "d", "of", "a", "al", "von") {
			from := s.today()
			if found := len(s.found); found > 0 && s.found[found-1].Kind == Date { // "friday or the day after"
				y, m, d := s.found[found-1].At.Date()
				from = dayOfYear(y, m, d)
			}
			r.base, r.based = []stretch{dayOn(from.AddDate(0, 0, n))}, true
			return at, true
		}
		return i, false
	}
	day, at, _, ok := s.weekdayName(i, false)
	if !ok {
		return i, false
	}
	from := at
	n, at, ok := s.v.anchors.at(s.tokens, at)
	if !ok || at == from+1 && s.is(at-1, "on", "from", "since", "de", "del", "von", "ab", "seit", "desde", "depuis", "des") {
		return i, false
	}
	days, next, ok := s.daysAt(at)
	if !ok {
		return i, false
	}
	for k, d := range days {
		if n > 0 {
			days[k] = dayOn(onOrAfter(d.last.AddDate(0, 0, 1), day))
		} else {
			days[k] = dayOn(onOrAfter(d.first.AddDate(0, 0, -7), day))
		}
	}
	r.base, r.based = either(days...), true
	return next, true
}
