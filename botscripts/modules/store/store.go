package store

import (
	_ "embed"
	"encoding/json"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed store.yaml
var page string

// Module is require "store".
func Module() kernel.Module {
	const traits = engine.TraitJournaled | engine.TraitOutside | engine.TraitStrict
	return kernel.Module{Name: "store", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "get", Do: get, Traits: traits},
		{Name: "increment", Do: increment, Traits: traits},
		{Name: "remove", Do: remove, Traits: traits},
		{Name: "set", Do: set, Traits: traits},
	}}
}

const (
	maxKey        = 200
	maxValue      = 64 << 10        // bytes of JSON
	maxTTL        = 5 * 366 * 86400 // seconds
	maxVersion    = 1 << 53         // what a Lua number holds exactly
	maxIncrements = 20              // tries of store.increment
)

// get is store.get(key): the value and its version, or nil and 0.
func get(a kernel.Args) int {
	key := a.Some(a.At(1), "key", maxKey)
	answer := kernel.Query[engine.ValueAnswer](a, kernel.Fields{"key": key},
		engine.Query{Value: &engine.ValueQuery{Op: "get", Key: key}}, nil)
	return a.Return(stored(a, answer), lua.LNumber(answer.Version))
}

func stored(a kernel.Args, answer engine.ValueAnswer) lua.LValue {
	if answer.Data == nil {
		return lua.LNil
	}
	v, err := a.Run.ToLua(answer.Data)
	if err != nil {
		a.Fail("the stored value cannot be read: %v", err)
	}
	return v
}

// set is store.set(key, value, options?): whether it was written, and the
// version that the value has now.
func set(a kernel.Args) int {
	key := a.Some(a.At(1), "key", maxKey)
	if a.At(2) == lua.LNil {
		a.Fail("value must not be nil; use store.remove")
	}
	value, encoded := a.Plain("value", a.At(2), maxValue)
	t := a.Options(a.At(3), "options", "ttl", "version")
	q := engine.ValueQuery{Op: "set", Key: key, Data: encoded}
	f := kernel.Fields{"key": key, "value": value}
	ttl(a, t, f, &q)
	version(a, t, f, &q)
	answer := kernel.Query[engine.ValueAnswer](a, f, engine.Query{Value: &q}, nil)
	room(a, answer)
	return a.Return(lua.LBool(answer.Done), lua.LNumber(answer.Version))
}

// remove is store.remove(key, options?): false when the version was another.
func remove(a kernel.Args) int {
	key := a.Some(a.At(1), "key", maxKey)
	t := a.Options(a.At(2), "options", "version")
	q := engine.ValueQuery{Op: "remove", Key: key}
	f := kernel.Fields{"key": key}
	version(a, t, f, &q)
	answer := kernel.Query[engine.ValueAnswer](a, f, engine.Query{Value: &q}, nil)
	return a.Return(lua.LBool(answer.Done))
}

// increment is store.increment(key, by?, options?): the number that it is
// now. It reads, and writes what it read plus by, until nobody was in between.
func increment(a kernel.Args) int {
	const bound = 1 << 53
	key := a.Some(a.At(1), "key", maxKey)
	by := a.NumberOr(1, a.At(2), "by", -bound, bound)
	t := a.Options(a.At(3), "options", "ttl")
	answer := kernel.Query[engine.ValueAnswer](a, kernel.Fields{"key": key, "by": by},
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
		q := engine.ValueQuery{Op: "set", Key: key, Data: kernel.Encode(sum), Check: true, Version: answer.Version}
		f := kernel.Fields{"key": key, "value": sum, "version": float64(answer.Version)}
		ttl(a, t, f, &q)
		answer = kernel.Query[engine.ValueAnswer](write, f, engine.Query{Value: &q}, nil)
		room(a, answer)
		if answer.Done {
			return a.Return(lua.LNumber(sum))
		}
	}
	a.Fail("the value of %q changes too often", key)
	return 0
}

// room raises that nothing was written for lack of room.
func room(a kernel.Args, answer engine.ValueAnswer) {
	if answer.Full {
		a.Fail("the brand keeps as many values as it may; remove some or give them a ttl")
	}
}

func ttl(a kernel.Args, options *lua.LTable, f kernel.Fields, q *engine.ValueQuery) {
	if v := options.RawGetString("ttl"); v != lua.LNil {
		q.TTL = a.Number(v, "ttl", 1, maxTTL)
		f["ttl"] = q.TTL
	}
}

func version(a kernel.Args, options *lua.LTable, f kernel.Fields, q *engine.ValueQuery) {
	if v := options.RawGetString("version"); v != lua.LNil {
		q.Check, q.Version = true, int64(a.Whole(v, "version", 0, maxVersion))
		f["version"] = float64(q.Version)
	}
}
