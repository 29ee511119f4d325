package slots

import (
	"strings"
	"time"
)

// reading collects the parts of one date and time: "friday", "27 november", "at 5", "in the evening".
type reading struct {
	day     time.Time // midnight UTC of the civil day
	dated   bool
	weekday time.Weekday
	named   bool // a weekday is said
	shift   int  // 1 next, 0 this, -1 last
	shifted bool
	span    span
	spanned bool
	clock   clock
	clocked bool
	part    string
	exact   time.Time // "in two hours"
	fixed   bool
	assumed bool
}

// clock is a time of day as it was said.
type clock struct {
	minutes int    // after midnight, of the hour as it was said
	half    string // "am", "pm" or ""
	twelve  bool   // may be in the morning or in the afternoon
}

// whenAt reads a date, a time or both that begin at token i.
func (s *scan) whenAt(i int) (Slot, int, bool) {
	if !s.wants(Date) && !s.wants(Time) && !s.wants(Moment) {
		return Slot{}, i, false
	}
	var r reading
	next, ok := s.element(i, &r)
	if !ok || r.part != "" && !r.dated && !r.named && !r.clocked {
		return Slot{}, i, false
	}
	for more := true; more && !r.fixed; {
		more = false
		for k, fillers := next, 0; fillers < 4 && k < len(s.tokens); fillers++ {
			if after, ok := s.element(k, &r); ok {
				next, more = after, true
				break
			}
			if !s.v.fillers[s.tokens[k].text] {
				break
			}
			k++
		}
	}
	slot, ok := s.settle(r)
	return slot, next, ok
}

// element adds the part of a date and time at token i to r, unless r has such a part.
func (s *scan) element(i int, r *reading) (next int, ok bool) {
	if i >= len(s.tokens) {
		return i, false
	}
	hasDay := r.dated || r.spanned && r.named
	if !hasDay && !r.named && !r.clocked && !r.spanned {
		if next, ok := s.length(i, r); ok {
			return next, true
		}
	}
	if !r.clocked && r.part == "" {
		if part, next, ok := s.v.parts.at(s.tokens, i); ok && (r.dated || r.named) && next > i+1 {
			r.part = part
			return next, true
		}
	}
	if !r.dated && !r.spanned {
		if span, next, ok := s.v.spans.at(s.tokens, i); ok {
			r.span, r.spanned = span, true
			return next, true
		}
		if day, next, ok := s.calendar(i, r); ok {
			if !r.spanned {
				r.day, r.dated = day, true
			}
			return next, true
		}
		if !r.named {
			if next, ok := s.dayWord(i, r); ok {
				return next, true
			}
		}
	}
	if !r.named && !(r.dated && r.clocked) {
		if next, ok := s.weekdayAt(i, r); ok {
			return next, true
		}
	}
	if !r.clocked {
		if c, next, ok := s.clockAt(i, r); ok {
			r.clock, r.clocked = c, true
			return next, true
		}
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

// dayWord reads "tomorrow", not the greeting "good morning" in German nor "in the morning" in Spanish.
func (s *scan) dayWord(i int, r *reading) (int, bool) {
	d, next, ok := s.v.days.at(s.tokens, i)
	if !ok || s.is(i, "morgen") && s.is(i-1, "am", "guten", "guter", "jeden", "schonen") || s.is(i, "manana") && s.is(i-1, "la", "cada") {
		return i, false
	}
	r.day, r.dated = s.today().AddDate(0, 0, d.ahead), true
	if d.part != "" {
		r.part = d.part
	}
	return next, true
}

// weekdayAt reads a weekday with what says which one.
func (s *scan) weekdayAt(i int, r *reading) (int, bool) {
	shift, at, shifted := s.v.before.at(s.tokens, i)
	name := s.textAt(at)
	day, ok := s.v.weekdays[name]
	if !ok && (shifted || r.dated || s.class(at+1) == figure || s.is(at+1, ".") && s.class(at+2) == figure) {
		day, ok = s.v.shortDays[name]
		if ok && s.is(at+1, ".") {
			at++
		}
	}
	part := ""
	if !ok && s.class(at) == word {
		for _, g := range s.v.glued {
			if stem, found := strings.CutSuffix(strings.TrimSuffix(name, "s"), g.word); found && !ok {
				if day, ok = s.v.weekdays[stem]; ok {
					part = g.part
				}
			}
		}
	}
	if !ok {
		return i, false
	}
	next := at + 1
	if s.is(next, "s") && s.tight(next) || s.is(next, "'") && s.tight(next) && s.is(next+1, "s") {
		return i, false // "fridays" are no day
	}
	if !shifted {
		if n, after, found := s.v.after.at(s.tokens, next); found {
			shift, shifted, next = n, true, after
		}
	}
	r.weekday, r.named, r.shift, r.shifted = day, true, shift, shifted
	switch {
	case part == "noon":
		r.clock, r.clocked = clock{minutes: 720}, true
	case part != "":
		r.part = part
	}
	return next, true
}

// today is the consumer's civil day, at midnight UTC.
func (s *scan) today() time.Time {
	y, m, d := s.Now.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// here is minutes after the midnight of a civil day in the consumer's zone.
func (s *scan) here(day time.Time, minutes int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, minutes/60, minutes%60, 0, 0, s.zone)
}

// settle decides what the parts mean together.
func (s *scan) settle(r reading) (Slot, bool) {
	if r.fixed {
		return Slot{Kind: Moment, Value: r.exact.Format(time.RFC3339), At: r.exact}, true
	}
	day, grain, ok := s.theDay(&r)
	if !r.clocked {
		if !ok {
			return Slot{}, false
		}
		return Slot{Kind: Date, Value: day.Format(time.DateOnly), At: s.here(day, 0), Grain: grain, Part: r.part, Assumed: r.assumed}, true
	}
	if ok && grain != "day" {
		return Slot{}, false
	}
	minutes, assumed := s.minutes(r, ok && day.Equal(s.today()))
	if !ok {
		at := s.here(s.today(), minutes)
		if !at.After(s.Now) && !s.Past {
			at = s.here(s.today().AddDate(0, 0, 1), minutes)
		}
		return Slot{Kind: Time, Value: at.Format("15:04"), At: at, Assumed: assumed}, true
	}
	at := s.here(day, minutes)
	return Slot{Kind: Moment, Value: at.Format(time.RFC3339), At: at, Assumed: assumed || r.assumed}, true
}

func (s *scan) theDay(r *reading) (day time.Time, grain string, ok bool) {
	today := s.today()
	switch {
	case r.dated:
		r.assumed = r.assumed || r.named && r.day.Weekday() != r.weekday // "Monday the 24th", which is a Thursday
		return r.day, "day", true
	case r.spanned && r.span.grain == "week" && r.named:
		return s.monday().AddDate(0, 0, 7*r.span.n+(int(r.weekday)+6)%7), "day", true
	case r.named:
		ahead := (int(r.weekday-today.Weekday()) + 7) % 7
		switch {
		case r.shifted && r.shift < 0, s.Past && !r.shifted:
			return today.AddDate(0, 0, ahead-7), "day", true
		case ahead == 0 && !(r.shifted && r.shift == 0):
			ahead = 7
		}
		return today.AddDate(0, 0, ahead), "day", true
	case r.spanned:
		y, m, _ := today.Date()
		switch r.span.grain {
		case "week":
			day = s.monday().AddDate(0, 0, 7*r.span.n)
		case "weekend":
			day = s.monday().AddDate(0, 0, 7*r.span.n+5)
		case "month":
			day = time.Date(y, m+time.Month(r.span.n), 1, 0, 0, 0, 0, time.UTC)
		default:
			day = time.Date(y+r.span.n, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return day, r.span.grain, true
	}
	return day, "", false
}

// monday begins this week.
func (s *scan) monday() time.Time {
	today := s.today()
	return today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
}

// minutes decides between morning and afternoon: by what was said, else by what
// is still ahead today, else by business hours.
func (s *scan) minutes(r reading, today bool) (minutes int, assumed bool) {
	const noon = 12 * 60
	m := r.clock.minutes
	switch {
	case m >= noon+60:
		return m, false
	case r.clock.half == "am":
		return m % noon, false
	case r.clock.half == "pm":
		return m%noon + noon, false
	case !r.clock.twelve && !(m < noon && m > 0 && (r.part == "afternoon" || r.part == "evening")):
		return m, false
	case r.part == "morning":
		return m % noon, false
	case r.part == "afternoon", r.part == "evening":
		return m%noon + noon, false
	case r.part == "night":
		if m%noon >= 6*60 {
			return m%noon + noon, false
		}
		return m % noon, false
	case m < 7*60:
		m += noon
	}
	now := s.Now.Hour()*60 + s.Now.Minute()
	if today && m < now && m < noon && m+noon > now && !s.Past {
		m += noon
	}
	return m, true
}
