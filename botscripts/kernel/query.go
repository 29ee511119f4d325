package kernel

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// Query asks the store and waits for its answer. refuse is asked for a new
// call only; it gives the answer to raise instead of asking.
func Query[T any](a Args, f Fields, q engine.Query, refuse func() (engine.Raised, bool)) T {
	r := a.Run
	return Decode[T](r.Suspending(a.L, a.Fn, f, func(step int) Pause {
		if refuse != nil {
			if failed, ok := refuse(); ok {
				return Pause{Answer: failed}
			}
		}
		r.Effect(engine.Effect{Step: step, Query: &q})
		return Pause{Wait: engine.Wait{Kind: engine.WaitResult}}
	}, func(in engine.InboxEntry) any { return Decode[T](in.Data) }))
}

// Plain reads a Lua value that can be JSON, of at most so many bytes.
func (a Args) Plain(param string, v lua.LValue, most int) (any, []byte) {
	value := a.toGo(param, v)
	encoded := Encode(value)
	if len(encoded) > most {
		a.Fail("%s is %d bytes of JSON, at most %d are allowed", param, len(encoded), most)
	}
	return value, encoded
}
