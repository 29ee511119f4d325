package botscripts

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// Limits of consumer:history.
const (
	usualHistory = 5
	maxHistory   = 20
)

// consumerMethods are the functions of the global consumer, with a colon.
func (r *run) consumerMethods() map[string]func(args) int {
	return map[string]func(args) int{
		"set":        r.consumerSet,
		"identities": r.consumerIdentities,
		"history":    r.consumerHistory,
	}
}

// consumerMethod checks the colon before it runs the method.
func (r *run) consumerMethod(L *lua.LState, name string, method func(args) int) *lua.LFunction {
	return L.NewFunction(func(L *lua.LState) int {
		r.enter(L)
		a := args{run: r, L: L, fn: "consumer:" + name, offset: 1}
		if L.Get(1) != r.consumer.table {
			a.fail("call it with a colon: consumer:%s(…)", name)
		}
		return method(a)
	})
}

// consumerIdentities is consumer:identities(): a list of {kind, address}.
func (r *run) consumerIdentities(a args) int {
	a.fn = "consumer.identities"
	list := query[[]engine.Identity](r, a, fields{}, engine.Query{Identities: true}, nil)
	r.vm.Charge(int64(len(list)) * 200)
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
func (r *run) consumerHistory(a args) int {
	limit := usualHistory
	if v := a.at(1); v != lua.LNil {
		limit = a.whole(v, "limit", 1, maxHistory)
	}
	a.fn = "consumer.history"
	list := query[[]engine.PastConversation](r, a, fields{"limit": limit},
		engine.Query{History: &engine.HistoryQuery{Limit: limit}}, nil)
	t := a.L.CreateTable(len(list), 0)
	for _, c := range list {
		t.Append(r.pastConversation(a.L, c))
	}
	a.L.Push(t)
	return 1
}

func (r *run) pastConversation(L *lua.LState, c engine.PastConversation) *lua.LTable {
	r.vm.Charge(int64(1000 + len(c.Summary)))
	t := L.CreateTable(0, 9)
	setText(t, "id", c.ID)
	setText(t, "channel", c.Channel)
	t.RawSetString("opened", lua.LNumber(c.Opened))
	t.RawSetString("closed", lua.LNumber(c.Closed))
	setText(t, "outcome", c.Outcome)
	setText(t, "summary", c.Summary)
	setText(t, "skill", c.Skill)
	tags := L.CreateTable(len(c.Tags), 0)
	for _, tag := range c.Tags {
		tags.Append(lua.LString(tag))
	}
	t.RawSetString("tags", tags)
	facts := L.CreateTable(0, len(c.Facts))
	for _, name := range sortedKeys(c.Facts) {
		r.vm.Charge(int64(len(name) + len(c.Facts[name])))
		facts.RawSetString(name, lua.LString(c.Facts[name]))
	}
	t.RawSetString("facts", facts)
	return t
}
