package consumer

import (
	_ "embed"
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed consumer.yaml
var page string

// Module is the methods of the global consumer.
func Module() kernel.Module {
	return kernel.Module{Name: "consumer", Kind: kernel.Methods, Pages: []string{page}, Exports: []kernel.Export{
		{Name: "history", Do: history, Traits: engine.TraitJournaled | engine.TraitOutside},
		{Name: "identities", Do: identities, Traits: engine.TraitJournaled | engine.TraitOutside},
		{Name: "set", Do: set, Traits: engine.TraitJournaled},
	}}
}

// Limits of consumer:history.
const (
	usualHistory = 5
	maxHistory   = 20
)

// identities is consumer:identities(): a list of {kind, address}.
func identities(a kernel.Args) int {
	a.Fn = "consumer.identities"
	list := kernel.Query[[]engine.Identity](a, kernel.Fields{}, engine.Query{Identities: true}, nil)
	a.Run.VM.Charge(int64(len(list)) * 200)
	t := a.L.CreateTable(len(list), 0)
	for _, id := range list {
		item := a.L.CreateTable(0, 2)
		item.RawSetString("kind", lua.LString(id.Kind))
		item.RawSetString("address", lua.LString(id.Address))
		t.Append(item)
	}
	return a.Return(t)
}

// history is consumer:history(limit?): the consumer's earlier
// conversations, the newest first.
func history(a kernel.Args) int {
	limit := a.WholeOr(usualHistory, a.At(1), "limit", 1, maxHistory)
	a.Fn = "consumer.history"
	list := kernel.Query[[]engine.PastConversation](a, kernel.Fields{"limit": limit},
		engine.Query{History: &engine.HistoryQuery{Limit: limit}}, nil)
	t := a.L.CreateTable(len(list), 0)
	for _, c := range list {
		t.Append(past(a.Run, a.L, c))
	}
	return a.Return(t)
}

func past(r *kernel.Run, L *lua.LState, c engine.PastConversation) *lua.LTable {
	r.VM.Charge(int64(1000 + len(c.Summary)))
	t := L.CreateTable(0, 9)
	kernel.SetText(t, "id", c.ID)
	kernel.SetText(t, "channel", c.Channel)
	t.RawSetString("opened", lua.LNumber(c.Opened))
	t.RawSetString("closed", lua.LNumber(c.Closed))
	kernel.SetText(t, "outcome", c.Outcome)
	kernel.SetText(t, "summary", c.Summary)
	kernel.SetText(t, "skill", c.Skill)
	t.RawSetString("tags", kernel.ListOf(L, c.Tags))
	facts := L.CreateTable(0, len(c.Facts))
	for _, name := range slices.Sorted(maps.Keys(c.Facts)) {
		r.VM.Charge(int64(len(name) + len(c.Facts[name])))
		facts.RawSetString(name, lua.LString(c.Facts[name]))
	}
	t.RawSetString("facts", facts)
	return t
}

// set is consumer:set(name, value); nil removes.
func set(a kernel.Args) int {
	r := a.Run
	name := a.Some(a.At(1), "name", 100)
	value := a.Value(a.At(2), "value", 4<<10)
	switch name {
	case "set", "identities", "history", "id", "address", "attributes":
		a.Fail("name %q cannot be set", name)
	}
	r.Immediate(a.L, "consumer.set", kernel.Fields{"name": name, "value": value},
		r.Making(engine.Effect{Set: &engine.SetEffect{Scope: "consumer", Name: name, Value: value}}))
	target := r.Behind(r.Consumer.Data.RawGetString("attributes"))
	if name == "name" || name == "language" {
		target = r.Consumer.Data
	}
	if name == "language" && value != "" {
		r.Start.Language = value
	}
	target.RawSetString(name, kernel.TextOrNil(value))
	return 0
}
