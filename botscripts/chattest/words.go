package chattest

import (
	"strconv"
	"strings"
	"time"
)

// args reads key=value and plain values; quotes keep blanks together.
func args(s string) ([]Arg, string) {
	var out []Arg
	for s = strings.TrimLeft(s, " \t"); s != ""; s = strings.TrimLeft(s, " \t") {
		var a Arg
		first, rest, problem := word(s, "=")
		if problem != "" {
			return nil, problem
		}
		a.Value, s = first, rest
		if strings.HasPrefix(s, "=") {
			a.Key = first
			if a.Key == "" {
				return nil, "there is no name before ="
			}
			if a.Value, s, problem = word(s[1:], ""); problem != "" {
				return nil, problem
			}
		}
		out = append(out, a)
	}
	return out, ""
}

// word reads up to a blank or one of stops, or a quoted text.
func word(s, stops string) (w, rest, problem string) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexAny(s, " \t"+stops)
		if i < 0 {
			return s, "", ""
		}
		return s[:i], s[i:], ""
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			after := s[i+1:]
			if after != "" && !strings.ContainsRune(" \t"+stops, rune(after[0])) {
				return "", "", `there must be a blank after the closing "`
			}
			return s[1:i], after, ""
		}
	}
	return "", "", `a " is not closed`
}

// quoted writes a text with escapes so that word reads it again.
func quoted(s, stops string) string {
	if s != "" && !strings.ContainsAny(s, " \t\""+stops) {
		return s
	}
	out, escaped := []byte{'"'}, false
	for i := range len(s) {
		if s[i] == '"' && !escaped {
			out = append(out, '\\')
		}
		escaped = s[i] == '\\' && !escaped
		out = append(out, s[i])
	}
	if escaped {
		out = append(out, '\\')
	}
	return string(append(out, '"'))
}

// duration reads "90s", "5 min", "2 days", "1h30m".
func duration(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if d, err := time.ParseDuration(strings.ReplaceAll(s, " ", "")); err == nil && d >= 0 {
		return d, true
	}
	i := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if i <= 0 {
		return 0, false
	}
	n, err := strconv.ParseFloat(s[:i], 64)
	if err != nil {
		return 0, false
	}
	var unit time.Duration
	switch strings.TrimSpace(s[i:]) {
	case "s", "sec", "secs", "second", "seconds":
		unit = time.Second
	case "m", "min", "mins", "minute", "minutes":
		unit = time.Minute
	case "h", "hour", "hours":
		unit = time.Hour
	case "d", "day", "days":
		unit = 24 * time.Hour
	case "w", "week", "weeks":
		unit = 7 * 24 * time.Hour
	default:
		return 0, false
	}
	const longest = 10 * 366 * 24 * time.Hour
	if d := n * float64(unit); d <= float64(longest) {
		return time.Duration(d), true
	}
	return 0, false
}

// spell writes a duration as duration reads it, in the largest whole unit.
func spell(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "min"}} {
		if n := d / u.unit; n > 0 && d%u.unit == 0 {
			if n > 1 && u.unit > time.Minute {
				u.name += "s"
			}
			return strconv.FormatInt(int64(n), 10) + " " + u.name
		}
	}
	return d.String()
}

// moment reads a date and a time of day, or the date alone.
func moment(s string, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Args reads what stands behind "agent closes": plain values, key=value, and quotes around what has blanks; without the
// escapes. The problem says why it cannot be read, "" when it can.
func Args(s string) (list []Arg, problem string) {
	list, problem = args(s)
	for i := range list {
		list[i].Value = plain(list[i].Value)
	}
	return list, problem
}

// Passes reads what stands behind "~": how much time passes from now on. It is false for what is no time, and for one
// that is over.
func Passes(s string, now time.Time, zone *time.Location) (time.Duration, bool) {
	if until, ok := strings.CutPrefix(strings.TrimSpace(s), "until "); ok {
		at, ok := moment(until, zone)
		return at.Sub(now), ok && !at.Before(now)
	}
	return duration(s)
}
