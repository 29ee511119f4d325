package botscripts

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
	"parley/engine/hours"
)

// hoursOpen is hours.open(skill?): whether somebody works now.
func (r *Run) hoursOpen(a Args) int {
	skill := a.Optional(a.At(1), "skill", MaxLabel)
	open := Decode[bool](r.Immediate(a.L, "hours.open", Fields{"skill": skill}, func(int) any {
		h, failed, ok := r.hoursOf(a.Fn, skill)
		if !ok {
			return failed
		}
		return hours.IsOpen(h, r.Turn.Brand.Settings.TimeZone, r.Turn.Now)
	}))
	a.L.Push(lua.LBool(open))
	return 1
}

// hoursNext is hours.next(skill?): when it opens next, in seconds since 1970,
// or nil when it never does.
func (r *Run) hoursNext(a Args) int {
	skill := a.Optional(a.At(1), "skill", MaxLabel)
	next := Decode[*int64](r.Immediate(a.L, "hours.next", Fields{"skill": skill}, func(int) any {
		h, failed, ok := r.hoursOf(a.Fn, skill)
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

// hoursDescribe is hours.describe(skill?): when it opens next, in words of the
// conversation's language, "tomorrow at 09:00"; nil while it is open.
func (r *Run) hoursDescribe(a Args) int {
	skill := a.Optional(a.At(1), "skill", MaxLabel)
	language := r.Start.Language
	when := Decode[string](r.Immediate(a.L, "hours.describe", Fields{"skill": skill}, func(int) any {
		h, failed, ok := r.hoursOf(a.Fn, skill)
		if !ok {
			return failed
		}
		return hours.Describe(h, r.Turn.Brand.Settings.TimeZone, r.Turn.Now, language)
	}))
	a.L.Push(TextOrNil(when))
	return 1
}

// hoursOf are the hours of a skill, or of the brand for "".
func (r *Run) hoursOf(fn, skill string) (engine.Hours, engine.Raised, bool) {
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
