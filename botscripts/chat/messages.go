package chat

import (
	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

// send sends a message; all that send make the same journal entry.
func (r *talk) send(L *lua.LState, c engine.Content) int {
	r.Immediate(L, "say", contentFields(c), r.Making(engine.Effect{Say: &c}))
	return 0
}

func (r *talk) say(a call) int { return r.send(a.L, a.content(a.At(1), "message")) }

// media is chat:image, :audio, :video and :file. A lone string beside the
// URL is the caption, of a file its name.
func media(kind string) func(*talk, call) int {
	return func(r *talk, a call) int {
		m := engine.Media{Kind: kind, URL: a.link(a.At(1), "url", "https")}
		var caption string
		switch v := a.At(2); {
		case v.Type() == lua.LTString && kind == "file":
			m.Name = a.Text(v, "name", kernel.MaxLabel)
		case v.Type() == lua.LTString:
			caption = a.Text(v, "caption", kernel.MaxText)
		default:
			t := a.Options(v, "options", "caption", "name", "mime")
			caption = a.Optional(t.RawGetString("caption"), "caption", kernel.MaxText)
			m.Name = a.Optional(t.RawGetString("name"), "name", kernel.MaxLabel)
			m.MIME = a.Optional(t.RawGetString("mime"), "mime", kernel.MaxLabel)
		}
		return r.send(a.L, engine.Content{Text: caption, Media: []engine.Media{m}})
	}
}

func (r *talk) location(a call) int {
	return r.send(a.L, engine.Content{Location: a.location(a.At(1), "location")})
}

func (r *talk) card(a call) int {
	return r.send(a.L, engine.Content{Cards: []engine.Card{a.card(a.At(1))}})
}

func (r *talk) carousel(a call) int {
	c := engine.Content{Text: a.Optional(a.At(2), "text", kernel.MaxText)}
	for _, v := range a.List(a.At(1), "cards", maxCards) {
		c.Cards = append(c.Cards, a.card(v))
	}
	if len(c.Cards) == 0 {
		a.Fail("cards must not be empty")
	}
	return r.send(a.L, c)
}

func (r *talk) quickReplies(a call) int {
	c := engine.Content{Text: a.Some(a.At(1), "text", kernel.MaxText), Choices: a.choices(a.At(2), "choices")}
	if len(c.Choices) == 0 {
		a.Fail("choices must not be empty")
	}
	return r.send(a.L, c)
}

// maxTyping is how long a bot may pretend to type, in seconds.
const maxTyping = 60

// typing shows that the bot types; with a number it also waits so long.
func (r *talk) typing(a call) int {
	if seconds, ok := a.At(1).(lua.LNumber); ok {
		n := a.Number(seconds, "seconds", 0.1, maxTyping)
		r.Suspending(a.L, "typing", kernel.Fields{"seconds": n}, func(step int) kernel.Pause {
			r.Effect(engine.Effect{Step: step, Typing: new(true)})
			return r.pause(step, n)
		}, timeIsUp)
		return 0
	}
	on := true
	if v := a.At(1); v != lua.LNil {
		b, ok := v.(lua.LBool)
		if !ok {
			a.Fail("on must be true, false or a number of seconds, got %s", v.Type())
		}
		on = bool(b)
	}
	r.Immediate(a.L, "typing", kernel.Fields{"on": on}, r.Making(engine.Effect{Typing: &on}))
	return 0
}
