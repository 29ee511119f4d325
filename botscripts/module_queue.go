package botscripts

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// queueStatus is queue.status(skill?): {open, waiting, online, expected}.
// Without a skill it is the brand's default.
func (r *run) queueStatus(a args) int {
	skill := a.optional(a.at(1), "skill", maxLabel)
	asked := skill
	if asked == "" {
		asked = r.turn.Brand.Settings.DefaultSkill
	}
	s := query[engine.QueueStatus](r, a, fields{"skill": skill}, engine.Query{Queue: &asked}, func() (engine.Raised, bool) {
		return r.unknownSkill(a.fn, skill)
	})
	t := a.L.CreateTable(0, 4)
	t.RawSetString("open", lua.LBool(s.Open))
	t.RawSetString("waiting", lua.LNumber(s.Waiting))
	t.RawSetString("online", lua.LNumber(s.Online))
	if s.Expected >= 0 {
		t.RawSetString("expected", lua.LNumber(s.Expected))
	}
	a.L.Push(t)
	return 1
}
