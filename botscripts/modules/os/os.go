package os

import (
	"math"
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
	r := a.Run
	if a.At(1) != lua.LNil {
		a.L.Push(lua.LNumber(of(a).Unix()))
		return 1
	}
	a.L.Push(lua.LNumber(turnTime(r, a.L)))
	return 1
}

func turnTime(r *kernel.Run, L *lua.LState) int64 {
	return kernel.Decode[int64](r.Immediate(L, "os.time", kernel.Fields{}, func(int) any { return r.Turn.Now.Unix() }))
}

func of(a kernel.Args) time.Time {
	r := a.Run
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
		part("hour", 12), part("min", 0), part("sec", 0), 0, r.Zone())
}

// date is os.date(format?, time?). Without a time it is os.time's.
func date(a kernel.Args) int {
	r := a.Run
	format := "%c"
	if a.At(1) != lua.LNil {
		format = a.Text(a.At(1), "format", 1000)
	}
	var seconds int64
	if v := a.At(2); v != lua.LNil {
		seconds = int64(math.Floor(a.Number(v, "time", -kernel.Farthest, kernel.Farthest)))
	} else {
		seconds = turnTime(r, a.L)
	}
	zone := r.Zone()
	if rest, utc := strings.CutPrefix(format, "!"); utc {
		format, zone = rest, time.UTC
	}
	at := time.Unix(seconds, 0).In(zone)
	if format == "*t" {
		a.L.Push(dateTable(a.L, at))
		return 1
	}
	r.VM.Work(int64(2 * len(format)))
	text, err := strftime.Format(format, at)
	if err != nil {
		a.Fail("format: %s", err.Error())
	}
	r.VM.Charge(int64(len(text)))
	a.L.Push(lua.LString(text))
	return 1
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
