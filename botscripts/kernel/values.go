package kernel

import (
	"math"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// Limits of what bots pass to host functions.
const (
	MaxText   = 8 << 10 // bytes of what is said or asked
	MaxLabel  = 200     // bytes of a name
	MaxURL    = 2 << 10
	MaxState  = 64 << 10        // bytes of JSON that one session hands to the next
	MaxWait   = 366 * 24 * 3600 // seconds of a wait or a timeout: a year
	TextLimit = 1 << 20         // bytes of a text that is only read
	MaxHeard  = 2000            // bytes of a text that count when it is understood. Nobody says what they want after that.
	Farthest  = 1 << 40         // the last second, from 1970, that bots may count with
)

// Share is a probability with as many digits as mean anything.
func Share(p float64) float64 { return math.Round(p*1000) / 1000 }

// Found makes an immediate call and gives its answer to the bot as it is in the
// journal: nil, a value or a table.
func (a Args) Found(call string, in Fields, do func() any) int {
	return a.Give(a.Run.Immediate(a.L, call, in, func(int) any { return do() }))
}

// Give gives an answer to the bot as it is in the journal.
func (a Args) Give(answer []byte) int {
	v, err := a.Run.ToLua(answer)
	if err != nil {
		a.Fail("%v", err)
	}
	return a.Return(v)
}

// Instant reads a time in seconds since 1970, in the brand's zone.
func (a Args) Instant(v lua.LValue, param string) time.Time {
	return time.Unix(int64(math.Floor(a.Number(v, param, -Farthest, Farthest))), 0).In(a.Run.Zone())
}

// InstantOr is a time, or for nil the one of the turn in which the call was first made.
func (a Args) InstantOr(call string, v lua.LValue, param string) time.Time {
	if v == lua.LNil {
		return time.Unix(a.Now(call), 0).In(a.Run.Zone())
	}
	return a.Instant(v, param)
}

// Now is the time of the turn in which the call was first made, in seconds since 1970.
func (a Args) Now(call string) int64 {
	return Decode[int64](a.Run.Immediate(a.L, call, Fields{}, func(int) any { return a.Run.Turn.Now.Unix() }))
}

// Heard is what counts of a text that is to be understood. The script pays for it.
func (r *Run) Heard(text string) string {
	heard := Cut(text, MaxHeard)
	r.VM.Work(int64(200 + len(heard)))
	return heard
}

// PushText returns a text that the script pays for.
func (a Args) PushText(text string) int {
	a.Run.VM.Charge(int64(len(text)))
	return a.Return(lua.LString(text))
}

// Try notes what the bot tried, for a later handoff.
func (r *Run) Try(what string, ok bool) {
	r.Tried = append(r.Tried, engine.Attempt{What: what, OK: ok})
}

// Shorten cuts a text to what an agent reads of it.
func Shorten(s string) string {
	const shown = 120
	runes := []rune(s)
	if len(runes) <= shown {
		return s
	}
	return string(runes[:shown-1]) + "…"
}

// UnknownSkill gives the answer to raise when the brand has no such skill.
func (r *Run) UnknownSkill(fn, skill string) (engine.Raised, bool) {
	var ids []string
	for _, s := range r.Turn.Skills {
		ids = append(ids, s.ID)
	}
	if skill == "" || slices.Contains(ids, skill) {
		return engine.Raised{}, false
	}
	return engine.Raised{Raise: fn + ": there is no skill \"" + skill + "\" (there are: " + ListOr(ids, "none") + ")"}, true
}

// ListOr joins names, and gives none for no names.
func ListOr(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}
