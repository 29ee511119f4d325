package botscripts

import lua "github.com/yuin/gopher-lua"

// maxNesting is how deep bots may run each other.
const maxNesting = 8

// chatRun runs another bot of the bundle inside this session and returns what
// its function returns. The journal is the session's.
func (r *run) chatRun(a args) int {
	name := a.some(a.at(1), "bot", 100)
	argument := a.at(2)
	if _, ok := r.bundle.chunks[botFile(name)]; !ok {
		a.fail("there is no bot %q (there are: %s)%s", name, listOr(r.bundle.bots(), "none"), nearest(name, r.bundle.bots()))
	}
	// Each one still running has left its closed function, or nil, behind.
	if len(r.epilogues) > maxNesting {
		a.fail("bots run each other more than %d deep", maxNesting)
	}
	r.immediate(a.L, "run", fields{"bot": name}, func(int) any { return nil })
	running := len(r.epilogues)
	defer func() { r.epilogues = r.epilogues[:running] }()
	main, closed := r.functions(a.L, name)
	r.epilogues = append(r.epilogues, closed)
	top := a.L.GetTop()
	a.L.Push(main)
	a.L.Push(r.chat)
	a.L.Push(argument)
	a.L.Call(2, lua.MultRet)
	return a.L.GetTop() - top
}
