package botscripts

import (
	"fmt"
	"math"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// osTime is os.time(): the time of the turn in which it was first called, in
// whole seconds since 1970. os.time{year=, month=, day=, …} counts in the
// brand's time zone and is pure.
func (r *Run) osTime(a Args) int {
	if a.At(1) != lua.LNil {
		a.L.Push(lua.LNumber(r.timeOf(a).Unix()))
		return 1
	}
	a.L.Push(lua.LNumber(r.now(a.L)))
	return 1
}

func (r *Run) now(L *lua.LState) int64 {
	return Decode[int64](r.Immediate(L, "os.time", Fields{}, func(int) any { return r.Turn.Now.Unix() }))
}

func (r *Run) timeOf(a Args) time.Time {
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

// osDate is os.date(format?, time?). Without a time it is os.time's.
func (r *Run) osDate(a Args) int {
	format := "%c"
	if a.At(1) != lua.LNil {
		format = a.Text(a.At(1), "format", 1000)
	}
	const Farthest = 1 << 40
	var seconds int64
	if v := a.At(2); v != lua.LNil {
		seconds = int64(math.Floor(a.Number(v, "time", -Farthest, Farthest)))
	} else {
		seconds = r.now(a.L)
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
	text, err := strftime(format, at)
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

// strftime knows the conversions of C that bots need, in English.
func strftime(format string, at time.Time) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i == len(format) {
			return "", fmt.Errorf("ends with a lone %%")
		}
		layout, ok := dateLayout(format[i])
		switch {
		case ok:
			b.WriteString(at.Format(layout))
		case format[i] == 'w':
			fmt.Fprintf(&b, "%d", at.Weekday())
		case format[i] == '%':
			b.WriteByte('%')
		default:
			return "", fmt.Errorf("%%%c is not known", format[i])
		}
	}
	return b.String(), nil
}

func dateLayout(conversion byte) (string, bool) {
	switch conversion {
	case 'a':
		return "Mon", true
	case 'A':
		return "Monday", true
	case 'b', 'h':
		return "Jan", true
	case 'B':
		return "January", true
	case 'c':
		return "Mon Jan _2 15:04:05 2006", true
	case 'd':
		return "02", true
	case 'D', 'x':
		return "01/02/06", true
	case 'e':
		return "_2", true
	case 'F':
		return "2006-01-02", true
	case 'H':
		return "15", true
	case 'I':
		return "03", true
	case 'j':
		return "002", true
	case 'm':
		return "01", true
	case 'M':
		return "04", true
	case 'p':
		return "PM", true
	case 'R':
		return "15:04", true
	case 'S':
		return "05", true
	case 'T', 'X':
		return "15:04:05", true
	case 'y':
		return "06", true
	case 'Y':
		return "2006", true
	case 'z':
		return "-0700", true
	case 'Z':
		return "MST", true
	}
	return "", false
}
