package slots

import (
	"slices"
	"time"
)

// stretch is one or more civil days, at their midnights in UTC.
type stretch struct {
	first, last time.Time // both belong to it; a zero one is open
	grain       string    // "day", "week", "weekend", "month", "quarter", "year", or "range"
	assumed     bool
}

func dayOn(t time.Time) stretch { return stretch{first: t, last: t, grain: "day"} }

func dayOfYear(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// mondayOf begins the week of a day.
func mondayOf(t time.Time) time.Time { return t.AddDate(0, 0, -sinceMonday(t.Weekday())) }

func sinceMonday(d time.Weekday) int { return (int(d) + 6) % 7 }

func weekFrom(monday time.Time) stretch {
	return stretch{first: monday, last: monday.AddDate(0, 0, 6), grain: "week"}
}

func monthFrom(year int, month time.Month) stretch {
	first := dayOfYear(year, month, 1)
	return stretch{first: first, last: first.AddDate(0, 1, -1), grain: "month"}
}

func yearOf(year int) stretch {
	return stretch{first: dayOfYear(year, 1, 1), last: dayOfYear(year, 12, 31), grain: "year"}
}

func quarterOf(year, n int) stretch {
	first := dayOfYear(year, time.Month(3*n-2), 1)
	return stretch{first: first, last: first.AddDate(0, 3, -1), grain: "quarter"}
}

// span is the period of a grain that lies n of them from the one of the day.
func spanOf(grain string, today time.Time, n int) stretch {
	y, m, _ := today.Date()
	switch grain {
	case "week":
		return weekFrom(mondayOf(today).AddDate(0, 0, 7*n))
	case "weekend":
		saturday := mondayOf(today).AddDate(0, 0, 7*n+5)
		return stretch{first: saturday, last: saturday.AddDate(0, 0, 1), grain: grain}
	case "month":
		return monthFrom(y, m+time.Month(n))
	case "quarter":
		return quarterOf(y, (int(m)+2)/3+n)
	}
	return yearOf(y + n)
}

// shifted are n days later.
func (p stretch) shifted(n int) stretch {
	p.first, p.last = p.first.AddDate(0, 0, n), p.last.AddDate(0, 0, n)
	return p
}

func (p stretch) holds(t time.Time) bool { return !t.Before(p.first) && !t.After(p.last) }

// weekday is the day of a week or a weekend with the name.
func (p stretch) weekday(d time.Weekday) (time.Time, bool) {
	t := mondayOf(p.first).AddDate(0, 0, sinceMonday(d))
	return t, p.grain == "week" || p.grain == "weekend" && p.holds(t)
}

// onOrAfter is the first day with the name, not before t.
func onOrAfter(t time.Time, d time.Weekday) time.Time {
	return t.AddDate(0, 0, (int(d-t.Weekday())+7)%7)
}

// either is the meanings without those that are the same.
func either(meanings ...stretch) []stretch {
	var out []stretch
	for _, m := range meanings {
		if !slices.ContainsFunc(out, func(o stretch) bool { return o.first.Equal(m.first) && o.last.Equal(m.last) && o.grain == m.grain }) {
			out = append(out, m)
		}
	}
	return out
}

// theOne tells which of the days, weeks or months of a name is meant; at(0) is the
// one of this week or this year.
func theOne(w which, at func(n int) stretch, today time.Time) []stretch {
	here := at(0)
	ahead, behind := here.first.After(today), here.last.Before(today)
	switch {
	case w == nextOne && ahead, w == lastOne && behind:
		return either(here, at(sign(w)))
	case w == afterNext && ahead, w == beforeLast && behind:
		return either(at(sign(w)), at(2*sign(w)))
	case w == comingOne && ahead, w == pastOne && behind:
		return []stretch{here}
	case w == afterNext || w == beforeLast:
		return []stretch{at(2 * sign(w))}
	}
	return []stretch{at(sign(w))}
}

func sign(w which) int {
	switch w {
	case nextOne, comingOne, afterNext:
		return 1
	case lastOne, pastOne, beforeLast:
		return -1
	}
	return 0
}
