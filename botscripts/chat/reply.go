package chat

import (
	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

// answerTable is what ask returns. text is always there, so that a bot which
// does not look at timed_out or failed does not stumble over nil.
func (r *talk) answerTable(L *lua.LState, p engine.Reply) *lua.LTable {
	r.VM.Charge(int64(len(p.Text)))
	t := L.CreateTable(0, 4)
	t.RawSetString("text", lua.LString(p.Text))
	t.RawSetString("at", lua.LNumber(p.At))
	kernel.SetText(t, "choice", p.Choice)
	kernel.SetText(t, "label", p.Label)
	if len(p.Media) > 0 {
		list := L.CreateTable(len(p.Media), 0)
		for _, m := range p.Media {
			item := L.CreateTable(0, 4)
			kernel.SetText(item, "kind", m.Kind)
			kernel.SetText(item, "url", m.URL)
			kernel.SetText(item, "mime", m.MIME)
			kernel.SetText(item, "name", m.Name)
			list.Append(item)
		}
		t.RawSetString("media", list)
	}
	if l := p.Location; l != nil {
		item := L.CreateTable(0, 4)
		item.RawSetString("lat", lua.LNumber(l.Lat))
		item.RawSetString("lon", lua.LNumber(l.Lon))
		kernel.SetText(item, "name", l.Name)
		kernel.SetText(item, "address", l.Address)
		t.RawSetString("location", item)
	}
	if len(p.Contacts) > 0 {
		t.RawSetString("contacts", contactList(L, p.Contacts))
	}
	switch p.Kind {
	case engine.ReplyTimeout:
		t.RawSetString("timed_out", lua.LTrue)
	case engine.ReplyFailed:
		t.RawSetString("failed", lua.LTrue)
		kernel.SetText(t, "reason", p.Reason)
		if len(p.Meanings) > 0 {
			list := L.CreateTable(len(p.Meanings), 0)
			for _, id := range p.Meanings {
				text, _ := id.(string) // of a choice, see judge
				list.Append(lua.LString(text))
			}
			t.RawSetString("meanings", list)
		}
	default:
		t.RawSetString("value", r.replyValue(L, p))
	}
	return t
}

func contactList(L *lua.LState, contacts []engine.Contact) *lua.LTable {
	texts := func(all []string) *lua.LTable {
		list := L.CreateTable(len(all), 0)
		for _, s := range all {
			list.Append(lua.LString(s))
		}
		return list
	}
	list := L.CreateTable(len(contacts), 0)
	for _, c := range contacts {
		item := L.CreateTable(0, 4)
		kernel.SetText(item, "name", c.Name)
		kernel.SetText(item, "org", c.Org)
		item.RawSetString("phones", texts(c.Phones))
		item.RawSetString("emails", texts(c.Emails))
		list.Append(item)
	}
	return list
}

// replyValue is what an answer is worth: without a kind the choice, else the text.
func (r *talk) replyValue(L *lua.LState, p engine.Reply) lua.LValue {
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
