package botscripts

import (
	"maps"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// takeSnapshot makes or reads entry 0 and gives the bot what it holds.
func (r *Run) takeSnapshot(L *lua.LState) {
	r.Start = Decode[engine.SessionStart](r.Immediate(L, engine.CallStart, Fields{}, func(int) any { return r.snapshot() }))
	r.Attributes = map[string]string{}
	for k, v := range r.Start.Conversation.Attributes {
		r.Attributes[k] = v
	}

	c := r.Start.Consumer
	r.consumer = r.NewProxy(L, "consumer")
	SetText(r.consumer.Data, "id", c.ID)
	SetText(r.consumer.Data, "name", c.Name)
	SetText(r.consumer.Data, "language", c.Language)
	SetText(r.consumer.Data, "address", c.Address)
	r.consumer.Data.RawSetString("attributes", r.AttributesProxy(L, "consumer.attributes", c.Attributes))
	methods := r.consumerMethods()
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		r.consumer.Data.RawSetString(name, r.consumerMethod(L, name, methods[name]))
	}
	L.SetGlobal("consumer", r.consumer.Table)

	v := r.Start.Conversation
	r.conv = r.NewProxy(L, "conversation")
	SetText(r.conv.Data, "id", v.ID)
	SetText(r.conv.Data, "channel", v.Channel)
	SetText(r.conv.Data, "kind", v.Kind)
	SetText(r.conv.Data, "language", v.Language)
	tags := L.CreateTable(len(v.Tags), 0)
	for _, tag := range v.Tags {
		tags.Append(lua.LString(tag))
	}
	r.conv.Data.RawSetString("tags", tags)
	r.conv.Data.RawSetString("attributes", r.AttributesProxy(L, "conversation.attributes", v.Attributes))
	L.SetGlobal("conversation", r.conv.Table)
}

func (r *Run) snapshot() engine.SessionStart {
	t := r.Turn
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
		if r.WantsPerson(t.First.Text) {
			opening.Kind = engine.ReplyEscape
		}
		s.Opening = &opening
	}
	return s
}

// Zone is where the brand is; UTC when the name is unknown here.
func (r *Run) Zone() *time.Location {
	if r.location == nil {
		loc, err := time.LoadLocation(r.Start.Zone)
		if err != nil {
			loc = time.UTC
		}
		r.location = loc
	}
	return r.location
}

// proxy is a read-only table: data behind an empty table.
type Proxy struct{ Table, Data *lua.LTable }

func (r *Run) NewProxy(L *lua.LState, name string) Proxy {
	p := Proxy{Table: L.CreateTable(0, 0), Data: L.CreateTable(0, 8)}
	meta := L.CreateTable(0, 4)
	meta.RawSetString("__index", p.Data)
	meta.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		L.RaiseError("%s is read-only%s", name, setHint(name))
		return 0
	}))
	meta.RawSetString("__metatable", lua.LFalse)
	p.Table.Metatable = meta
	r.proxies[p.Table] = p.Data
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

func (r *Run) AttributesProxy(L *lua.LState, name string, values map[string]string) *lua.LTable {
	p := r.NewProxy(L, name)
	for _, k := range slices.Sorted(maps.Keys(values)) {
		p.Data.RawSetString(k, lua.LString(values[k]))
	}
	return p.Table
}

// Behind is the data of a proxy, or nil.
func (r *Run) Behind(v lua.LValue) *lua.LTable {
	t, _ := v.(*lua.LTable)
	return r.proxies[t]
}

// pairs is the global pairs, which also sees through read-only tables.
func (r *Run) pairs(original lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		v := L.Get(1)
		if data := r.Behind(v); data != nil {
			v = data
		}
		L.Push(original)
		L.Push(v)
		L.Call(1, 3)
		return 3
	}
}

// consumerSet is consumer:set(name, value); nil removes.
func (r *Run) consumerSet(a Args) int {
	name := a.Some(a.At(1), "name", 100)
	value := a.Value(a.At(2), "value", 4<<10)
	if _, method := r.consumerMethods()[name]; method || name == "id" || name == "address" || name == "attributes" {
		a.Fail("name %q cannot be set", name)
	}
	r.Immediate(a.L, "consumer.set", Fields{"name": name, "value": value}, func(step int) any {
		r.Effect(engine.Effect{Step: step, Set: &engine.SetEffect{Scope: "consumer", Name: name, Value: value}})
		return nil
	})
	target := r.Behind(r.consumer.Data.RawGetString("attributes"))
	if name == "name" || name == "language" {
		target = r.consumer.Data
	}
	if name == "language" && value != "" {
		r.Start.Language = value
	}
	target.RawSetString(name, TextOrNil(value))
	return 0
}

func TextOrNil(s string) lua.LValue {
	if s == "" {
		return lua.LNil
	}
	return lua.LString(s)
}
