package botscripts

import (
	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// say sends a message; all that send make the same journal entry.
func (r *run) say(L *lua.LState, c engine.Content) int {
	r.immediate(L, "say", contentFields(c), func(step int) any {
		r.effect(engine.Effect{Step: step, Say: &c})
		return nil
	})
	return 0
}

func (r *run) chatSay(a args) int { return r.say(a.L, a.content(a.at(1), "message")) }

// chatMedia is chat:image, :audio, :video and :file. A lone string beside the
// URL is the caption, of a file its name.
func (r *run) chatMedia(kind string) func(args) int {
	return func(a args) int {
		m := engine.Media{Kind: kind, URL: a.link(a.at(1), "url", "https")}
		var caption string
		switch v := a.at(2); {
		case v.Type() == lua.LTString && kind == "file":
			m.Name = a.text(v, "name", maxLabel)
		case v.Type() == lua.LTString:
			caption = a.text(v, "caption", maxText)
		default:
			t := a.options(v, "options", "caption", "name", "mime")
			caption = a.optional(t.RawGetString("caption"), "caption", maxText)
			m.Name = a.optional(t.RawGetString("name"), "name", maxLabel)
			m.MIME = a.optional(t.RawGetString("mime"), "mime", maxLabel)
		}
		return r.say(a.L, engine.Content{Text: caption, Media: []engine.Media{m}})
	}
}

func (r *run) chatLocation(a args) int {
	return r.say(a.L, engine.Content{Location: a.location(a.at(1), "location")})
}

func (r *run) chatCard(a args) int {
	return r.say(a.L, engine.Content{Cards: []engine.Card{a.card(a.at(1))}})
}

func (r *run) chatCarousel(a args) int {
	c := engine.Content{Text: a.optional(a.at(2), "text", maxText)}
	for _, v := range a.list(a.at(1), "cards", maxCards) {
		c.Cards = append(c.Cards, a.card(v))
	}
	if len(c.Cards) == 0 {
		a.fail("cards must not be empty")
	}
	return r.say(a.L, c)
}

func (r *run) chatQuickReplies(a args) int {
	c := engine.Content{Text: a.some(a.at(1), "text", maxText), Choices: a.choices(a.at(2), "choices")}
	if len(c.Choices) == 0 {
		a.fail("choices must not be empty")
	}
	return r.say(a.L, c)
}

// maxTyping is how long a bot may pretend to type, in seconds.
const maxTyping = 60

// chatTyping shows that the bot types; with a number it also waits so long.
func (r *run) chatTyping(a args) int {
	if seconds, ok := a.at(1).(lua.LNumber); ok {
		n := a.number(seconds, "seconds", 0.1, maxTyping)
		r.suspending(a.L, "typing", fields{"seconds": n}, func(step int) pause {
			on := true
			r.effect(engine.Effect{Step: step, Typing: &on})
			return pause{wait: engine.Wait{Kind: engine.WaitTimer, Until: r.timer(step, n)}}
		}, func(engine.InboxEntry) any { return true })
		return 0
	}
	on := true
	if v := a.at(1); v != lua.LNil {
		b, ok := v.(lua.LBool)
		if !ok {
			a.fail("on must be true, false or a number of seconds, got %s", v.Type())
		}
		on = bool(b)
	}
	r.immediate(a.L, "typing", fields{"on": on}, func(step int) any {
		r.effect(engine.Effect{Step: step, Typing: &on})
		return nil
	})
	return 0
}
