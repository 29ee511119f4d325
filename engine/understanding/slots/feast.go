package slots

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/engine"
)

// feast is a day with a name that comes every year. Its rules are a list of "COUNTRIES
// RULE" with ; between, as dayOfRule reads them; * is every other country.
type feast struct{ rules string }

// dayOfRule is the day of a rule in a year: "12-25", "easter+39", "4 thu 11" for the
// fourth Thursday of November, "-1 mon 5" for the last Monday of May, either with
// "+1" behind it for the day after, and "mon<05-25" for the Monday before 25 May.
func dayOfRule(rule string, year int) (time.Time, bool) {
	if far, ok := strings.CutPrefix(rule, "easter"); ok {
		n, err := strconv.Atoi(far)
		return easter(year).AddDate(0, 0, n), far == "" || err == nil
	}
	if name, before, ok := strings.Cut(rule, "<"); ok {
		day, known := ruleDays[name]
		t, ok := dayOfRule(before, year)
		return onOrAfter(t.AddDate(0, 0, -7), day), ok && known
	}
	parts := strings.Fields(rule)
	if len(parts) < 3 {
		t, err := time.Parse(time.DateOnly, strconv.Itoa(year)+"-"+rule)
		return t, err == nil
	}
	n, err1 := strconv.Atoi(parts[0])
	day, known := ruleDays[parts[1]]
	month, err2 := strconv.Atoi(parts[2])
	p := monthFrom(year, time.Month(month))
	t := onOrAfter(p.first, day).AddDate(0, 0, 7*(n-1))
	if n < 0 {
		t = onOrAfter(p.last.AddDate(0, 0, -6), day).AddDate(0, 0, 7*(n+1))
	}
	if len(parts) == 4 {
		more, err := strconv.Atoi(parts[3])
		return t.AddDate(0, 0, more), err == nil
	}
	return t, err1 == nil && err2 == nil && known && month >= 1 && month <= 12 && p.holds(t)
}

var ruleDays = map[string]time.Weekday{"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}

// easter is Easter Sunday of the Gregorian calendar.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return dayOfYear(year, time.Month(n/31), n%31+1)
}

// rulesIn are the rules of a feast in a country; when it is not known, those of the
// countries that speak the language.
func (f feast) rulesIn(country, language string) []string {
	var spoken, other []string
	for _, entry := range strings.Split(f.rules, ";") {
		countries, rule, _ := strings.Cut(strings.TrimSpace(entry), " ")
		switch list := strings.Split(countries, ","); {
		case slices.Contains(list, country):
			return []string{rule}
		case countries == "*":
			other = append(other, rule)
		case slices.ContainsFunc(list, func(c string) bool { return strings.Contains(speaking[language], c) }):
			spoken = append(spoken, rule)
		}
	}
	if country != "" && other != nil {
		return other
	}
	return append(spoken, other...)
}

var speaking = map[string]string{"en": "US GB CA AU IE NZ", "de": "DE AT CH", "es": "ES MX AR CO CL PE", "fr": "FR BE CH LU"}

// feastAt reads a holiday with what says of which year it is.
func (s *scan) feastAt(i int, r *said) (int, bool) {
	if r.feast != nil || r.dated || r.based || r.named && r.period != nil {
		return i, false
	}
	w, at, _ := s.v.which.at(s.tokens, i)
	if w == plain && s.v.dayLinks[s.textAt(at)] {
		at++
	}
	f, next, ok := s.own(at)
	if !ok {
		f, next, ok = s.v.feasts.at(s.tokens, at)
	}
	if !ok {
		return i, false
	}
	if after, end, found := s.v.whichAfter.at(s.tokens, next); found && w == plain {
		w, next = after, end
	}
	if year, after, ok := s.yearAfter(next); ok && w == plain {
		r.date.year, next = year, after
	}
	r.feast, r.ofFeast = &f, w
	return next, true
}

// own reads a holiday of the brand's own.
func (s *scan) own(i int) (feast, int, bool) {
	for _, h := range s.Holidays {
		words := holidayWords(h)
		if len(words) == 0 {
			continue
		}
		if next := follow(s.tokens, i, words); next > 0 {
			return feast{"* " + h.On}, next, true
		}
	}
	return feast{}, i, false
}

// feastDays are the days that a holiday means.
func (s *scan) feastDays(r *said) []stretch {
	var out []stretch
	today := s.today()
	for _, rule := range r.feast.rulesIn(s.country, s.v.language) {
		in := func(year int) stretch {
			t, ok := dayOfRule(rule, year)
			if !ok {
				return stretch{}
			}
			return dayOn(t)
		}
		at := func(n int) stretch { return in(today.Year() + n) }
		var days []stretch
		switch {
		case r.date.year != 0:
			days = []stretch{in(r.date.year)}
		case r.ofYear():
			days = []stretch{in(r.period[0].first.Year())}
		case r.ofFeast == thisOne:
			days = []stretch{at(0)}
		case r.ofFeast != plain:
			days = theOne(r.ofFeast, at, today)
		case s.Past && at(0).first.After(today):
			days = []stretch{at(-1)}
		case !s.Past && at(0).first.Before(today):
			days = []stretch{at(1)}
		default:
			days = []stretch{at(0)}
		}
		for _, d := range days {
			if !d.first.IsZero() {
				out = append(out, d)
			}
		}
	}
	return either(out...)
}

// dayOff says that a day is a public holiday where the consumer lives.
func (s *scan) dayOff(t time.Time) bool {
	if slices.Contains(s.DaysOff, t.Format(time.DateOnly)) {
		return true
	}
	off := func(t time.Time) bool {
		rules, ok := daysOff()[s.country]
		if !ok {
			rules = daysOff()[""]
		}
		for _, rule := range rules {
			if d, ok := dayOfRule(rule, t.Year()); ok && d.Equal(t) {
				return true
			}
		}
		return slices.ContainsFunc(s.Holidays, func(h engine.Holiday) bool {
			d, ok := dayOfRule(h.On, t.Year())
			return ok && d.Equal(t)
		})
	}
	ago := func(n int) bool { return off(t.AddDate(0, 0, -n)) }
	switch s.country { // a holiday on a weekend is made up for
	case "GB", "IE", "AU", "NZ", "CA":
		switch t.Weekday() {
		case time.Monday:
			return off(t) || ago(1) || ago(2)
		case time.Tuesday:
			return off(t) || ago(1) && ago(2) || ago(2) && ago(3)
		}
	case "US":
		return off(t) || t.Weekday() == time.Monday && ago(1) || t.Weekday() == time.Friday && ago(-1)
	}
	return off(t)
}

// daysOff are the public holidays of countries that everybody there has; "" is for all others.
var daysOff = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for country, list := range map[string]string{
		"":   "01-01,12-25",
		"DE": "01-01,easter-2,easter+1,05-01,easter+39,easter+50,10-03,12-25,12-26",
		"AT": "01-01,01-06,easter+1,05-01,easter+39,easter+50,easter+60,08-15,10-26,11-01,12-08,12-25,12-26",
		"CH": "01-01,easter+39,08-01,12-25",
		"FR": "01-01,easter+1,05-01,05-08,easter+39,easter+50,07-14,08-15,11-01,11-11,12-25",
		"BE": "01-01,easter+1,05-01,easter+39,easter+50,07-21,08-15,11-01,11-11,12-25",
		"LU": "01-01,easter+1,05-01,05-09,easter+39,easter+50,06-23,08-15,11-01,12-25,12-26",
		"ES": "01-01,01-06,easter-2,05-01,08-15,10-12,11-01,12-06,12-08,12-25",
		"MX": "01-01,1 mon 2,3 mon 3,05-01,09-16,3 mon 11,12-25",
		"US": "01-01,3 mon 1,3 mon 2,-1 mon 5,06-19,07-04,1 mon 9,2 mon 10,11-11,4 thu 11,12-25",
		"CA": "01-01,easter-2,mon<05-25,07-01,1 mon 9,2 mon 10,12-25",
		"GB": "01-01,easter-2,easter+1,1 mon 5,-1 mon 5,-1 mon 8,12-25,12-26",
		"IE": "01-01,easter+1,03-17,1 mon 5,1 mon 6,1 mon 8,-1 mon 10,12-25,12-26",
		"AU": "01-01,01-26,easter-2,easter+1,04-25,12-25,12-26",
		"NL": "01-01,easter+1,04-27,easter+39,easter+50,12-25,12-26",
		"IT": "01-01,01-06,easter+1,04-25,05-01,06-02,08-15,11-01,12-08,12-25,12-26",
		"PT": "01-01,easter-2,04-25,05-01,easter+60,06-10,08-15,10-05,11-01,12-01,12-08,12-25",
		"PL": "01-01,01-06,easter+1,05-01,05-03,easter+60,08-15,11-01,11-11,12-25,12-26",
	} {
		out[country] = strings.Split(list, ",")
	}
	return out
})
