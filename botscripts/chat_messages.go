package botscripts

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// say sends a message; all that send make the same journal entry.
func (r *Run) say(L *lua.LState, c engine.Content) int {
	r.Immediate(L, "say", contentFields(c), func(step int) any {
		r.Effect(engine.Effect{Step: step, Say: &c})
		return nil
	})
	return 0
}

func (r *Run) chatSay(a Args) int { return r.say(a.L, a.content(a.At(1), "message")) }

// chatMedia is chat:image, :audio, :video and :file. A lone string beside the
// URL is the caption, of a file its name.
func (r *Run) chatMedia(kind string) func(Args) int {
	return func(a Args) int {
		m := engine.Media{Kind: kind, URL: a.link(a.At(1), "url", "https")}
		var caption string
		switch v := a.At(2); {
		case v.Type() == lua.LTString && kind == "file":
			m.Name = a.Text(v, "name", MaxLabel)
		case v.Type() == lua.LTString:
			caption = a.Text(v, "caption", MaxText)
		default:
			t := a.Options(v, "options", "caption", "name", "mime")
			caption = a.Optional(t.RawGetString("caption"), "caption", MaxText)
			m.Name = a.Optional(t.RawGetString("name"), "name", MaxLabel)
			m.MIME = a.Optional(t.RawGetString("mime"), "mime", MaxLabel)
		}
		return r.say(a.L, engine.Content{Text: caption, Media: []engine.Media{m}})
	}
}

func (r *Run) chatLocation(a Args) int {
	return r.say(a.L, engine.Content{Location: a.location(a.At(1), "location")})
}

func (r *Run) chatCard(a Args) int {
	return r.say(a.L, engine.Content{Cards: []engine.Card{a.card(a.At(1))}})
}

func (r *Run) chatCarousel(a Args) int {
	c := engine.Content{Text: a.Optional(a.At(2), "text", MaxText)}
	for _, v := range a.List(a.At(1), "cards", maxCards) {
		c.Cards = append(c.Cards, a.card(v))
	}
	if len(c.Cards) == 0 {
		a.Fail("cards must not be empty")
	}
	return r.say(a.L, c)
}

func (r *Run) chatQuickReplies(a Args) int {
	c := engine.Content{Text: a.Some(a.At(1), "text", MaxText), Choices: a.choices(a.At(2), "choices")}
	if len(c.Choices) == 0 {
		a.Fail("choices must not be empty")
	}
	return r.say(a.L, c)
}

// maxTyping is how long a bot may pretend to type, in seconds.
const maxTyping = 60

// chatTyping shows that the bot types; with a number it also waits so long.
func (r *Run) chatTyping(a Args) int {
	if seconds, ok := a.At(1).(lua.LNumber); ok {
		n := a.Number(seconds, "seconds", 0.1, maxTyping)
		r.Suspending(a.L, "typing", Fields{"seconds": n}, func(step int) Pause {
			on := true
			r.Effect(engine.Effect{Step: step, Typing: &on})
			return Pause{Wait: engine.Wait{Kind: engine.WaitTimer, Until: r.Timer(step, n)}}
		}, func(engine.InboxEntry) any { return true })
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
	r.Immediate(a.L, "typing", Fields{"on": on}, func(step int) any {
		r.Effect(engine.Effect{Step: step, Typing: &on})
		return nil
	})
	return 0
}
