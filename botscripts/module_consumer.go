package botscripts

import (
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// Limits of consumer:history.
const (
	usualHistory = 5
	maxHistory   = 20
)

// consumerMethods are the functions of the global consumer, with a colon.
func (r *Run) consumerMethods() map[string]func(Args) int {
	return map[string]func(Args) int{
		"set":        r.consumerSet,
		"identities": r.consumerIdentities,
		"history":    r.consumerHistory,
	}
}

// consumerMethod checks the colon before it runs the method.
func (r *Run) consumerMethod(L *lua.LState, name string, method func(Args) int) *lua.LFunction {
	return L.NewFunction(func(L *lua.LState) int {
		r.enter(L)
		a := Args{Run: r, L: L, Fn: "consumer:" + name, offset: 1}
		if L.Get(1) != r.consumer.Table {
			a.Fail("call it with a colon: consumer:%s(…)", name)
		}
		return method(a)
	})
}

// consumerIdentities is consumer:identities(): a list of {kind, address}.
func (r *Run) consumerIdentities(a Args) int {
	a.Fn = "consumer.identities"
	list := Query[[]engine.Identity](r, a, Fields{}, engine.Query{Identities: true}, nil)
	r.VM.Charge(int64(len(list)) * 200)
	t := a.L.CreateTable(len(list), 0)
	for _, id := range list {
		item := a.L.CreateTable(0, 2)
		item.RawSetString("kind", lua.LString(id.Kind))
		item.RawSetString("address", lua.LString(id.Address))
		t.Append(item)
	}
	a.L.Push(t)
	return 1
}

// consumerHistory is consumer:history(limit?): the consumer's earlier
// conversations, the newest first.
func (r *Run) consumerHistory(a Args) int {
	limit := usualHistory
	if v := a.At(1); v != lua.LNil {
		limit = a.Whole(v, "limit", 1, maxHistory)
	}
	a.Fn = "consumer.history"
	list := Query[[]engine.PastConversation](r, a, Fields{"limit": limit},
		engine.Query{History: &engine.HistoryQuery{Limit: limit}}, nil)
	t := a.L.CreateTable(len(list), 0)
	for _, c := range list {
		t.Append(r.pastConversation(a.L, c))
	}
	a.L.Push(t)
	return 1
}

func (r *Run) pastConversation(L *lua.LState, c engine.PastConversation) *lua.LTable {
	r.VM.Charge(int64(1000 + len(c.Summary)))
	t := L.CreateTable(0, 9)
	SetText(t, "id", c.ID)
	SetText(t, "channel", c.Channel)
	t.RawSetString("opened", lua.LNumber(c.Opened))
	t.RawSetString("closed", lua.LNumber(c.Closed))
	SetText(t, "outcome", c.Outcome)
	SetText(t, "summary", c.Summary)
	SetText(t, "skill", c.Skill)
	tags := L.CreateTable(len(c.Tags), 0)
	for _, tag := range c.Tags {
		tags.Append(lua.LString(tag))
	}
	t.RawSetString("tags", tags)
	facts := L.CreateTable(0, len(c.Facts))
	for _, name := range slices.Sorted(maps.Keys(c.Facts)) {
		r.VM.Charge(int64(len(name) + len(c.Facts[name])))
		facts.RawSetString(name, lua.LString(c.Facts[name]))
	}
	t.RawSetString("facts", facts)
	return t
}
