package botscripts

import (
	"encoding/json"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

func replyOf(c engine.Content, at time.Time) engine.Reply {
	p := engine.Reply{Kind: engine.ReplyOK, Text: strings.TrimSpace(c.Text), Media: c.Media, Location: c.Location, At: at.Unix()}
	if c.Picked != nil {
		p.Choice, p.Label = c.Picked.ID, c.Picked.Label
		if p.Text == "" {
			p.Text = c.Picked.Label
		}
	}
	return p
}

// answerTable is what ask returns. text is always there, so that a bot which
// does not look at timed_out or failed does not stumble over nil.
func (r *Run) answerTable(L *lua.LState, p engine.Reply) *lua.LTable {
	r.VM.Charge(int64(len(p.Text)))
	t := L.CreateTable(0, 4)
	t.RawSetString("text", lua.LString(p.Text))
	t.RawSetString("at", lua.LNumber(p.At))
	SetText(t, "choice", p.Choice)
	SetText(t, "label", p.Label)
	if len(p.Media) > 0 {
		list := L.CreateTable(len(p.Media), 0)
		for _, m := range p.Media {
			item := L.CreateTable(0, 4)
			SetText(item, "kind", m.Kind)
			SetText(item, "url", m.URL)
			SetText(item, "mime", m.MIME)
			SetText(item, "name", m.Name)
			list.Append(item)
		}
		t.RawSetString("media", list)
	}
	if l := p.Location; l != nil {
		item := L.CreateTable(0, 4)
		item.RawSetString("lat", lua.LNumber(l.Lat))
		item.RawSetString("lon", lua.LNumber(l.Lon))
		SetText(item, "name", l.Name)
		SetText(item, "address", l.Address)
		t.RawSetString("location", item)
	}
	switch p.Kind {
	case engine.ReplyTimeout:
		t.RawSetString("timed_out", lua.LTrue)
	case engine.ReplyFailed:
		t.RawSetString("failed", lua.LTrue)
		SetText(t, "reason", p.Reason)
	default:
		t.RawSetString("value", r.replyValue(L, p))
	}
	return t
}

// replyValue is what an answer is worth: without a kind the choice, else the text.
func (r *Run) replyValue(L *lua.LState, p engine.Reply) lua.LValue {
	switch {
	case p.Value != nil:
		v, err := r.VM.FromGo(p.Value)
		if err != nil {
			L.RaiseError("value: %v", err)
		}
		return v
	case p.Choice != "":
		return lua.LString(p.Choice)
	}
	return lua.LString(p.Text)
}

// message decodes the content of an inbox entry.
func message(in engine.InboxEntry) engine.Content {
	var c engine.Content
	if err := json.Unmarshal(in.Data, &c); err != nil {
		panic(err) // a damaged inbox: becomes an internal fault
	}
	return c
}
