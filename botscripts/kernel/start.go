package kernel

import (
	"cmp"
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
	maps.Copy(r.Attributes, r.Start.Conversation.Attributes)

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
	r.Conversation.Data.RawSetString("tags", ListOf(L, v.Tags))
	r.Conversation.Data.RawSetString("attributes", r.AttributesProxy(L, "conversation.attributes", v.Attributes))
	L.SetGlobal("conversation", r.Conversation.Table)
}

func (r *Run) snapshot() engine.SessionStart {
	t := r.Turn
	s := engine.SessionStart{
		Zone: t.Brand.Settings.TimeZone, Fallback: t.Brand.Settings.Language(), Followup: t.Followup,
		Consumer: engine.StartConsumer{
			ID: t.Consumer.ID, Name: t.Consumer.Name, Language: t.Consumer.Language,
			Address: t.Conversation.Address, Attributes: t.Consumer.Attributes,
		},
		Conversation: engine.StartConversation{
			ID: t.Conversation.ID, Channel: t.Conversation.Channel, Kind: string(t.Conversation.Kind),
			Language: t.Conversation.Language, Tags: t.Conversation.Tags, Attributes: t.Conversation.Attributes,
		},
	}
	s.Language = cmp.Or(t.Conversation.Language, t.Consumer.Language, s.Fallback)
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
		r.location = engine.ZoneOf(r.Start.Zone)
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
	SetTexts(p.Data, values)
	return p.Table
}

// SetTexts adds texts in the order of their names, in which a script meets them.
func SetTexts(t *lua.LTable, values map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		t.RawSetString(name, lua.LString(values[name]))
	}
}

// ListOf is a table of texts.
func ListOf(L *lua.LState, texts []string) *lua.LTable {
	t := L.CreateTable(len(texts), 0)
	for _, text := range texts {
		t.Append(lua.LString(text))
	}
	return t
}

// Behind is the data of a proxy, or nil.
func (r *Run) Behind(v lua.LValue) *lua.LTable {
	t, _ := v.(*lua.LTable)
	return r.proxies[t]
}

// plain is what stands behind a read-only table, or the value itself.
func (r *Run) plain(v lua.LValue) lua.LValue {
	if data := r.Behind(v); data != nil {
		return data
	}
	return v
}

// pairs is the global pairs, which also sees through read-only tables.
func (r *Run) pairs(original lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(original)
		L.Push(r.plain(L.Get(1)))
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
	p := engine.Reply{Kind: engine.ReplyOK, Text: strings.TrimSpace(c.Text), Media: c.Media, Location: c.Location, Contacts: c.Contacts, At: at.Unix()}
	if c.Picked != nil {
		p.Choice, p.Label = c.Picked.ID, c.Picked.Label
		if p.Text == "" {
			p.Text = c.Picked.Label
		}
	}
	return p
}
