package hours

import (
	_ "embed"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
	"parley/engine/hours"
)

//go:embed hours.yaml
var page string

// Module is require "hours".
func Module() kernel.Module {
	return kernel.Module{Name: "hours", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "describe", Do: describe, Traits: engine.TraitJournaled},
		{Name: "next", Do: next, Traits: engine.TraitJournaled},
		{Name: "open", Do: open, Traits: engine.TraitJournaled},
	}}
}

// open is hours.open(skill?): whether somebody works now.
func open(a kernel.Args) int {
	open := kernel.Decode[bool](of(a, func(h engine.Hours, zone string, now time.Time) any {
		return hours.IsOpen(h, zone, now)
	}))
	return a.Return(lua.LBool(open))
}

// next is hours.next(skill?): when it opens next, in seconds since 1970,
// or nil when it never does.
func next(a kernel.Args) int {
	next := kernel.Decode[*int64](of(a, func(h engine.Hours, zone string, now time.Time) any {
		at, ok := hours.NextOpening(h, zone, now)
		if !ok {
			return nil
		}
		return at.Unix()
	}))
	if next == nil {
		return a.Return(lua.LNil)
	}
	return a.Return(lua.LNumber(*next))
}

// describe is hours.describe(skill?): when it opens next, in words of the
// conversation's language, "tomorrow at 09:00"; nil while it is open.
func describe(a kernel.Args) int {
	when := kernel.Decode[string](of(a, func(h engine.Hours, zone string, now time.Time) any {
		return hours.Describe(h, zone, now, a.Run.Start.Language)
	}))
	return a.Return(kernel.TextOrNil(when))
}

// of tells something of the hours of a skill, or of the brand for none.
func of(a kernel.Args, tell func(h engine.Hours, zone string, now time.Time) any) []byte {
	skill := a.Optional(a.At(1), "skill", kernel.MaxLabel)
	return a.Run.Immediate(a.L, a.Fn, kernel.Fields{"skill": skill}, func(int) any {
		if failed, unknown := a.Run.UnknownSkill(a.Fn, skill); unknown {
			return failed
		}
		t := a.Run.Turn
		h := t.Brand.Settings.Hours
		for _, s := range t.Skills {
			if s.ID == skill && s.Hours != nil {
				h = *s.Hours
			}
		}
		return tell(h, t.Brand.Settings.TimeZone, t.Now)
	})
}
