package kernel

import (
	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/suggest"
)

// maxNesting is how deep bots may run each other.
const maxNesting = 8

// Nested runs another bot of the bundle inside this session and pushes what its
// function returns. The journal is the session's. It is chat:run(bot, argument).
func Nested(a Args) int {
	r := a.Run
	name := a.Some(a.At(1), "bot", 100)
	argument := a.At(2)
	if _, ok := r.Bundle.Chunks[BotFile(name)]; !ok {
		a.Fail("there is no bot %q (there are: %s)%s", name, ListOr(r.Bundle.Bots(), "none"), suggest.Hint(name, r.Bundle.Bots()))
	}
	// Each one still running has left its closed function, or nil, behind.
	if len(r.epilogues) > maxNesting {
		a.Fail("bots run each other more than %d deep", maxNesting)
	}
	r.Immediate(a.L, "run", Fields{"bot": name}, func(int) any { return nil })
	running := len(r.epilogues)
	defer func() { r.epilogues = r.epilogues[:running] }()
	main, closed := r.functions(a.L, name)
	r.epilogues = append(r.epilogues, closed)
	top := a.L.GetTop()
	a.L.Push(main)
	a.L.Push(r.argument)
	a.L.Push(argument)
	a.L.Call(2, lua.MultRet)
	return a.L.GetTop() - top
}
