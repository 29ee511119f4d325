package validate

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"parley/engine/understanding/slots"
)

func date(text string, o Options) (any, Reason, bool) {
	inside, read := o.days(text)
	switch {
	case len(inside) == 1:
		return inside[0], "", true
	case len(inside) > 1:
		return nil, Unclear, false
	case len(read) > 0:
		return nil, o.outside(read), false
	case slots.NoSuchDay(text, o.slots()):
		return nil, NoSuchDay, false
	case len(slots.Read(slots.Range, text, o.slots())) > 0: // a week, or days from one to another
		return nil, Unclear, false
	}
	return nil, NotUnderstood, false
}

// days are the days that a text may mean, likelier ones first: those within the bounds,
// and all. A day without a year lies ahead, or behind when only such a day may be said.
func (o Options) days(text string) (inside, read []string) {
	until := o.dayBound(o.Until)
	past := !until.IsZero() && !until.After(o.today())
	for _, past := range []bool{past, !past} {
		days := o.readDays(text, past)
		for _, d := range days {
			if o.outside([]string{d}) == "" {
				inside = append(inside, d)
			}
		}
		if read == nil {
			read = days
		}
		if len(inside) > 0 || len(days) == 0 {
			break
		}
	}
	return inside, read
}

// readDays reads days in the consumer's language, or whole in English.
func (o Options) readDays(text string, past bool) (days []string) {
	reading := o.slots()
	reading.Past = past
	found := slots.Read(slots.Date, text, reading)
	if len(found) == 0 && o.language() != "en" {
		reading.Language, reading.Region = "en", "GB"
		found = slots.Read(slots.Date, text, reading)
		if len(found) > 0 && strings.ContainsFunc(text[:found[0].Start]+text[found[0].End:], func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) {
			return nil
		}
	}
	for _, slot := range found {
		days = append(days, slot.Value)
	}
	return days
}

// outside says on which side of the bounds all the days lie; "" when one lies within,
// and Unclear when they lie on both sides.
func (o Options) outside(days []string) (reason Reason) {
	from, until := o.dayBound(o.From), o.dayBound(o.Until)
	for _, text := range days {
		d, err := time.Parse(time.DateOnly, text)
		side := Reason("")
		switch {
		case err != nil:
		case !from.IsZero() && d.Before(from):
			side = TooSmall
		case !until.IsZero() && d.After(until):
			side = TooLarge
		}
		switch {
		case side == "":
			return ""
		case reason != "" && reason != side:
			side = Unclear
		}
		reason = side
	}
	return reason
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
