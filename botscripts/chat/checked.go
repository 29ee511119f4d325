package chat

import (
	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

// reasonRefused says that the author's check refused a value.
const reasonRefused = "refused"

// refused asks the author's check about an answer. hint is what it says of it, ""
// for nothing. The check may make host calls: they have entries of their own.
func (r *talk) refused(L *lua.LState, q question, p engine.Reply) (hint string, refused bool) {
	if q.check == nil {
		return "", false
	}
	p.Kind = engine.ReplyOK
	answer := r.answerTable(L, p)
	switch v := kernel.Call(L, q.check, answer.RawGetString("value"), answer).(type) {
	case lua.LBool:
		return "", !bool(v)
	case lua.LString:
		if v != "" && len(v) <= kernel.MaxText {
			return string(v), true
		}
	}
	L.RaiseError("chat:%s: check must return true, false or what is wrong, in at most %d bytes", q.call, kernel.MaxText)
	return "", true
}
