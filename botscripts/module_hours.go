package botscripts

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
	"parley/engine/hours"
)

// hoursOpen is hours.open(skill?): whether somebody works now.
func (r *run) hoursOpen(a args) int {
	skill := a.optional(a.at(1), "skill", maxLabel)
	open := decode[bool](r.immediate(a.L, "hours.open", fields{"skill": skill}, func(int) any {
		h, failed, ok := r.hoursOf(a.fn, skill)
		if !ok {
			return failed
		}
		return hours.IsOpen(h, r.turn.Brand.Settings.TimeZone, r.turn.Now)
	}))
	a.L.Push(lua.LBool(open))
	return 1
}

// hoursNext is hours.next(skill?): when it opens next, in seconds since 1970,
// or nil when it never does.
func (r *run) hoursNext(a args) int {
	skill := a.optional(a.at(1), "skill", maxLabel)
	next := decode[*int64](r.immediate(a.L, "hours.next", fields{"skill": skill}, func(int) any {
		h, failed, ok := r.hoursOf(a.fn, skill)
		if !ok {
			return failed
		}
		at, ok := hours.NextOpening(h, r.turn.Brand.Settings.TimeZone, r.turn.Now)
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
func (r *run) hoursDescribe(a args) int {
	skill := a.optional(a.at(1), "skill", maxLabel)
	language := r.start.Language
	when := decode[string](r.immediate(a.L, "hours.describe", fields{"skill": skill}, func(int) any {
		h, failed, ok := r.hoursOf(a.fn, skill)
		if !ok {
			return failed
		}
		return hours.Describe(h, r.turn.Brand.Settings.TimeZone, r.turn.Now, language)
	}))
	a.L.Push(textOrNil(when))
	return 1
}

// hoursOf are the hours of a skill, or of the brand for "".
func (r *run) hoursOf(fn, skill string) (engine.Hours, engine.Raised, bool) {
	if failed, unknown := r.unknownSkill(fn, skill); unknown {
		return engine.Hours{}, failed, false
	}
	for _, s := range r.turn.Skills {
		if s.ID == skill && s.Hours != nil {
			return *s.Hours, engine.Raised{}, true
		}
	}
	return r.turn.Brand.Settings.Hours, engine.Raised{}, true
}
