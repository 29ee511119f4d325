package slots

import "time"

// calendar is a day as a calendar has it; 0 is what was not said.
type calendar struct {
	year, month, day int
	swaps            bool // day and month may be the other way round
}

func (c calendar) asIs() calendar { return calendar{year: c.year, month: c.month, day: c.day} }

func (c calendar) swapped() calendar { return calendar{year: c.year, month: c.day, day: c.month} }

func civil(year int, month time.Month, day int) (time.Time, bool) {
	t := dayOfYear(year, month, day)
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

// dates are the days that a date of the calendar means; none when there is no such day.
func (s *scan) dates(r *said) []stretch {
	d := r.date
	if d.year == 0 && r.ofYear() {
		d.year = r.period[0].first.Year()
	}
	if d.month == 0 {
		return s.daysOfMonth(d.day, r)
	}
	var out []stretch
	for _, c := range []calendar{d, {d.year, d.day, d.month, d.swaps}} {
		if t, ok := s.onCalendar(c, r); ok {
			out = append(out, dayOn(t))
		}
		if !d.swaps {
			break
		}
	}
	s.noSuchDay = s.noSuchDay || len(out) == 0
	return either(out...)
}

func (s *scan) onCalendar(c calendar, r *said) (time.Time, bool) {
	if c.year != 0 {
		return civil(c.year, time.Month(c.month), c.day)
	}
	for _, p := range r.period {
		for _, year := range []int{p.first.Year(), p.last.Year()} {
			if t, ok := civil(year, time.Month(c.month), c.day); ok && p.holds(t) {
				return t, true
			}
		}
	}
	t, ok := s.near(time.Month(c.month), c.day)
	if r.named && ok && t.Weekday() != r.weekday && r.period == nil {
		// "Sunday, 10 February" two days after it
		for n := 1; n < 32; n++ {
			ago := s.today().AddDate(0, 0, -n)
			if ago.Day() == c.day && int(ago.Month()) == c.month && ago.Weekday() == r.weekday {
				return ago, true
			}
		}
	}
	return t, ok
}

// daysOfMonth are the days that a day of the month means: the one of the month that is
// said with it, else the next one.
func (s *scan) daysOfMonth(day int, r *said) []stretch {
	var out []stretch
	if r.period != nil {
		for _, p := range r.period {
			for _, first := range []time.Time{p.first, p.last} {
				if t, ok := civil(first.Year(), first.Month(), day); ok && p.holds(t) {
					out = append(out, dayOn(t))
				}
			}
		}
		return either(out...)
	}
	first := dayOfYear(s.Now.Year(), s.Now.Month(), 1)
	step := 1
	if s.Past {
		step = -1
	}
	for n := range 14 {
		at := first.AddDate(0, n*step, 0)
		t, ok := civil(at.Year(), at.Month(), day)
		if !ok || s.Past && t.After(s.today()) || !s.Past && t.Before(s.today()) {
			continue
		}
		if !r.named || t.Weekday() == r.weekday {
			return either(append([]stretch{dayOn(t)}, out...)...)
		}
		if out == nil { // "Friday the 14th", which is a Sunday: another month's, or another day
			out = append(out, dayOn(t))
		}
	}
	return out
}

// dateAt reads a date of the calendar.
func (s *scan) dateAt(i int, r *said) (int, bool) {
	if r.dated || r.shifted || r.based && r.named {
		return i, false
	}
	cue := i
	for range 2 {
		if s.v.dayCues[s.textAt(cue)] || s.is(cue, "dia") {
			cue++
		}
	}
	if _, _, counted := s.nth(cue); counted {
		if next, ok := s.nthAt(cue, r); ok {
			return next, true
		}
	}
	for _, at := range []int{i, cue} {
		for _, form := range []func(int, *said) (calendar, int, bool){s.isoDate, s.threeFields, s.numeric, s.dayMonth, s.monthDay, s.twoNumbers} {
			if d, next, ok := form(at, r); ok {
				r.date, r.dated = d, true
				return s.dateAfter(next, r), true
			}
		}
		if cue == i {
			break
		}
	}
	d, next, ok := s.dayAlone(i, r)
	if ok {
		r.date, r.dated = d, true
	}
	return next, ok
}

// dateAfter reads what may follow a date: "le 25 décembre prochain".
func (s *scan) dateAfter(i int, r *said) int {
	w, next, ok := s.v.whichAfter.at(s.tokens, i)
	if !ok || r.date.year != 0 || r.date.month == 0 || r.date.swaps {
		return i
	}
	past := s.Past
	s.Past = sign(w) < 0
	if t, ok := s.near(time.Month(r.date.month), r.date.day); ok && sign(w) != 0 {
		r.date.year, i = t.Year(), next
	}
	s.Past = past
	return i
}

// fullYear reads a year of two or four digits.
func (s *scan) fullYear(i int) (int, bool) {
	n, ok := s.integer(i, 4)
	if !ok {
		return 0, false
	}
	switch len(s.tokens[i].text) {
	case 4:
		return n, n >= 1000 && n <= 2999
	case 2:
		if s.hourUnit(i + 1) { // "24.12. 17 Uhr"
			return 0, false
		}
		n += s.Now.Year() / 100 * 100
		if n > s.Now.Year()+20 || s.Past && n > s.Now.Year() {
			n -= 100
		}
		return n, true
	}
	return 0, false
}

func (s *scan) isoDate(i int, _ *said) (calendar, int, bool) {
	year, ok := s.integer(i, 4)
	sep := s.textAt(i + 1)
	if !ok || len(s.tokens[i].text) != 4 || !s.is(i+1, "-", "/", ".") || !s.is(i+3, sep) || !s.tight(i+1) || !s.tight(i+2) || !s.tight(i+3) || !s.tight(i+4) || s.tight(i) && s.class(i-1) == figure {
		return calendar{}, i, false
	}
	month, ok1 := s.integer(i+2, 2)
	day, ok2 := s.integer(i+4, 2)
	return calendar{year: year, month: month, day: day}, i + 5, ok1 && ok2 && year >= 1000 && !s.tight2(i+5)
}

// threeFields reads three fields with the same sign between, one of which is a month
// in words and one a year of four digits: "23/Sep/2020".
func (s *scan) threeFields(i int, _ *said) (calendar, int, bool) {
	sep := s.textAt(i + 1)
	if !s.is(i+1, "-", "/", ".", ",") || !s.is(i+3, sep) || s.tight(i) && s.class(i-1) != mark {
		return calendar{}, i, false
	}
	var d calendar
	for k := i; k < i+5; k++ {
		if k > i && !s.tight(k) {
			return calendar{}, i, false
		}
	}
	for k := i; k < i+5; k += 2 {
		n, digits := s.integer(k, 4)
		switch {
		case digits && len(s.tokens[k].text) == 4 && d.year == 0:
			d.year = n
		case digits && n <= 31 && d.day == 0:
			d.day = n
		case s.class(k) == word && d.month == 0:
			d.month = int(Month(s.tokens[k].text))
		}
	}
	if d.year == 0 && d.day > 0 && d.month > 0 { // "23-Sep-20"
		if year, ok := s.fullYear(i + 4); ok && s.class(i+2) == word {
			d.year = year
		}
	}
	return d, i + 5, d.year > 0 && d.month > 0 && d.day > 0
}

// numeric reads "24.12.", "24/12/2026", "12/24".
func (s *scan) numeric(i int, r *said) (calendar, int, bool) {
	no := func() (calendar, int, bool) { return calendar{}, i, false }
	first, ok := s.integer(i, 2)
	sep := s.textAt(i + 1)
	if !ok || !s.is(i+1, ".", "/", "-") || !s.tight(i+1) || s.tight(i) && (s.class(i-1) == word || s.is(i-1, "-") && !s.ranging || s.is(i-1, ".", "/", ":", "#", "$", "€", "£")) {
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
	if s.tight(next) && (s.class(next) != mark || s.is(next, "-") && (!s.ranging || sep == "-") && s.class(next+1) == figure && s.tight(next+1) || s.is(next, ".", ",", "/", ":", "%") && s.class(next+1) == figure && s.tight(next+1)) || s.is(next, "€", "$", "£", "%") {
		return no()
	}
	closed := false
	if !full && sep == "." && s.is(next, ".") && s.tight(next) {
		next, closed = next+1, true
	}
	if year, after, ok := s.yearAfter(next); ok && !full && sep == "." && closed {
		return calendar{year: year, month: second, day: first}, after, true
	}
	if first == 24 && second == 7 && sep == "/" && !full && !r.named && !s.v.dayCues[s.textAt(i-1)] && !s.is(i-1, "on", "le", "until", "till", "by", "since", "from", "before", "after") {
		return no() // at any time
	}
	if !full && !closed && !s.dateLike(i, sep, first, second, r) {
		return no()
	}
	return s.ordered(calendar{year: year, month: second, day: first}, sep), next, true
}

// ordered decides which of two numbers is the month: in English by the country.
func (s *scan) ordered(d calendar, sep string) calendar {
	if sep == "." || s.v.language != "en" {
		return d
	}
	switch s.country {
	case "US", "CA", "PH":
		if d.day <= 12 || d.month > 12 {
			d.month, d.day = d.day, d.month
		}
	case "":
		d.swaps = d.day <= 12 && d.month <= 12 && d.day != d.month
		if d.month > 12 || d.swaps {
			d.month, d.day = d.day, d.month
		}
	default:
		if d.month > 12 {
			d.month, d.day = d.day, d.month
		}
	}
	return d
}

// dateLike tells a date of two numbers from a fraction, a decimal number and a range.
func (s *scan) dateLike(i int, sep string, first, second int, r *said) bool {
	cued := r.named || s.whole || s.v.dayCues[s.textAt(i-1)] || s.is(i-1, "on", "until", "till", "by", "since", "from", "seit", "desde", "hasta", "depuis", "avant")
	switch sep {
	case "-":
		return s.whole && (s.only(i, i+3) || s.v.dayCues[s.textAt(i-1)] || s.is(i-1, "on", "en") || r.named) && first > 0 && second > 0
	case "/":
		return cued || first > 12 && second <= 12 || second > 12 && second <= 31 && first <= 12
	}
	return cued && second >= 1 && second <= 12 && len(s.tokens[i+2].text) == 2 && !(s.is(i+3, "uhr", "h", "am", "pm"))
}

// only says that a whole answer has nothing but the tokens i … next, a cue and words
// that make it polite.
func (s *scan) only(i, next int) bool {
	if !s.whole {
		return false
	}
	for k, t := range s.tokens {
		if (k < i || k >= next) && t.class != mark && !s.polite(k) && !s.v.dayCues[t.text] && !s.v.fillers[t.text] {
			return false
		}
	}
	return true
}

// twoNumbers reads "17 02" and "24 12 2026" when nothing else is said.
func (s *scan) twoNumbers(i int, _ *said) (calendar, int, bool) {
	day, ok1 := s.integer(i, 2)
	month, ok2 := s.integer(i+1, 2)
	if !ok1 || !ok2 || !s.tokens[i+1].gap || day < 1 || month < 1 || day > 31 || month > 31 {
		return calendar{}, i, false
	}
	d, next := calendar{day: day, month: month}, i+2
	if year, ok := s.fullYear(next); ok && s.tokens[next].gap {
		d.year, next = year, next+1
	}
	return s.ordered(d, " "), next, s.only(i, next) && (month <= 12 || s.v.language == "en" && day <= 12)
}

// dayOf reads a day of the month: "24", "24th", "24.", "first", "veinticuatro".
func (s *scan) dayOf(i int) (n, next int, signed, ok bool) {
	if s.tight(i) && currencyOf(s.textAt(i-1), "") != "" || s.is(i-1, "$", "€", "£") {
		return 0, i, false, false
	}
	if n, ok := s.integer(i, 2); ok && !(s.tight(i) && s.class(i-1) == word && Month(s.tokens[i-1].text) == 0) {
		next = i + 1
		if s.is(next, ".") && s.is(next+1, "º", "°", "ª", "o") && s.tight(next) && s.tight(next+1) { // "1.º"
			return n, next + 2, true, n >= 1 && n <= 31
		}
		if s.tight(next) && (s.v.ordinalSigns[s.tokens[next].text] || s.is(next, ".", "º", "°", "er", "ro")) {
			return n, next + 1, true, n >= 1 && n <= 31
		}
		return n, next, false, n >= 1 && n <= 31
	}
	if n, next, ok := s.ordinal(i); ok && s.class(i) == word {
		return n, next, true, n <= 31
	}
	if c, next, ok := s.spelled(i); ok && (!c.article || s.is(i, "uno")) && c.value <= 31 && c.value >= 1 && c.decimals == 0 {
		return int(c.value), next, false, true
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

// yearAfter reads a year after a month or a holiday: 2026, '26, 26 when nothing is
// counted with it, "two thousand twenty-six".
func (s *scan) yearAfter(i int) (year, next int, ok bool) {
	k := s.links(i)
	if s.is(k, "of", "de", "del", "im") {
		k++
	}
	if s.is(k, "jahr", "jahre", "year", "ano") {
		k++
	}
	quoted := s.is(k, "'", "’")
	if quoted {
		k++
	}
	if year, ok := s.fullYear(k); ok && !(s.is(k+1, ":") && s.tight(k+1)) {
		_, _, part := s.v.parts.at(s.tokens, k+1)
		_, _, hours := s.v.hours.at(s.tokens, k+1)
		_, _, half := s.half(k + 1)
		plain := s.closes(k+1) && !hours && !half && !part && !s.is(k+1, "-", "/", "to", "bis", "a", "au", "am") && s.class(k+1) != figure
		joined := s.tight(k) && s.class(k-1) != mark
		switch four := len(s.tokens[k].text) == 4; {
		case four, quoted, plain && s.whole && !joined, plain && k+1 >= len(s.tokens) && !joined:
			return year, k + 1, true
		}
	}
	if s.class(k) == word {
		return s.yearInWords(k)
	}
	return 0, i, false
}

// yearInWords reads "two thousand twenty-six", "nineteen eighty-four".
func (s *scan) yearInWords(i int) (year, next int, ok bool) {
	c, next, ok := s.spelled(i)
	if !ok || c.article || c.decimals > 0 {
		return 0, i, false
	}
	if c.value >= 1000 && c.value <= 2999 {
		return int(c.value), next, true
	}
	rest, end, ok := s.spelled(next)
	if c.value < 11 || c.value > 29 || !ok || rest.decimals > 0 || rest.value < 10 || rest.value > 99 {
		return 0, i, false
	}
	return 100*int(c.value) + int(rest.value), end, true
}

// monthName reads the name of a month, in a whole answer also one with a wrong letter.
func (s *scan) monthName(i int) (month, next int, ok bool) {
	if s.class(i) != word {
		return 0, i, false
	}
	name := s.tokens[i].text
	month, next = int(Month(name)), i+1
	switch { // words too
	case name == "ago" && s.v.language != "es", name == "sept" && s.v.language == "fr" && s.class(i-1) != figure && !s.is(i-1, "-", "/", "."):
		return 0, i, false
	}
	if month == 0 && s.whole && len(name) >= 5 {
		month = misspelt(name)
	}
	if s.is(next, ".") && s.tight(next) && len(name) <= 5 && next+1 < len(s.tokens) {
		next++
	}
	return month, next, month > 0
}

func (s *scan) dayMonth(i int, _ *said) (calendar, int, bool) {
	day, next, signed, ok := s.dayOf(i)
	if !ok {
		return calendar{}, i, false
	}
	sep := next
	if (s.is(next, "-", "/")) && s.tight(next) && s.tight(next+1) {
		next++
	}
	next = s.links(next)
	month, after, ok := s.monthName(next)
	if !ok {
		return s.dayOrdinalMonth(i, day, sep, signed)
	}
	d := calendar{month: month, day: day}
	if (s.is(after, "-", "/")) && s.tight(after) && s.tight(after+1) {
		if year, ok := s.fullYear(after + 1); ok {
			d.year = year
			return d, after + 2, true
		}
	}
	if year, end, ok := s.yearAfter(after); ok {
		d.year, after = year, end
	}
	return d, after, true
}

// dayOrdinalMonth reads "17 del 11", "9 de 8 de 1971", "siebter vierter".
func (s *scan) dayOrdinalMonth(i, day, at int, signed bool) (calendar, int, bool) {
	month, next, ok := 0, at, false
	switch s.v.language {
	case "es":
		if s.is(at, "de", "del") && s.class(i) == figure {
			month, ok = s.integer(at+1, 2)
			next = at + 2
		}
	case "de":
		var m int
		var ordinal bool
		if m, next, ordinal, ok = s.dayOf(at); signed && ok && ordinal && (s.class(at) == word || s.class(i) == word) {
			month = m
		}
	}
	if !ok || month < 1 || month > 12 || s.is(next, ":", "%", "€") {
		return calendar{}, i, false
	}
	d := calendar{month: month, day: day}
	if year, end, ok := s.yearAfter(next); ok {
		d.year, next = year, end
	}
	return d, next, true
}

func (s *scan) monthDay(i int, _ *said) (calendar, int, bool) {
	month, next, ok := s.monthName(i)
	if !ok {
		return calendar{}, i, false
	}
	if s.is(next, "-", "/") && s.tight(next) && s.tight(next+1) || s.is(next, "the", "der", "den", "el", "le") {
		next++
	}
	day, after, signed, ok := s.dayOf(next)
	if !ok || s.class(next) == word && !signed && !s.whole || s.is(after, ":") && s.tight(after) || s.is(after, "%", "/") || s.v.language != "en" && signed && s.is(after-1, ".") && after < len(s.tokens) {
		return calendar{}, i, false
	}
	if _, weekday := s.v.shortDays[s.textAt(i)]; weekday {
		if _, _, month := s.monthName(s.links(after)); month {
			return calendar{}, i, false // "mar 8 dic" is a Tuesday
		}
	}
	if _, _, half := s.half(after); half {
		return calendar{}, i, false
	}
	if _, _, hours := s.v.hours.at(s.tokens, after); hours {
		return calendar{}, i, false
	}
	if s.is(after-1, ".") {
		after--
	}
	if v, end, ok := s.yearInWords(next); ok && s.class(next) == word && v > 31 { // "january two thousand"
		return calendar{}, end, false
	}
	d := calendar{month: month, day: day}
	if year, end, ok := s.yearAfter(after); ok {
		d.year, after = year, end
	}
	return d, after, true
}

// dayAlone reads a day of the month without its month: "the 24th", "am 24.".
func (s *scan) dayAlone(i int, r *said) (calendar, int, bool) {
	at := i
	cue := s.v.dayCues[s.textAt(i)] || s.is(i, "dia") || s.bound && i == s.boundAt
	for cue && at < i+2 && (s.v.dayCues[s.textAt(at)] || s.is(at, "dia")) {
		at++
	}
	if !cue && !s.whole && !r.named {
		return calendar{}, i, false
	}
	if w, after, ok := s.v.which.at(s.tokens, at); ok && cue && s.v.language == "es" && w == nextOne && s.class(after) == figure {
		at = after // "el próximo 24"
	}
	day, next, signed, ok := s.dayOf(at)
	if _, _, clock := s.v.pastHalf.at(s.tokens, at); clock && s.class(at) == word || s.is(at, "second") && s.is(at-1, "a", "one") {
		return calendar{}, i, false // "cuarto para las tres", "a second"
	}
	if ok && signed && !cue && !r.named && !s.closes(next) || ok && !r.named && s.class(at) == word && !s.closes(next) && !s.monthOf(next) && !s.is(next, "day") {
		return calendar{}, i, false // "5th floor", "first thing"
	}
	if _, _, month := s.monthName(s.links(next)); !ok || month || s.class(at) == word && !signed && !(s.whole || r.named || s.is(at-1, "dia")) || s.is(next, "%", "€", "$", ":", "/") || s.tight2(next) {
		return calendar{}, i, false
	}
	if _, _, hour := s.v.firmParts.at(s.tokens, next); s.hourUnit(next) || !signed && hour && !cue || s.halfAt(next) {
		return calendar{}, i, false // "viernes, 5 de la tarde"
	}
	if s.v.language == "en" && s.is(next, "day") {
		next++ // "20th day of next month"
	}
	if _, _, _, weekday := s.weekdayName(next, true); signed && weekday && !s.is(next-1, ".") {
		return calendar{}, i, false // "third friday"
	}
	if _, _, grain := s.v.grains.at(s.tokens, next); signed && grain {
		return calendar{}, i, false // "second week"
	}
	ofMonth := s.monthOf(next)
	firm := r.named || s.whole || s.is(i-1, "on", "by", "until", "till", "before", "after", "from", "since") || s.is(at-1, "am", "zum", "vom", "dia") || ofMonth
	switch {
	case ofMonth && (signed || cue || s.only(i, len(s.tokens)) || s.whole):
	case !signed && s.whole && cue && s.closes(next) && s.class(at) == figure:
	case !signed && r.named && s.eitherWord(next) && (s.halfAt(next+2) || s.hourUnit(next+2)): // "mon 9 or 10am"
		return calendar{}, i, false
	case !signed && r.named && s.closes(next) && s.class(at) == figure:
	case !signed && s.is(at-1, "dia") && s.closes(next):
	case !signed && s.whole && cue && s.closes(next) && (s.v.language == "es" || s.v.language == "fr"):
	case !signed && cue && r.named && s.closes(next) && s.v.language != "en":
	case !signed && (s.v.language == "en" || s.v.language == "de" && !s.is(at-1, "am") || !cue):
		return calendar{}, i, false
	case !firm && !s.closes(next), !signed && !s.closes(next), !signed && s.class(at) == word:
		return calendar{}, i, false
	}
	return calendar{day: day}, next, true
}

// monthOf says that the month of a day follows: "of next month".
func (s *scan) monthOf(i int) bool {
	for range 3 {
		if i < len(s.tokens) && s.v.dayLinks[s.tokens[i].text] {
			i++
		}
	}
	var r said
	_, ok := s.periodAt(i, &r)
	return ok && r.period[0].grain == "month" && Month(s.textAt(i)) == 0
}
