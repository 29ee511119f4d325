package kernel

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
	r.Consumer = r.NewProxy(L, "consumer")
	SetText(r.Consumer.Data, "id", c.ID)
	SetText(r.Consumer.Data, "name", c.Name)
	SetText(r.Consumer.Data, "language", c.Language)
	SetText(r.Consumer.Data, "address", c.Address)
	r.Consumer.Data.RawSetString("attributes", r.AttributesProxy(L, "consumer.attributes", c.Attributes))
	for i := range r.modules {
		if m := &r.modules[i]; m.Kind == Methods { // consumer is the only object that has some
			for _, e := range m.Exports {
				r.Consumer.Data.RawSetString(e.Name, r.Method(L, r.Consumer.Table, m.Name, e.Name, e.Do))
			}
		}
	}
	L.SetGlobal("consumer", r.Consumer.Table)

	v := r.Start.Conversation
	r.Conversation = r.NewProxy(L, "conversation")
	SetText(r.Conversation.Data, "id", v.ID)
	SetText(r.Conversation.Data, "channel", v.Channel)
	SetText(r.Conversation.Data, "kind", v.Kind)
	SetText(r.Conversation.Data, "language", v.Language)
	tags := L.CreateTable(len(v.Tags), 0)
	for _, tag := range v.Tags {
		tags.Append(lua.LString(tag))
	}
	r.Conversation.Data.RawSetString("tags", tags)
	r.Conversation.Data.RawSetString("attributes", r.AttributesProxy(L, "conversation.attributes", v.Attributes))
	L.SetGlobal("conversation", r.Conversation.Table)
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
		opening := ReplyOf(*t.First, t.Now)
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

func TextOrNil(s string) lua.LValue {
	if s == "" {
		return lua.LNil
	}
	return lua.LString(s)
}

// ReplyOf is a message as the answer of a question.
func ReplyOf(c engine.Content, at time.Time) engine.Reply {
	p := engine.Reply{Kind: engine.ReplyOK, Text: strings.TrimSpace(c.Text), Media: c.Media, Location: c.Location, At: at.Unix()}
	if c.Picked != nil {
		p.Choice, p.Label = c.Picked.ID, c.Picked.Label
		if p.Text == "" {
			p.Text = c.Picked.Label
		}
	}
	return p
}
