package slots

import (
	"strings"
	"time"
)

// said is what an expression says of a day, piece by piece.
type said struct {
	weekday time.Weekday
	named   bool // a weekday is said
	which   which
	later   int       // days after it: "tuesday week"
	date    calendar  // "24 December"
	dated   bool      // the date or another day is said
	base    []stretch // days by themselves: "tomorrow", "the last friday of march"
	based   bool
	period  []stretch // "next week"
	months  int       // the month that is said within a year
	feast   *feast
	ofFeast which
	offset  amount // "in two weeks"
	shifted bool
	part    string // "evening", of "friday evening"
	bad     bool   // a piece that cannot be: "31 November"
}

func (r *said) empty() bool {
	return !r.named && !r.dated && !r.based && r.period == nil && r.feast == nil && !r.shifted && !r.bad
}

// today is the consumer's civil day, at midnight UTC.
func (s *scan) today() time.Time {
	y, m, d := s.Now.Date()
	return dayOfYear(y, m, d)
}

// dayAt adds the piece at token i to what is said, unless it has such a piece.
func (s *scan) dayAt(i int, r *said) (next int, ok bool) {
	if r.bad || i >= len(s.tokens) || !s.dayOpens(i) {
		return i, false
	}
	for _, piece := range []func(int, *said) (int, bool){s.offsetAt, s.nthAt, s.besideAt, s.feastAt, s.dateAt, s.periodAt, s.dayWordAt, s.weekdayAt} {
		if next, ok := piece(i, r); ok {
			return next, true
		}
	}
	return i, false
}

// dayPhrase reads what is said of a day from token i on, without times of day.
func (s *scan) dayPhrase(i int) (r said, next int, ok bool) {
	next = i
	for k, fillers := i, 0; fillers < 4 && k < len(s.tokens); fillers++ {
		if after, found := s.dayAt(k, &r); found {
			next, ok, k, fillers = after, true, after, -1
			continue
		}
		if _, to := s.connector(k, false); to && s.ranging && k > i {
			break
		}
		if !s.v.fillers[s.tokens[k].text] && !s.v.dayLinks[s.tokens[k].text] {
			break
		}
		k++
	}
	return r, next, ok
}

// daysAt reads a day or a period and what it may mean.
func (s *scan) daysAt(i int) ([]stretch, int, bool) {
	if s.depth > 1 {
		return nil, i, false
	}
	s.depth++
	defer func() { s.depth-- }()
	r, next, ok := s.dayPhrase(i)
	if !ok || r.bad {
		return nil, i, false
	}
	days := s.theDays(&r)
	return days, next, len(days) > 0
}

// dayWordAt reads "tomorrow", not the greeting "good morning" in German nor "in the morning" in Spanish.
func (s *scan) dayWordAt(i int, r *said) (int, bool) {
	if r.based || r.named && r.period != nil {
		return i, false
	}
	d, next, ok := s.v.days.at(s.tokens, i)
	if _, _, part := s.v.parts.at(s.tokens, i); !ok && !part && s.class(i) == word && len(s.textAt(i)) > 4 && s.only(i, i+1) {
		if w, found := nearest(s.textAt(i), s.dayWords()); found {
			d, next, ok = w, i+1, true
		}
	}
	if !ok || s.is(i, "morgen") && (r.named || s.is(i-1, "am", "guten", "guter", "jeden", "schonen")) || s.is(i, "manana") && s.is(i-1, "la", "cada") {
		return i, false
	}
	r.base, r.based, r.part = []stretch{dayOn(s.today().AddDate(0, 0, d.ahead))}, true, d.part
	if n, end, found := s.v.weekLater.at(s.tokens, next); found && (s.v.language != "en" || s.standsAlone(end)) {
		r.later, next = n, end // "demain en huit"
	}
	return next, true
}

// wished says that the day at token i is one that somebody is wished: "have a nice friday".
func (s *scan) wished(i int) bool {
	return s.is(i-1, "schonen", "feliz", "buen", "happy", "joyeux") || s.is(i-3, "have") && s.is(i-2, "a") || s.is(i-1, "bon") && s.only(i-1, i+1)
}

// weekdayAt reads a weekday with what says which one.
func (s *scan) weekdayAt(i int, r *said) (int, bool) {
	if r.named || r.based && r.period != nil {
		return i, false
	}
	w, at, modified := s.v.which.at(s.tokens, i)
	day, next, part, ok := s.weekdayName(at, modified || !r.empty())
	if !ok || s.wished(at) {
		return i, false
	}
	if after, end, found := s.v.whichAfter.at(s.tokens, next); found && (s.tokens[next].gap || s.tight(next)) {
		next = end
		switch {
		case !modified || w == plain:
			w = after
		case w == thisOne && sign(after) > 0:
			w = comingOne
		case w == thisOne && sign(after) < 0:
			w = pastOne
		}
	}
	if n, end, found := s.v.weekLater.at(s.tokens, next); found && (s.v.language != "en" || s.standsAlone(end)) {
		r.later, next = n, end
	}
	r.weekday, r.named, r.which, r.part = day, true, w, part
	return next, true
}

// standsAlone says that "tuesday week" is not the beginning of "tuesday week after next".
func (s *scan) standsAlone(i int) bool {
	_, _, which := s.v.whichAfter.at(s.tokens, i)
	return !which && s.class(i) != figure
}

// weekdayName reads the name of a weekday; short ones need company.
func (s *scan) weekdayName(i int, company bool) (day time.Weekday, next int, part string, ok bool) {
	name := s.textAt(i)
	if s.class(i) != word {
		return 0, i, "", false
	}
	next = i + 1
	day, ok = s.v.weekdays[name]
	if !ok {
		if day, ok = s.v.shortDays[name]; ok {
			dot := s.is(next, ".") && s.tight(next)
			beside := next
			if dot || s.is(next, ",") {
				beside++
			}
			company = company && name != "so" || s.is(i-1, "/") && (s.isDayName(i-2) || s.is(i-2, ".") && s.isDayName(i-3)) || s.ranging && (s.isDayName(i-2) || s.is(next, "-") && s.isDayName(next+1))
			if s.whole && name != "so" && s.closes(beside) && (s.begins(i) || s.isDayName(i-2) && (s.eitherWord(i-1) || s.is(i-1, "/"))) {
				company = true // "Mo passt", "am Fr", "sat or sun"
			}
			ok = company || s.class(beside) == figure || s.alone(i, next) || dot && len(name) > 2 && next+1 >= len(s.tokens)
		}
	}
	if ok && s.is(next, ".") && s.tight(next) && len(name) <= 5 && next+1 < len(s.tokens) {
		next++
	}
	if !ok {
		for _, g := range s.v.glued {
			if stem, found := strings.CutSuffix(strings.TrimSuffix(name, "s"), g.word); found && !ok {
				if day, ok = s.v.weekdays[stem]; ok {
					part = g.part
				}
			}
		}
	}
	if !ok && s.whole && len(name) >= 6 {
		day, ok = nearest(name, s.v.weekdays)
	}
	if !ok || s.is(next, "s") && s.tight(next) || s.is(next, "'") && s.tight(next) && s.is(next+1, "s") {
		return 0, i, "", false // "fridays" are no day
	}
	return day, next, part, true
}

// begins says that nothing but courtesies stands before token i.
func (s *scan) begins(i int) bool {
	for k := range i {
		if s.class(k) != mark && !s.polite(k) && !s.v.dayCues[s.tokens[k].text] {
			return false
		}
	}
	return true
}

// isDayName says that token i is the name of a weekday, a short one too.
func (s *scan) isDayName(i int) bool {
	_, long := s.v.weekdays[s.textAt(i)]
	_, short := s.v.shortDays[s.textAt(i)]
	return long || short
}

// theDays decides what the pieces mean together, likelier meanings first; none when
// they do not fit.
func (s *scan) theDays(r *said) []stretch {
	var found [][]stretch
	if r.based {
		found = append(found, r.base)
	}
	if r.dated {
		days := s.dates(r)
		if len(days) == 0 {
			return nil
		}
		found = append(found, days)
	}
	if r.feast != nil {
		days := s.feastDays(r)
		if len(days) == 0 {
			return nil
		}
		found = append(found, days)
	}
	switch {
	case len(found) == 0 && r.named && r.shifted:
		return s.weekdayFar(r)
	case len(found) == 0 && r.named:
		return s.weekdays(r)
	case len(found) == 0 && r.shifted:
		return s.far(r)
	case len(found) == 0:
		return r.period
	}
	days := found[0]
	for _, more := range found[1:] {
		days = agreed(days, more)
	}
	if r.shifted {
		if r.named || r.period != nil {
			return nil
		}
		days = s.allMoved(days, r.offset)
	}
	if r.later > 0 && !r.named {
		for i, d := range days {
			days[i] = d.shifted(r.later)
		}
	}
	if r.period != nil && !r.ofYear() {
		days = within(days, r.period)
	}
	if r.named && !(len(found) == 1 && r.dated && r.date.month == 0 && r.period == nil && len(days) > 1) {
		days = s.onWeekday(days, r)
	}
	return days
}

func (r *said) ofYear() bool { return len(r.period) == 1 && r.period[0].grain == "year" }

// agreed are the meanings that both have; when there is none, all are possible.
func agreed(a, b []stretch) []stretch {
	if both := within(a, b); len(both) > 0 {
		return both
	}
	return either(append(append([]stretch{}, a...), b...)...)
}

// within are the days that lie in one of the periods.
func within(days, periods []stretch) []stretch {
	var out []stretch
	for _, d := range days {
		for _, p := range periods {
			if p.holds(d.first) {
				out = append(out, d)
				break
			}
		}
	}
	return either(out...)
}

// onWeekday keeps the days that have the weekday. A contradiction is an ambiguity:
// "Monday the 24th", which is a Thursday.
func (s *scan) onWeekday(days []stretch, r *said) []stretch {
	var same []stretch
	for _, d := range days {
		switch on, ok := d.weekday(r.weekday); {
		case ok:
			same = append(same, dayOn(on))
		case d.grain == "day" && d.first.Weekday() == r.weekday:
			same = append(same, d)
		}
	}
	if len(same) > 0 {
		return either(same...)
	}
	r.dated, r.based, r.feast = false, false, nil
	return either(append(append([]stretch{}, days...), s.weekdays(r)...)...)
}

// weekdays are the days that a weekday means.
func (s *scan) weekdays(r *said) []stretch {
	today := s.today()
	if r.period != nil {
		var out []stretch
		for _, p := range r.period {
			if on, ok := p.weekday(r.weekday); ok {
				out = append(out, dayOn(on))
				if p.assumed { // the first week of a month may have begun before it
					out = append(out, dayOn(on.AddDate(0, 0, -7)))
				}
			}
		}
		return out
	}
	this := mondayOf(today).AddDate(0, 0, sinceMonday(r.weekday))
	var days []stretch
	switch w := r.which; {
	case r.later > 0:
		days = either(dayOn(onOrAfter(today, r.weekday)))
		if s.v.language == "en" && today.Weekday() == r.weekday {
			days = either(days[0], days[0].shifted(7))
		}
	case w == thisOne:
		return []stretch{dayOn(onOrAfter(today, r.weekday))}
	case w == plain && s.Past:
		return []stretch{dayOn(onOrAfter(today.AddDate(0, 0, -7), r.weekday))}
	case w == plain:
		return []stretch{dayOn(onOrAfter(today.AddDate(0, 0, 1), r.weekday))}
	default:
		return theOne(w, func(n int) stretch { return dayOn(this.AddDate(0, 0, 7*n)) }, today)
	}
	for i := range days {
		days[i] = days[i].shifted(r.later)
	}
	return days
}

// weekdayFar reads a weekday at a distance: "monday in two weeks" is the one of that
// week, or two weeks after the coming one.
func (s *scan) weekdayFar(r *said) []stretch {
	today := s.today()
	far := s.moved(today, r.offset)
	if len(far) != 1 || r.period != nil || r.which != plain || r.offset.work > 0 {
		return nil
	}
	at, weeks := far[0].first, r.offset.months == 0 && int(r.offset.days)%7 == 0
	inWeek := dayOn(mondayOf(at).AddDate(0, 0, sinceMonday(r.weekday)))
	switch {
	case weeks && r.offset.days > 0:
		return either(inWeek, dayOn(onOrAfter(today, r.weekday).AddDate(0, 0, int(r.offset.days))))
	case at.Weekday() == r.weekday:
		return []stretch{dayOn(at)}
	case weeks:
		return either(inWeek, dayOn(onOrAfter(at.AddDate(0, 0, -3), r.weekday)))
	}
	return either(inWeek, dayOn(onOrAfter(at, r.weekday)))
}

// far reads a distance by itself, or with a month: "march in a year".
func (s *scan) far(r *said) []stretch {
	days := s.moved(s.today(), r.offset)
	switch {
	case r.period == nil:
		return days
	case len(days) == 1 && len(r.period) == 1 && r.period[0].grain == "month" && r.offset.days == 0 && int(r.offset.months)%12 == 0:
		return []stretch{monthFrom(days[0].first.Year(), r.period[0].first.Month())}
	}
	return nil
}

// dayWords are the single words for days.
func (s *scan) dayWords() map[string]dayWord {
	words := map[string]dayWord{}
	for first, list := range s.v.days {
		for _, phrase := range list {
			if len(phrase.words) == 1 {
				words[first] = phrase.value
			}
		}
	}
	return words
}

// nearest is the weekday whose name differs from the word in one letter, or in two
// that are swapped; its first letter is right.
func nearest[T comparable](w string, names map[string]T) (found T, ok bool) {
	for name, v := range names {
		if len(name) < 6 || name[0] != w[0] || !oneEdit(w, name) {
			continue
		}
		if ok && found != v {
			return found, false
		}
		found, ok = v, true
	}
	return found, ok
}

// oneEdit says that two words differ in one letter that is missing, added or another
// one, or in two that are swapped.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) < len(b):
		return i < len(a) && a[i:] == b[i+1:]
	case i == len(a):
		return false
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
