package hours

import (
	_ "embed"
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
	r := a.Run
	skill := a.Optional(a.At(1), "skill", kernel.MaxLabel)
	open := kernel.Decode[bool](r.Immediate(a.L, "hours.open", kernel.Fields{"skill": skill}, func(int) any {
		h, failed, ok := of(r, a.Fn, skill)
		if !ok {
			return failed
		}
		return hours.IsOpen(h, r.Turn.Brand.Settings.TimeZone, r.Turn.Now)
	}))
	a.L.Push(lua.LBool(open))
	return 1
}

// next is hours.next(skill?): when it opens next, in seconds since 1970,
// or nil when it never does.
func next(a kernel.Args) int {
	r := a.Run
	skill := a.Optional(a.At(1), "skill", kernel.MaxLabel)
	next := kernel.Decode[*int64](r.Immediate(a.L, "hours.next", kernel.Fields{"skill": skill}, func(int) any {
		h, failed, ok := of(r, a.Fn, skill)
		if !ok {
			return failed
		}
		at, ok := hours.NextOpening(h, r.Turn.Brand.Settings.TimeZone, r.Turn.Now)
		if !ok {
			return nil
		}
		return at.Unix()
	}))
	if next == nil {
		a.L.Push(lua.LNil)
	} else {
		a.L.Push(lua.LNumber(*next))
	}
	return 1
}

// describe is hours.describe(skill?): when it opens next, in words of the
// conversation's language, "tomorrow at 09:00"; nil while it is open.
func describe(a kernel.Args) int {
	r := a.Run
	skill := a.Optional(a.At(1), "skill", kernel.MaxLabel)
	language := r.Start.Language
	when := kernel.Decode[string](r.Immediate(a.L, "hours.describe", kernel.Fields{"skill": skill}, func(int) any {
		h, failed, ok := of(r, a.Fn, skill)
		if !ok {
			return failed
		}
		return hours.Describe(h, r.Turn.Brand.Settings.TimeZone, r.Turn.Now, language)
	}))
	a.L.Push(kernel.TextOrNil(when))
	return 1
}

// of are the hours of a skill, or of the brand for "".
func of(r *kernel.Run, fn, skill string) (engine.Hours, engine.Raised, bool) {
	if failed, unknown := r.UnknownSkill(fn, skill); unknown {
		return engine.Hours{}, failed, false
	}
	for _, s := range r.Turn.Skills {
		if s.ID == skill && s.Hours != nil {
			return *s.Hours, engine.Raised{}, true
		}
	}
	return r.Turn.Brand.Settings.Hours, engine.Raised{}, true
}
