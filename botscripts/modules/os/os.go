package os

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/strftime"
	"parley/engine"
)

// Module is the global library os.
func Module() kernel.Module {
	return kernel.Module{Name: "os", Kind: kernel.Library, Exports: []kernel.Export{
		{Name: "date", Do: date},
		{Name: "time", Do: now, Traits: engine.TraitJournaled},
	}}
}

// seconds is os.time(): the time of the turn in which it was first called, in
// whole seconds since 1970. os.time{year=, month=, day=, …} counts in the
// brand's time zone and is pure.
func now(a kernel.Args) int {
	if a.At(1) != lua.LNil {
		return a.Return(lua.LNumber(of(a).Unix()))
	}
	return a.Return(lua.LNumber(a.Now("os.time")))
}

func of(a kernel.Args) time.Time {
	t := a.Table(a.At(1), "table")
	part := func(name string, absent int) int {
		v := t.RawGetString(name)
		if v == lua.LNil {
			if absent < 0 {
				a.Fail("table.%s is missing", name)
			}
			return absent
		}
		return a.Whole(v, "table."+name, -100000, 100000)
	}
	return time.Date(part("year", -1), time.Month(part("month", -1)), part("day", -1),
		part("hour", 12), part("min", 0), part("sec", 0), 0, a.Run.Zone())
}

// date is os.date(format?, time?). Without a time it is os.time's.
func date(a kernel.Args) int {
	format := "%c"
	if a.At(1) != lua.LNil {
		format = a.Text(a.At(1), "format", 1000)
	}
	at := a.InstantOr("os.time", a.At(2), "time")
	if rest, utc := strings.CutPrefix(format, "!"); utc {
		format, at = rest, at.UTC()
	}
	if format == "*t" {
		return a.Return(dateTable(a.L, at))
	}
	a.Run.VM.Work(int64(2 * len(format)))
	text, err := strftime.Format(format, at)
	if err != nil {
		a.Fail("format: %s", err.Error())
	}
	return a.PushText(text)
}

func dateTable(L *lua.LState, at time.Time) *lua.LTable {
	t := L.CreateTable(0, 9)
	t.RawSetString("year", lua.LNumber(at.Year()))
	t.RawSetString("month", lua.LNumber(at.Month()))
	t.RawSetString("day", lua.LNumber(at.Day()))
	t.RawSetString("hour", lua.LNumber(at.Hour()))
	t.RawSetString("min", lua.LNumber(at.Minute()))
	t.RawSetString("sec", lua.LNumber(at.Second()))
	t.RawSetString("wday", lua.LNumber(at.Weekday()+1))
	t.RawSetString("yday", lua.LNumber(at.YearDay()))
	t.RawSetString("isdst", lua.LBool(at.IsDST()))
	return t
}
