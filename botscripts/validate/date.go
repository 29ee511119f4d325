package validate

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/engine/understanding/slots"
)

var (
	isoDate   = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	shortDate = regexp.MustCompile(`\b(\d{1,2})([./-]) ?(\d{1,2})(?:[./-] ?(\d{4}|\d{2})?)?(?:$|[^\d.,/-])`)
	dayMonth  = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er|\.|º|o)?(?: of | de | |)([a-z]{3,10})\b\.?(?:,? (?:de |del |of )?(\d{4}\b|\d{2}$))?`)
	monthDay  = regexp.MustCompile(`\b([a-z]{3,10})\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4})\b)?`)
	farDay    = regexp.MustCompile(`\b(?:in|en|dentro de|dans) ([a-z]+|\d{1,3}) (days?|weeks?|months?|tag|tage|tagen|woche|wochen|monat|monate|monaten|dias?|semanas?|mes|meses|jours?|semaines?|mois)\b`)
)

// found collects the days that a text may mean.
type found struct {
	days    []time.Time
	invalid bool // a day that does not exist
	either  bool // day and month may be the other way round
}

func (f *found) add(t time.Time) {
	for _, d := range f.days {
		if d.Equal(t) {
			return
		}
	}
	f.days = append(f.days, t)
}

func date(text string, o Options) (any, Reason, bool) {
	from, until := o.dayBound(o.From), o.dayBound(o.Until)
	var f found
	f.written(text, o, from, until)
	weekday, named := saidWeekday(text, o.language())
	switch {
	case f.either:
		return nil, Unclear, false
	case f.invalid:
		return nil, NoSuchDay, false
	case len(f.days) == 1 && named && f.days[0].Weekday() != weekday:
		return nil, Unclear, false // "Monday the 24th", which is a Thursday
	}
	if len(f.days) == 0 {
		f.relative(text, o)
	}
	if len(f.days) == 0 && named {
		ahead := (int(weekday-o.today().Weekday()) + 6) % 7
		f.add(o.today().AddDate(0, 0, ahead+1))
	}
	if len(f.days) == 0 {
		f.dayOfMonth(text, o)
	}
	if len(f.days) == 0 {
		f.said(text, o)
	}
	switch {
	case len(f.days) == 0:
		return nil, NotUnderstood, false
	case len(f.days) > 1:
		return nil, Unclear, false
	}
	d := f.days[0]
	switch {
	case !from.IsZero() && d.Before(from):
		return nil, TooSmall, false
	case !until.IsZero() && d.After(until):
		return nil, TooLarge, false
	}
	return d.Format(time.DateOnly), "", true
}

// said takes the one day that a sentence holds: "in a couple of days".
func (f *found) said(text string, o Options) {
	if slot, ok := slots.One(slots.Date, text, o.slots()); ok && slot.Grain == "day" && !slot.Assumed {
		y, m, d := slot.At.Date()
		f.add(day(y, m, d))
	}
}

// written finds dates with day and month.
func (f *found) written(text string, o Options, from, until time.Time) {
	put := func(year string, month, dayOf int) {
		y := o.year(year, month, dayOf, from, until)
		t := day(y, time.Month(month), dayOf)
		if month < 1 || month > 12 || t.Day() != dayOf || y < 1900 || y > 2200 {
			f.invalid = true
			return
		}
		f.add(t)
	}
	for _, m := range isoDate.FindAllStringSubmatch(text, -1) {
		put(m[1], atoi(m[2]), atoi(m[3]))
	}
	if text = isoDate.ReplaceAllString(text, " "); len(f.days) > 0 || f.invalid {
		return
	}
	for _, m := range shortDate.FindAllStringSubmatch(text, -1) {
		dayOf, month := atoi(m[1]), atoi(m[3])
		if o.language() == "en" && m[2] != "." {
			switch region := o.region(); {
			case region == "US" || region == "CA" || region == "PH":
				dayOf, month = month, dayOf
			case region == "" && dayOf <= 12 && month <= 12 && dayOf != month:
				f.either = true
			case region == "" && month > 12:
				dayOf, month = month, dayOf
			}
		}
		put(m[4], month, dayOf)
	}
	for _, m := range dayMonth.FindAllStringSubmatch(text, -1) {
		if month := int(slots.Month(m[2])); month > 0 {
			put(m[3], month, atoi(m[1]))
		}
	}
	if len(f.days) > 0 || f.invalid {
		return
	}
	for _, m := range monthDay.FindAllStringSubmatch(text, -1) {
		if month := int(slots.Month(m[1])); month > 0 {
			put(m[3], month, atoi(m[2]))
		}
	}
}

// year completes a date. Without a year it is the next such day, or the last
// one when the next is out of bounds; two digits are the nearest past year
// when the day must be past, else one of about this time.
func (o Options) year(said string, month, dayOf int, from, until time.Time) int {
	today := o.today()
	switch len(said) {
	case 4:
		return atoi(said)
	case 2:
		y := today.Year()/100*100 + atoi(said)
		past := !until.IsZero() && !until.After(today)
		if y > today.Year()+20 || past && day(y, time.Month(month), dayOf).After(today) {
			y -= 100
		}
		return y
	}
	y := today.Year()
	for range 8 { // leap days are rare
		t := day(y, time.Month(month), dayOf)
		if t.Day() == dayOf && !t.Before(today) {
			break
		}
		if t.Day() != dayOf && !(month == 2 && dayOf == 29) {
			return y // no such day in any year
		}
		y++
	}
	if t := day(y, time.Month(month), dayOf); !until.IsZero() && t.After(until) {
		if last := day(y-1, time.Month(month), dayOf); !last.After(until) && (from.IsZero() || !last.Before(from)) {
			return y - 1
		}
	}
	return y
}

// relative finds "tomorrow" and "in three days".
func (f *found) relative(text string, o Options) {
	rest := " " + strings.Join(words(text), " ") + " "
	for _, language := range []string{o.language(), "en"} {
		for _, p := range dayWords(language) {
			if strings.Contains(rest, " "+p.phrase+" ") {
				rest = strings.ReplaceAll(rest, " "+p.phrase+" ", "  ")
				if p.ahead != noDay {
					f.add(o.today().AddDate(0, 0, p.ahead))
				}
			}
		}
	}
	for _, m := range farDay.FindAllStringSubmatch(text, -1) {
		n, ok := wordNumber(m[1], o.language())
		switch {
		case m[1][0] <= '9':
			n = atoi(m[1])
		case m[1] == "a" || m[1] == "an":
			n = 1
		case !ok:
			continue
		}
		switch m[2][0] {
		case 'd', 't', 'j':
			f.add(o.today().AddDate(0, 0, n))
		case 'w', 's':
			f.add(o.today().AddDate(0, 0, 7*n))
		case 'm':
			t := day(o.today().Year(), o.today().Month()+time.Month(n), 1)
			f.add(day(t.Year(), t.Month(), min(o.today().Day(), t.AddDate(0, 1, -1).Day())))
		}
	}
}

type dayWord struct {
	phrase string
	ahead  int
}

// noDay marks a phrase that holds a word for a day and means none.
const noDay = 1 << 20

// dayWords are a language's words for days near today, longer ones first.
func dayWords(language string) []dayWord {
	switch language {
	case "de":
		return []dayWord{{"heute morgen", 0}, {"ubermorgen", 2}, {"uebermorgen", 2}, {"vorgestern", -2}, {"morgen", 1}, {"heute", 0}, {"gestern", -1}}
	case "es":
		return []dayWord{{"pasado manana", 2}, {"esta manana", 0}, {"por la manana", noDay}, {"manana", 1}, {"anteayer", -2}, {"hoy", 0}, {"ayer", -1}}
	case "fr":
		return []dayWord{{"apres demain", 2}, {"avant hier", -2}, {"aujourd hui", 0}, {"demain", 1}, {"hier", -1}}
	}
	return []dayWord{{"day after tomorrow", 2}, {"day before yesterday", -2}, {"tomorrow", 1}, {"today", 0}, {"tonight", 0}, {"yesterday", -1}}
}

var ordinalDay = regexp.MustCompile(`\bthe (\d{1,2})(?:st|nd|rd|th)?\b|\b(\d{1,2})(?:st|nd|rd|th)\b|\b(?:am|zum) (\d{1,2})\.?(?:$|[ ,])|\b(?:el|el dia|le) (\d{1,2})\b|^(\d{1,2})\.$`)

// dayOfMonth finds "the 24th": the next month that has one.
func (f *found) dayOfMonth(text string, o Options) {
	for _, m := range ordinalDay.FindAllStringSubmatch(text, -1) {
		n := atoi(strings.Join(m[1:], ""))
		if n < 1 || n > 31 {
			continue
		}
		first := day(o.today().Year(), o.today().Month(), 1)
		for range 3 {
			t := day(first.Year(), first.Month(), n)
			if t.Day() == n && !t.Before(o.today()) {
				f.add(t)
				break
			}
			first = first.AddDate(0, 1, 0)
		}
	}
}

// saidWeekday is the only day of the week that is named.
func saidWeekday(text, language string) (weekday time.Weekday, ok bool) {
	names := strings.Fields("sunday monday tuesday wednesday thursday friday saturday")
	switch language {
	case "de":
		names = strings.Fields("sonntag montag dienstag mittwoch donnerstag freitag samstag")
	case "es":
		names = strings.Fields("domingo lunes martes miercoles jueves viernes sabado")
	case "fr":
		names = strings.Fields("dimanche lundi mardi mercredi jeudi vendredi samedi")
	}
	for _, word := range words(text) {
		if word == "sonnabend" {
			word = "samstag"
		}
		for i, name := range names {
			if word == name {
				if ok && weekday != time.Weekday(i) {
					return 0, false
				}
				weekday, ok = time.Weekday(i), true
			}
		}
	}
	return weekday, ok
}

// Day reads a bound as From and Until hold it; ok is false when it is none.
func (o Options) Day(bound string) (t time.Time, ok bool) {
	t = o.dayBound(bound)
	return t, !t.IsZero()
}

// dayBound is a bound of Options as a day; the zero time for none. What is
// no day sets no bound.
func (o Options) dayBound(s string) time.Time {
	if s == "today" {
		return o.today()
	}
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") {
		if n, err := strconv.Atoi(s); err == nil {
			return o.today().AddDate(0, 0, n)
		}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func day(year int, month time.Month, dayOf int) time.Time {
	return time.Date(year, month, dayOf, 0, 0, 0, 0, time.UTC)
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
