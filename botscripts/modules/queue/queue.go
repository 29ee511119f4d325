package queue

import (
	"cmp"
	_ "embed"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed queue.yaml
var page string

// Module is require "queue".
func Module() kernel.Module {
	return kernel.Module{Name: "queue", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "status", Do: status, Traits: engine.TraitJournaled | engine.TraitOutside},
	}}
}

// status is queue.status(skill?): {open, waiting, online, expected}.
// Without a skill it is the brand's default.
func status(a kernel.Args) int {
	r := a.Run
	skill := a.Optional(a.At(1), "skill", kernel.MaxLabel)
	asked := cmp.Or(skill, r.Turn.Brand.Settings.DefaultSkill)
	s := kernel.Query[engine.QueueStatus](a, kernel.Fields{"skill": skill}, engine.Query{Queue: &asked}, func() (engine.Raised, bool) {
		return r.UnknownSkill(a.Fn, skill)
	})
	t := a.L.CreateTable(0, 4)
	t.RawSetString("open", lua.LBool(s.Open))
	t.RawSetString("waiting", lua.LNumber(s.Waiting))
	t.RawSetString("online", lua.LNumber(s.Online))
	if s.Expected >= 0 {
		t.RawSetString("expected", lua.LNumber(s.Expected))
	}
	return a.Return(t)
}
