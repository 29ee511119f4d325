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

// query asks the store and waits for its answer. refuse is asked for a new
// call only; it gives the answer to raise instead of asking.
func query[T any](r *run, a args, f fields, q engine.Query, refuse func() (engine.Raised, bool)) T {
	return decode[T](r.suspending(a.L, a.fn, f, func(step int) pause {
		if refuse != nil {
			if failed, ok := refuse(); ok {
				return pause{answer: failed}
			}
		}
		r.effect(engine.Effect{Step: step, Query: &q})
		return pause{wait: engine.Wait{Kind: engine.WaitResult}}
	}, func(in engine.InboxEntry) any {
		var answer T
		if err := json.Unmarshal(in.Data, &answer); err != nil {
			panic(err) // a damaged inbox: becomes an internal fault
		}
		return answer
	}))
}

// storeGet is store.get(key): the value and its version, or nil and 0.
func (r *run) storeGet(a args) int {
	key := a.some(a.at(1), "key", maxKey)
	answer := query[engine.ValueAnswer](r, a, fields{"key": key},
		engine.Query{Value: &engine.ValueQuery{Op: "get", Key: key}}, nil)
	a.L.Push(r.storedValue(a, answer))
	a.L.Push(lua.LNumber(answer.Version))
	return 2
}

func (r *run) storedValue(a args, answer engine.ValueAnswer) lua.LValue {
	if answer.Data == nil {
		return lua.LNil
	}
	v, err := r.toLua(answer.Data)
	if err != nil {
		a.fail("the stored value cannot be read: %v", err)
	}
	return v
}

// storeSet is store.set(key, value, options?): whether it was written, and the
// version that the value has now.
func (r *run) storeSet(a args) int {
	key := a.some(a.at(1), "key", maxKey)
	if a.at(2) == lua.LNil {
		a.fail("value must not be nil; use store.remove")
	}
	value, encoded := r.plain(a, "value", a.at(2), maxValue)
	t := a.options(a.at(3), "options", "ttl", "version")
	q := engine.ValueQuery{Op: "set", Key: key, Data: encoded}
	f := fields{"key": key, "value": value}
	a.ttl(t, f, &q)
	a.version(t, f, &q)
	answer := query[engine.ValueAnswer](r, a, f, engine.Query{Value: &q}, nil)
	a.room(answer)
	a.L.Push(lua.LBool(answer.Done))
	a.L.Push(lua.LNumber(answer.Version))
	return 2
}

// storeRemove is store.remove(key, options?): false when the version was another.
func (r *run) storeRemove(a args) int {
	key := a.some(a.at(1), "key", maxKey)
	t := a.options(a.at(2), "options", "version")
	q := engine.ValueQuery{Op: "remove", Key: key}
	f := fields{"key": key}
	a.version(t, f, &q)
	answer := query[engine.ValueAnswer](r, a, f, engine.Query{Value: &q}, nil)
	a.L.Push(lua.LBool(answer.Done))
	return 1
}

// storeIncrement is store.increment(key, by?, options?): the number that it is
// now. It reads, and writes what it read plus by, until nobody was in between.
func (r *run) storeIncrement(a args) int {
	const bound = 1 << 53
	key := a.some(a.at(1), "key", maxKey)
	by := 1.0
	if v := a.at(2); v != lua.LNil {
		by = a.number(v, "by", -bound, bound)
	}
	t := a.options(a.at(3), "options", "ttl")
	answer := query[engine.ValueAnswer](r, a, fields{"key": key, "by": by},
		engine.Query{Value: &engine.ValueQuery{Op: "get", Key: key}}, nil)
	write := a
	write.fn = "store.increment.write"
	for range maxIncrements {
		old := 0.0
		if answer.Data != nil && json.Unmarshal(answer.Data, &old) != nil {
			a.fail("the value of %q is no number", key)
		}
		sum := old + by
		if sum < -bound || sum > bound {
			a.fail("the value of %q would be larger than a number may be", key)
		}
		q := engine.ValueQuery{Op: "set", Key: key, Data: encode(sum), Check: true, Version: answer.Version}
		f := fields{"key": key, "value": sum, "version": float64(answer.Version)}
		a.ttl(t, f, &q)
		answer = query[engine.ValueAnswer](r, write, f, engine.Query{Value: &q}, nil)
		a.room(answer)
		if answer.Done {
			a.L.Push(lua.LNumber(sum))
			return 1
		}
	}
	a.fail("the value of %q changes too often", key)
	return 0
}

// room raises that nothing was written for lack of room.
func (a args) room(answer engine.ValueAnswer) {
	if answer.Full {
		a.fail("the brand keeps as many values as it may; remove some or give them a ttl")
	}
}

func (a args) ttl(options *lua.LTable, f fields, q *engine.ValueQuery) {
	if v := options.RawGetString("ttl"); v != lua.LNil {
		q.TTL = a.number(v, "ttl", 1, maxTTL)
		f["ttl"] = q.TTL
	}
}

func (a args) version(options *lua.LTable, f fields, q *engine.ValueQuery) {
	if v := options.RawGetString("version"); v != lua.LNil {
		q.Check, q.Version = true, int64(a.whole(v, "version", 0, maxVersion))
		f["version"] = float64(q.Version)
	}
}

// plain reads a Lua value that can be JSON, of at most so many bytes.
func (r *run) plain(a args, param string, v lua.LValue, most int) (any, []byte) {
	if data := r.behind(v); data != nil {
		v = data
	}
	value, err := r.vm.ToGo(v)
	if err != nil {
		a.fail("%s: %s", param, err.Error())
	}
	encoded := encode(value)
	if len(encoded) > most {
		a.fail("%s is %d bytes of JSON, at most %d are allowed", param, len(encoded), most)
	}
	return value, encoded
}
