package time

import (
	_ "embed"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/strftime"
	"parley/engine"
)

//go:embed time.yaml
var page string

// Module is require "time".
func Module() kernel.Module {
	return kernel.Module{Name: "time", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "add", Do: add, Traits: engine.TraitStrict},
		{Name: "format", Do: format, Traits: engine.TraitStrict},
		{Name: "now", Do: now, Traits: engine.TraitJournaled | engine.TraitStrict},
		{Name: "parse", Do: parse, Traits: engine.TraitStrict},
		{Name: "start_of_day", Do: startOfDay, Traits: engine.TraitStrict},
		{Name: "weekday", Do: weekday, Traits: engine.TraitStrict},
	}}
}

// now is time.now(): whole seconds since 1970, of the turn in which it was
// first called.
func now(a kernel.Args) int {
	return a.Return(lua.LNumber(a.Now("time.now")))
}

// moment is the optional time of a function; without one it is now.
func moment(a kernel.Args) time.Time { return a.InstantOr("time.now", a.At(1), "time") }

// zoneWork is what it takes to read a time zone's file.
const zoneWork = 1000

// parse is time.parse(text, zone?): seconds, or nil and why not.
func parse(a kernel.Args) int {
	r := a.Run
	text := a.Text(a.At(1), "text", kernel.MaxText)
	zone := r.Zone()
	if v := a.At(2); v != lua.LNil {
		name := a.Some(v, "zone", 100)
		r.VM.Work(zoneWork)
		loc, err := time.LoadLocation(name)
		if err != nil || name == "Local" {
			a.Fail("there is no time zone %q; write one such as Europe/Berlin", name)
		}
		zone = loc
	}
	at, ok := parseTime(text, zone)
	if !ok {
		return a.Return(lua.LNil, lua.LString("this is no time; write it as 2026-12-24 or 2026-12-24 17:30"))
	}
	return a.Return(lua.LNumber(at.Unix()))
}

// parseTime reads a date, or a date and a time, as ISO 8601 writes them, with a
// blank or a T between, and with an offset or Z or without.
func parseTime(text string, zone *time.Location) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if len(text) > len("2006-01-02T15:04:05.999999999+07:00") {
		return time.Time{}, false
	}
	text = strings.Replace(text, " ", "T", 1)
	for _, layout := range [...]string{
		"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05",
		"2006-01-02T15:04Z07:00", time.RFC3339,
	} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, at.Unix() >= -kernel.Farthest && at.Unix() <= kernel.Farthest
		}
	}
	return time.Time{}, false
}

// format is time.format(time?, format?). The format is a name or like
// that of os.date; what it writes is the same in every language.
func format(a kernel.Args) int {
	at := moment(a)
	format := a.Optional(a.At(2), "format", 1000)
	switch format {
	case "", "datetime":
		return a.PushText(at.Format("2006-01-02 15:04"))
	case "date":
		return a.PushText(at.Format("2006-01-02"))
	case "time":
		return a.PushText(at.Format("15:04"))
	case "iso":
		return a.PushText(at.Format(time.RFC3339))
	}
	if !strings.Contains(format, "%") {
		a.Fail("format must be date, time, datetime, iso, or hold conversions such as %%d.%%m.%%Y, got %q", format)
	}
	text, err := strftime.Format(format, at)
	if err != nil {
		a.Fail("format: %s", err.Error())
	}
	return a.PushText(text)
}

// add is time.add(time, span): the time so much later by the calendar of
// the brand's zone.
func add(a kernel.Args) int {
	at := a.Instant(a.At(1), "time")
	t := a.Options(a.At(2), "span", "years", "months", "weeks", "days", "hours", "minutes", "seconds")
	part := func(name string, most int) int { return a.WholeOr(0, t.RawGetString(name), "span."+name, -most, most) }
	at = addMonths(at, 12*part("years", 1000)+part("months", 12000))
	at = at.AddDate(0, 0, 7*part("weeks", 50000)+part("days", 400000))
	at = at.Add(time.Duration(part("hours", 1e6)) * time.Hour)
	at = at.Add(time.Duration(part("minutes", 1e8)) * time.Minute)
	at = at.Add(time.Duration(part("seconds", 1e9)) * time.Second)
	return a.Return(lua.LNumber(at.Unix()))
}

// addMonths keeps the day, or takes the month's last one when there is none.
func addMonths(at time.Time, months int) time.Time {
	first := time.Date(at.Year(), at.Month()+time.Month(months), 1, 0, 0, 0, 0, at.Location())
	last := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, at.Location()).Day()
	return time.Date(first.Year(), first.Month(), min(at.Day(), last), at.Hour(), at.Minute(), at.Second(), 0, at.Location())
}

// weekday is time.weekday(time?): 1 for Monday … 7 for Sunday, and the
// day's English name in lower case.
func weekday(a kernel.Args) int {
	day := moment(a).Weekday()
	return a.Return(lua.LNumber((day+6)%7+1), lua.LString(strings.ToLower(day.String())))
}

// startOfDay is time.start_of_day(time?).
func startOfDay(a kernel.Args) int {
	at := moment(a)
	return a.Return(lua.LNumber(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location()).Unix()))
}
