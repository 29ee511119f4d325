package botscripts

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// takeSnapshot makes or reads entry 0 and gives the bot what it holds.
func (r *run) takeSnapshot(L *lua.LState) {
	r.start = decode[engine.SessionStart](r.immediate(L, engine.CallStart, fields{}, func(int) any { return r.snapshot() }))
	r.attributes = map[string]string{}
	for k, v := range r.start.Conversation.Attributes {
		r.attributes[k] = v
	}

	c := r.start.Consumer
	r.consumer = r.newProxy(L, "consumer")
	setText(r.consumer.data, "id", c.ID)
	setText(r.consumer.data, "name", c.Name)
	setText(r.consumer.data, "language", c.Language)
	setText(r.consumer.data, "address", c.Address)
	r.consumer.data.RawSetString("attributes", r.attributesProxy(L, "consumer.attributes", c.Attributes))
	methods := r.consumerMethods()
	for _, name := range sortedKeys(methods) {
		r.consumer.data.RawSetString(name, r.consumerMethod(L, name, methods[name]))
	}
	L.SetGlobal("consumer", r.consumer.table)

	v := r.start.Conversation
	r.conv = r.newProxy(L, "conversation")
	setText(r.conv.data, "id", v.ID)
	setText(r.conv.data, "channel", v.Channel)
	setText(r.conv.data, "kind", v.Kind)
	setText(r.conv.data, "language", v.Language)
	tags := L.CreateTable(len(v.Tags), 0)
	for _, tag := range v.Tags {
		tags.Append(lua.LString(tag))
	}
	r.conv.data.RawSetString("tags", tags)
	r.conv.data.RawSetString("attributes", r.attributesProxy(L, "conversation.attributes", v.Attributes))
	L.SetGlobal("conversation", r.conv.table)
}

func (r *run) snapshot() engine.SessionStart {
	t := r.turn
	s := engine.SessionStart{
		Zone:     t.Brand.Settings.TimeZone,
		Language: t.Conversation.Language,
		Consumer: engine.StartConsumer{
			ID: t.Consumer.ID, Name: t.Consumer.Name, Language: t.Consumer.Language,
			Address: t.Conversation.Address, Attributes: t.Consumer.Attributes,
		},
		Conversation: engine.StartConversation{
			ID: t.Conversation.ID, Channel: t.Conversation.Channel, Kind: string(t.Conversation.Kind),
			Language: t.Conversation.Language, Tags: t.Conversation.Tags, Attributes: t.Conversation.Attributes,
		},
	}
	if s.Language == "" {
		s.Language = t.Consumer.Language
	}
	if len(t.Brand.Settings.Languages) > 0 {
		s.Fallback = t.Brand.Settings.Languages[0]
	}
	if s.Language == "" {
		s.Language = s.Fallback
	}
	s.Followup = t.Followup
	if t.First != nil {
		opening := replyOf(*t.First, t.Now)
		if r.wantsPerson(t.First.Text) {
			opening.Kind = engine.ReplyEscape
		}
		s.Opening = &opening
	}
	return s
}

// zone is where the brand is; UTC when the name is unknown here.
func (r *run) zone() *time.Location {
	if r.location == nil {
		loc, err := time.LoadLocation(r.start.Zone)
		if err != nil {
			loc = time.UTC
		}
		r.location = loc
	}
	return r.location
}

// proxy is a read-only table: data behind an empty table.
type proxy struct{ table, data *lua.LTable }

func (r *run) newProxy(L *lua.LState, name string) proxy {
	p := proxy{table: L.CreateTable(0, 0), data: L.CreateTable(0, 8)}
	meta := L.CreateTable(0, 4)
	meta.RawSetString("__index", p.data)
	meta.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		L.RaiseError("%s is read-only%s", name, setHint(name))
		return 0
	}))
	meta.RawSetString("__metatable", lua.LFalse)
	p.table.Metatable = meta
	r.proxies[p.table] = p.data
	return p
}

func setHint(name string) string {
	switch name, _, _ := strings.Cut(name, "."); name {
	case "consumer":
		return "; use consumer:set(name, value)"
	case "conversation":
		return "; use chat:set(name, value) or chat:tag(name)"
	}
	return ""
}

func (r *run) attributesProxy(L *lua.LState, name string, values map[string]string) *lua.LTable {
	p := r.newProxy(L, name)
	for _, k := range sortedKeys(values) {
		p.data.RawSetString(k, lua.LString(values[k]))
	}
	return p.table
}

// behind is the data of a proxy, or nil.
func (r *run) behind(v lua.LValue) *lua.LTable {
	t, _ := v.(*lua.LTable)
	return r.proxies[t]
}

// pairs is the global pairs, which also sees through read-only tables.
func (r *run) pairs(original lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		v := L.Get(1)
		if data := r.behind(v); data != nil {
			v = data
		}
		L.Push(original)
		L.Push(v)
		L.Call(1, 3)
		return 3
	}
}

// consumerSet is consumer:set(name, value); nil removes.
func (r *run) consumerSet(a args) int {
	name := a.some(a.at(1), "name", 100)
	value := a.value(a.at(2), "value", 4<<10)
	if _, method := r.consumerMethods()[name]; method || name == "id" || name == "address" || name == "attributes" {
		a.fail("name %q cannot be set", name)
	}
	r.immediate(a.L, "consumer.set", fields{"name": name, "value": value}, func(step int) any {
		r.effect(engine.Effect{Step: step, Set: &engine.SetEffect{Scope: "consumer", Name: name, Value: value}})
		return nil
	})
	target := r.behind(r.consumer.data.RawGetString("attributes"))
	if name == "name" || name == "language" {
		target = r.consumer.data
	}
	if name == "language" && value != "" {
		r.start.Language = value
	}
	target.RawSetString(name, textOrNil(value))
	return 0
}

func textOrNil(s string) lua.LValue {
	if s == "" {
		return lua.LNil
	}
	return lua.LString(s)
}
