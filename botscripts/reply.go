package botscripts

import (
	"encoding/json"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// replyKind is what became of a consumer's message, decided once, when it
// came, and journaled: the brand's words and the matching may change later.
type replyKind string

const (
	replyOK      replyKind = "ok"
	replyAgain   replyKind = "again"  // did not fit, ask again
	replyFailed  replyKind = "failed" // did not fit, and that was the last try
	replyTimeout replyKind = "timeout"
	replyEscape  replyKind = "escape" // wants a person
	replyBack    replyKind = "back"   // wants to correct the answer before, in a form
)

// reply is the journaled answer of an ask.
type reply struct {
	Kind     replyKind        `json:"kind"`
	Text     string           `json:"text,omitempty"`
	Choice   string           `json:"choice,omitempty"` // id
	Label    string           `json:"label,omitempty"`
	Media    []engine.Media   `json:"media,omitempty"`
	Location *engine.Location `json:"location,omitempty"`
	At       int64            `json:"at"`               // seconds since 1970
	Value    any              `json:"value,omitempty"`  // as the question's kind reads it
	Reason   string           `json:"reason,omitempty"` // why it does not fit
}

func replyOf(c engine.Content, at time.Time) reply {
	p := reply{Kind: replyOK, Text: strings.TrimSpace(c.Text), Media: c.Media, Location: c.Location, At: at.Unix()}
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
func (r *run) answerTable(L *lua.LState, p reply) *lua.LTable {
	r.vm.Charge(int64(len(p.Text)))
	t := L.CreateTable(0, 4)
	t.RawSetString("text", lua.LString(p.Text))
	t.RawSetString("at", lua.LNumber(p.At))
	setText(t, "choice", p.Choice)
	setText(t, "label", p.Label)
	if len(p.Media) > 0 {
		list := L.CreateTable(len(p.Media), 0)
		for _, m := range p.Media {
			item := L.CreateTable(0, 4)
			setText(item, "kind", m.Kind)
			setText(item, "url", m.URL)
			setText(item, "mime", m.MIME)
			setText(item, "name", m.Name)
			list.Append(item)
		}
		t.RawSetString("media", list)
	}
	if l := p.Location; l != nil {
		item := L.CreateTable(0, 4)
		item.RawSetString("lat", lua.LNumber(l.Lat))
		item.RawSetString("lon", lua.LNumber(l.Lon))
		setText(item, "name", l.Name)
		setText(item, "address", l.Address)
		t.RawSetString("location", item)
	}
	switch p.Kind {
	case replyTimeout:
		t.RawSetString("timed_out", lua.LTrue)
	case replyFailed:
		t.RawSetString("failed", lua.LTrue)
		setText(t, "reason", p.Reason)
	default:
		t.RawSetString("value", r.replyValue(L, p))
	}
	return t
}

// replyValue is what an answer is worth: without a kind the choice, else the text.
func (r *run) replyValue(L *lua.LState, p reply) lua.LValue {
	switch {
	case p.Value != nil:
		v, err := r.vm.FromGo(p.Value)
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
