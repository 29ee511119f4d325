package brandfolder

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

const (
	dayMinutes = 24 * 60
	maxDates   = 1000
)

// hours reads opening hours. It gives nil when they are not usable.
func (r *reader) hours(n node) *engine.Hours {
	h := engine.Hours{}
	faults := len(r.Problems)
	given := r.Fields(n)
	for _, f := range given {
		switch f.Key {
		case "time_zone":
			h.TimeZone = r.zone(f.Node)
		case "closed":
			for _, item := range r.List(f.Node) {
				if r.date(item.Key, item.Line) {
					h.Closed = append(h.Closed, item.Key)
				}
			}
		case "extra":
			for _, day := range r.Fields(f.Node) {
				if spans := r.spans(day.Node); r.date(day.Key, day.Line) && len(spans) > 0 {
					if h.Extra == nil {
						h.Extra = map[string][]engine.Span{}
					}
					h.Extra[day.Key] = spans
				}
			}
		default:
			days, ok := parseDays(f.Key)
			if !ok {
				r.Unknown(f, "days such as mon, mon-fri or sat, sun", "closed", "extra", "time_zone")
				continue
			}
			for _, s := range r.spans(f.Node) {
				h.Shifts = append(h.Shifts, engine.Shift{Days: days, Span: s})
			}
		}
	}
	if len(h.Closed)+len(h.Extra) > maxDates {
		r.Problem(n.Line, "%s has more than %d dates", n.Name, maxDates)
	}
	if faults == len(r.Problems) && len(given) == 0 {
		r.Problem(n.Line, "%s is empty; leave it out to be always open", n.Name)
	}
	if faults != len(r.Problems) {
		return nil
	}
	return &h
}

func (r *reader) zone(n node) string {
	s, ok := r.Text(n)
	if !ok {
		return ""
	}
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		r.Problem(n.Line, "%s: there is no time zone %q; write one such as Europe/Berlin", n.Name, s)
		return ""
	}
	return s
}

func (r *reader) date(s string, line int) bool {
	if _, err := time.Parse("2006-01-02", s); err != nil {
		r.Problem(line, "%q is not a date; write it as 2026-12-25", s)
		return false
	}
	return true
}

// spans reads "10:00-14:00, 15:00-17:00", or a list of such.
func (r *reader) spans(n node) []engine.Span {
	var out []engine.Span
	for _, item := range r.List(n) {
		for part := range strings.SplitSeq(item.Key, ",") {
			s, err := parseSpan(strings.TrimSpace(part))
			if err != nil {
				r.Problem(item.Line, "%s: %v", n.Name, err)
				continue
			}
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b engine.Span) int { return a.From - b.From })
	for i := 1; i < len(out); i++ {
		if out[i].From < out[i-1].Until {
			r.Problem(n.Line, "%s: %s and %s overlap", n.Name, spanText(out[i-1]), spanText(out[i]))
		}
	}
	return out
}

// parseSpan reads "09:00-18:00". An end before the start is on the next day.
func parseSpan(s string) (engine.Span, error) {
	from, until, ok := strings.Cut(s, "-")
	a, okA := parseClock(strings.TrimSpace(from))
	b, okB := parseClock(strings.TrimSpace(until))
	switch {
	case !ok || !okA || !okB || a == dayMinutes:
		return engine.Span{}, fmt.Errorf("%q is not a time span; write it as 09:00-18:00", s)
	case a == b:
		return engine.Span{}, fmt.Errorf("%q is empty; all day is 00:00-24:00", s)
	case b < a:
		b += dayMinutes
	}
	return engine.Span{From: a, Until: b}, nil
}

func parseClock(s string) (minutes int, ok bool) {
	hour, minute, ok := strings.Cut(s, ":")
	h, errH := strconv.ParseUint(hour, 10, 8)
	m, errM := strconv.ParseUint(minute, 10, 8)
	if !ok || errH != nil || errM != nil || len(hour) > 2 || len(minute) != 2 || m > 59 || h*60+m > dayMinutes {
		return 0, false
	}
	return int(h*60 + m), true
}

func spanText(s engine.Span) string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.Until/60%24, s.Until%60)
}

// parseDays reads "mon", "mon-fri", "fri-mon" and "sat, sun".
func parseDays(s string) ([]time.Weekday, bool) {
	var days []time.Weekday
	for part := range strings.SplitSeq(strings.ToLower(s), ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			last = first
		}
		a, okA := weekday(strings.TrimSpace(first))
		b, okB := weekday(strings.TrimSpace(last))
		if !okA || !okB {
			return nil, false
		}
		for d := a; ; d = (d + 1) % 7 {
			if !slices.Contains(days, d) {
				days = append(days, d)
			}
			if d == b {
				break
			}
		}
	}
	return days, true
}

func weekday(s string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); s == name || s == name[:3] {
			return d, true
		}
	}
	return 0, false
}
