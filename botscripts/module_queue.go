package botscripts

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// queueStatus is queue.status(skill?): {open, waiting, online, expected}.
// Without a skill it is the brand's default.
func (r *Run) queueStatus(a Args) int {
	skill := a.Optional(a.At(1), "skill", MaxLabel)
	asked := skill
	if asked == "" {
		asked = r.Turn.Brand.Settings.DefaultSkill
	}
	s := Query[engine.QueueStatus](r, a, Fields{"skill": skill}, engine.Query{Queue: &asked}, func() (engine.Raised, bool) {
		return r.UnknownSkill(a.Fn, skill)
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
