package chat

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

func (r *talk) ask(a call) int {
	q := a.asked("ask", a.content(a.At(1), "prompt"), a.OptionsWith(a.At(2), "options", []string{"check", "digress"}, append(ruleOptions(), questionOptions()...)...))
	return r.answer(a, q)
}

// asked reads the options of ask, and of a field of a form.
func (a call) asked(call string, prompt engine.Content, t *lua.LTable) question {
	u := a.rule(t, &prompt)
	q := a.question(call, prompt, t)
	q.rule = u
	switch v := t.RawGetString("check").(type) {
	case *lua.LNilType:
	case *lua.LFunction:
		q.check = v
	default:
		a.Fail("check must be a function, got %s", v.Type())
	}
	if u.kind == kindYesNo && len(prompt.Choices) == 0 {
		q.offered = a.talk.yesNoChoices()
	}
	return q
}

func (r *talk) yesNoChoices() []engine.Choice {
	words := phrase(r.Start.Language)
	return []engine.Choice{{ID: "yes", Label: words.yes}, {ID: "no", Label: words.no}}
}

// answer asks and pushes what came of it.
func (r *talk) answer(a call, q question) int {
	p, value := r.resolve(a, q)
	if value == lua.LNil {
		value = r.answerTable(a.L, p)
	}
	return a.Return(value)
}

func (r *talk) choose(a call) int {
	prompt := a.content(a.At(1), "prompt")
	if len(prompt.Choices) > 0 {
		a.Fail("prompt has choices of its own; give them as the second argument")
	}
	prompt.Choices = a.choices(a.At(2), "choices")
	if len(prompt.Choices) == 0 {
		a.Fail("choices must not be empty")
	}
	q := a.question("choose", prompt, a.OptionsWith(a.At(3), "options", []string{"digress"}, questionOptions()...))
	q.rule.kind = kindOneOf
	return r.answer(a, q)
}

// confirm returns true or false, or nil and why: "timed_out" or "failed".
func (r *talk) confirm(a call) int {
	prompt := a.content(a.At(1), "prompt")
	if len(prompt.Choices) > 0 {
		a.Fail("prompt has choices of its own; use chat:choose for them")
	}
	q := a.question("confirm", prompt, a.OptionsWith(a.At(2), "options", []string{"digress"}, questionOptions()...))
	q.rule.kind, q.offered = kindYesNo, r.yesNoChoices()
	p, value := r.resolve(a, q)
	switch {
	case value != lua.LNil:
		return a.Return(value)
	case p.Kind == engine.ReplyTimeout:
		return a.Return(lua.LNil, lua.LString("timed_out"))
	case p.Kind == engine.ReplyFailed:
		return a.Return(lua.LNil, lua.LString("failed"))
	}
	return a.Return(lua.LBool(p.Choice == "yes"))
}

// list asks for one item of a list that is too rich for bare choices. No
// channel has such lists yet, so it becomes a text with choices.
func (r *talk) list(a call) int {
	text := a.Some(a.At(1), "prompt", kernel.MaxText)
	prompt, items := a.sections(a.At(2), text)
	if len(prompt.Text) > kernel.MaxText {
		a.Fail("prompt and items are %d bytes of text, at most %d are allowed", len(prompt.Text), kernel.MaxText)
	}
	q := a.question("list", prompt, a.OptionsWith(a.At(3), "options", []string{"digress"}, questionOptions()...))
	q.rule.kind = kindOneOf
	q.own = kernel.Fields{"prompt": text, "items": items} // how it is laid out may change
	return r.answer(a, q)
}

// sections reads items, or sections { title=, items= } of them. What a label
// does not say, titles and descriptions, goes into the text.
func (a call) sections(v lua.LValue, text string) (engine.Content, []any) {
	var choices []engine.Choice
	var more []string
	var all []any
	seen := map[string]bool{}
	add := func(items []lua.LValue, titled bool) {
		for _, item := range items {
			c, description := a.item(item)
			if seen[c.ID] {
				a.Fail("items has %q twice", c.ID)
			}
			seen[c.ID] = true
			choices = append(choices, c)
			all = append(all, kernel.Fields{"id": c.ID, "label": c.Label, "description": description})
			switch {
			case description != "":
				more = append(more, c.Label+": "+description)
			case titled:
				more = append(more, c.Label)
			}
		}
	}
	list := a.List(v, "items", maxChoices)
	for i, entry := range list {
		t, ok := entry.(*lua.LTable)
		if !ok || t.RawGetString("items") == lua.LNil {
			add([]lua.LValue{entry}, false)
			continue
		}
		a.Options(t, "a section", "title", "items")
		if title := a.Optional(t.RawGetString("title"), "a section's title", kernel.MaxLabel); title != "" {
			if i > 0 && len(more) > 0 {
				more = append(more, "")
			}
			more = append(more, title)
			all = append(all, kernel.Fields{"title": title})
		}
		add(a.List(t.RawGetString("items"), "a section's items", maxChoices), true)
	}
	if len(choices) == 0 || len(choices) > maxChoices {
		a.Fail("items must hold 1 to %d items, got %d", maxChoices, len(choices))
	}
	if len(more) > 0 {
		text += "\n\n" + strings.Join(more, "\n")
	}
	return engine.Content{Text: text, Choices: choices}, all
}

func (a call) item(v lua.LValue) (c engine.Choice, description string) {
	c, more := a.choice(v, "an item", "id", "label", "description")
	if more != nil {
		description = a.Optional(more.RawGetString("description"), "an item's description", 1000)
	}
	return c, description
}

// problemTable says why a form has no values.
func (r *talk) problemTable(L *lua.LState, field string, p engine.Reply) *lua.LTable {
	t := r.answerTable(L, p)
	kernel.SetText(t, "field", field)
	return t
}
