package botscripts

import (
	"encoding/json"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

const (
	maxKey        = 200
	maxValue      = 64 << 10        // bytes of JSON
	maxTTL        = 5 * 366 * 86400 // seconds
	maxVersion    = 1 << 53         // what a Lua number holds exactly
	maxIncrements = 20              // tries of store.increment
)

// Query asks the store and waits for its answer. refuse is asked for a new
// call only; it gives the answer to raise instead of asking.
func Query[T any](r *Run, a Args, f Fields, q engine.Query, refuse func() (engine.Raised, bool)) T {
	return Decode[T](r.Suspending(a.L, a.Fn, f, func(step int) Pause {
		if refuse != nil {
			if failed, ok := refuse(); ok {
				return Pause{Answer: failed}
			}
		}
		r.Effect(engine.Effect{Step: step, Query: &q})
		return Pause{Wait: engine.Wait{Kind: engine.WaitResult}}
	}, func(in engine.InboxEntry) any {
		var answer T
		if err := json.Unmarshal(in.Data, &answer); err != nil {
			panic(err) // a damaged inbox: becomes an internal fault
		}
		return answer
	}))
}

// storeGet is store.get(key): the value and its version, or nil and 0.
func (r *Run) storeGet(a Args) int {
	key := a.Some(a.At(1), "key", maxKey)
	answer := Query[engine.ValueAnswer](r, a, Fields{"key": key},
		engine.Query{Value: &engine.ValueQuery{Op: "get", Key: key}}, nil)
	a.L.Push(r.storedValue(a, answer))
	a.L.Push(lua.LNumber(answer.Version))
	return 2
}

func (r *Run) storedValue(a Args, answer engine.ValueAnswer) lua.LValue {
	if answer.Data == nil {
		return lua.LNil
	}
	v, err := r.ToLua(answer.Data)
	if err != nil {
		a.Fail("the stored value cannot be read: %v", err)
	}
	return v
}

// storeSet is store.set(key, value, options?): whether it was written, and the
// version that the value has now.
func (r *Run) storeSet(a Args) int {
	key := a.Some(a.At(1), "key", maxKey)
	if a.At(2) == lua.LNil {
		a.Fail("value must not be nil; use store.remove")
	}
	value, encoded := r.Plain(a, "value", a.At(2), maxValue)
	t := a.Options(a.At(3), "options", "ttl", "version")
	q := engine.ValueQuery{Op: "set", Key: key, Data: encoded}
	f := Fields{"key": key, "value": value}
	a.ttl(t, f, &q)
	a.version(t, f, &q)
	answer := Query[engine.ValueAnswer](r, a, f, engine.Query{Value: &q}, nil)
	a.room(answer)
	a.L.Push(lua.LBool(answer.Done))
	a.L.Push(lua.LNumber(answer.Version))
	return 2
}

// storeRemove is store.remove(key, options?): false when the version was another.
func (r *Run) storeRemove(a Args) int {
	key := a.Some(a.At(1), "key", maxKey)
	t := a.Options(a.At(2), "options", "version")
	q := engine.ValueQuery{Op: "remove", Key: key}
	f := Fields{"key": key}
	a.version(t, f, &q)
	answer := Query[engine.ValueAnswer](r, a, f, engine.Query{Value: &q}, nil)
	a.L.Push(lua.LBool(answer.Done))
	return 1
}

// storeIncrement is store.increment(key, by?, options?): the number that it is
// now. It reads, and writes what it read plus by, until nobody was in between.
func (r *Run) storeIncrement(a Args) int {
	const bound = 1 << 53
	key := a.Some(a.At(1), "key", maxKey)
	by := 1.0
	if v := a.At(2); v != lua.LNil {
		by = a.Number(v, "by", -bound, bound)
	}
	t := a.Options(a.At(3), "options", "ttl")
	answer := Query[engine.ValueAnswer](r, a, Fields{"key": key, "by": by},
		engine.Query{Value: &engine.ValueQuery{Op: "get", Key: key}}, nil)
	write := a
	write.Fn = "store.increment.write"
	for range maxIncrements {
		old := 0.0
		if answer.Data != nil && json.Unmarshal(answer.Data, &old) != nil {
			a.Fail("the value of %q is no number", key)
		}
		sum := old + by
		if sum < -bound || sum > bound {
			a.Fail("the value of %q would be larger than a number may be", key)
		}
		q := engine.ValueQuery{Op: "set", Key: key, Data: Encode(sum), Check: true, Version: answer.Version}
		f := Fields{"key": key, "value": sum, "version": float64(answer.Version)}
		a.ttl(t, f, &q)
		answer = Query[engine.ValueAnswer](r, write, f, engine.Query{Value: &q}, nil)
		a.room(answer)
		if answer.Done {
			a.L.Push(lua.LNumber(sum))
			return 1
		}
	}
	a.Fail("the value of %q changes too often", key)
	return 0
}

// room raises that nothing was written for lack of room.
func (a Args) room(answer engine.ValueAnswer) {
	if answer.Full {
		a.Fail("the brand keeps as many values as it may; remove some or give them a ttl")
	}
}

func (a Args) ttl(options *lua.LTable, f Fields, q *engine.ValueQuery) {
	if v := options.RawGetString("ttl"); v != lua.LNil {
		q.TTL = a.Number(v, "ttl", 1, maxTTL)
		f["ttl"] = q.TTL
	}
}

func (a Args) version(options *lua.LTable, f Fields, q *engine.ValueQuery) {
	if v := options.RawGetString("version"); v != lua.LNil {
		q.Check, q.Version = true, int64(a.Whole(v, "version", 0, maxVersion))
		f["version"] = float64(q.Version)
	}
}

// Plain reads a Lua value that can be JSON, of at most so many bytes.
func (r *Run) Plain(a Args, param string, v lua.LValue, most int) (any, []byte) {
	if data := r.Behind(v); data != nil {
		v = data
	}
	value, err := r.VM.ToGo(v)
	if err != nil {
		a.Fail("%s: %s", param, err.Error())
	}
	encoded := Encode(value)
	if len(encoded) > most {
		a.Fail("%s is %d bytes of JSON, at most %d are allowed", param, len(encoded), most)
	}
	return value, encoded
}
