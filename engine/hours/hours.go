package hours

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

// horizonDays bounds how far ahead NextOpening looks.
const horizonDays = 400

const (
	dayMinutes = 24 * 60
	dateLayout = "2006-01-02"
)

// IsOpen tells whether h is open at the instant at. zone is the brand's time
// zone, which h.TimeZone overrides; a zone that does not load counts as UTC.
//
//   - Hours without shifts are open all week, so the zero value always is.
//   - A date in Extra has those spans instead of its weekday's.
//   - A date in Closed is closed, whatever else says otherwise.
//   - A span past midnight runs into the next date, except that a weekday's
//     does not run into an extra date, and none runs into a closed one.
//
// Spans are wall-clock times. A time that the clocks skip in spring counts
// from the moment of the change; one that comes twice in autumn counts from
// its first coming, so a shift is never torn in two.
func IsOpen(h engine.Hours, zone string, at time.Time) bool {
	if always(h) {
		return true
	}
	at = at.In(location(h, zone))
	// A span may run two dates on, and a clock set back at midnight gives a date twice.
	for day := -2; day <= 1; day++ {
		for _, s := range stretches(h, at, day) {
			if s.contains(at) {
				return true
			}
		}
	}
	return false
}

// NextOpening is the first instant at or after at when h is open: at itself
// when it is open then. It is false when that does not come within 400 days.
// The result is in the zone of the hours.
func NextOpening(h engine.Hours, zone string, at time.Time) (time.Time, bool) {
	at = at.In(location(h, zone))
	if always(h) {
		return at, true
	}
	for day := -2; day <= horizonDays; day++ {
		var first time.Time
		for _, s := range stretches(h, at, day) {
			switch {
			case s.contains(at):
				return at, true
			case s.from.Before(at) || !s.from.Before(s.until):
			case first.IsZero() || s.from.Before(first):
				first = s.from
			}
		}
		if !first.IsZero() {
			return first, true
		}
	}
	return time.Time{}, false
}

func always(h engine.Hours) bool {
	return len(h.Shifts) == 0 && len(h.Closed) == 0 && len(h.Extra) == 0
}

func location(h engine.Hours, zone string) *time.Location {
	return engine.ZoneOf(cmp.Or(h.TimeZone, zone))
}

// stretch is one span of one date as instants, until excluded.
type stretch struct{ from, until time.Time }

func (s stretch) contains(t time.Time) bool { return !t.Before(s.from) && t.Before(s.until) }

// stretches are the spans of the date that lies day days after at's, cut where
// the dates that follow do not let them in.
func stretches(h engine.Hours, at time.Time, day int) []stretch {
	spans, rank := spansOf(h, at, day)
	limit := 2 * dayMinutes
	if _, next := spansOf(h, at, day+1); next > rank {
		limit = dayMinutes
	}
	var out []stretch
	for _, s := range spans {
		out = append(out, stretch{instant(at, day, s.From), instant(at, day, min(s.Until, limit))})
	}
	return out
}

// A date's rank says what gave it its hours; spans run past midnight only into
// a date of the same or a lower rank.
const (
	rankWeek = iota
	rankExtra
	rankClosed
)

func spansOf(h engine.Hours, at time.Time, day int) (spans []engine.Span, rank int) {
	y, m, d := at.Date()
	date := time.Date(y, m, d+day, 0, 0, 0, 0, time.UTC)
	name := date.Format(dateLayout)
	if slices.Contains(h.Closed, name) {
		return nil, rankClosed
	}
	if extra, ok := h.Extra[name]; ok {
		return extra, rankExtra
	}
	if len(h.Shifts) == 0 {
		return []engine.Span{{From: 0, Until: dayMinutes}}, rankWeek
	}
	for _, s := range h.Shifts {
		if slices.Contains(s.Days, date.Weekday()) {
			spans = append(spans, s.Span)
		}
	}
	return spans, rankWeek
}

// instant is the first moment when the clock on the wall shows at least the
// given minute of the date that lies day days after at's.
func instant(at time.Time, day, minute int) time.Time {
	y, m, d := at.Date()
	want := time.Date(y, m, d+day, 0, minute, 0, 0, time.UTC)
	t := time.Date(y, m, d+day, 0, minute, 0, 0, at.Location())
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	change, next := t.ZoneBounds()
	switch {
	case wall.After(want): // skipped, and t lies behind the change
		return change
	case wall.Before(want): // skipped, and t lies before it
		return next
	case change.IsZero():
		return t
	}
	// When the last change set the clock back, t may be the second coming.
	_, before := change.Add(-time.Second).Zone()
	_, after := t.Zone()
	if first := t.Add(-time.Duration(before-after) * time.Second); before > after && first.Before(change) {
		return first
	}
	return t
}
