package chat

import (
	"cmp"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

// surveyTimeout is how long a survey waits unless it says so itself: a day.
const surveyTimeout = 24 * 3600

// survey asks how it was and keeps the answer as an attribute of the
// conversation. It returns {value=, comment=}, or timed_out or failed.
func (r *talk) survey(a call) int {
	o := a.Options(a.At(2), "options", "name", "comment", "timeout", "retries", "hint")
	q := a.question("survey", engine.Content{}, o)
	q.escape, q.aside = false, asidesNever
	if o.RawGetString("timeout") == lua.LNil {
		q.timeout = surveyTimeout
	}
	if o.RawGetString("retries") == lua.LNil {
		q.retries = 1
	}
	name := a.survey(&q)
	name = cmp.Or(a.Optional(o.RawGetString("name"), "name", 100), name)
	var comment string
	switch v := o.RawGetString("comment").(type) {
	case *lua.LNilType:
	case lua.LBool:
		if v {
			comment = phrase(r.Start.Language).comment
		}
	default:
		comment = a.Some(v, "comment", kernel.MaxText)
	}

	p := r.put(a.L, q)
	result := a.L.CreateTable(0, 2)
	switch p.Kind {
	case engine.ReplyTimeout:
		result.RawSetString("timed_out", lua.LTrue)
	case engine.ReplyFailed:
		result.RawSetString("failed", lua.LTrue)
	default:
		value := r.answerTable(a.L, p).RawGetString("value")
		result.RawSetString("value", value)
		r.keep(a.L, name, lua.LVAsString(value))
		if comment != "" {
			c := question{call: "survey", prompt: engine.Content{Text: comment}, timeout: q.timeout, aside: asidesNever, own: kernel.Fields{"comment": name}}
			if said := r.put(a.L, c); said.Kind == engine.ReplyOK && said.Text != "" {
				result.RawSetString("comment", lua.LString(said.Text))
				r.keep(a.L, name+"_comment", kernel.Cut(said.Text, 4<<10))
			}
		}
	}
	return a.Return(result)
}

// survey reads what is asked into the question and gives the answer's name.
func (a call) survey(q *question) (name string) {
	kind, ok := a.At(1).(lua.LString)
	if !ok {
		t := a.Options(a.At(1), "survey", "question", "choices", "name")
		q.prompt = a.content(t.RawGetString("question"), "question")
		if len(q.prompt.Choices) > 0 {
			a.Fail("question has choices of its own; give them as choices")
		}
		if q.prompt.Choices = a.choices(t.RawGetString("choices"), "choices"); len(q.prompt.Choices) > 0 {
			q.rule.kind = kindOneOf
		}
		return a.Some(t.RawGetString("name"), "name", 100)
	}
	words := phrase(a.talk.Start.Language)
	least, most := 1.0, 5.0
	var labels []string
	switch kind {
	case "csat":
		q.prompt.Text, labels = words.csat, words.satisfied
	case "stars":
		q.prompt.Text, labels = words.stars, []string{"★", "★★", "★★★", "★★★★", "★★★★★"}
	case "nps":
		// No choices: a text channel would number them from 1, and the scale
		// begins at 0.
		q.prompt.Text = format(words.nps, "brand", a.talk.Turn.Brand.Name)
		least, most = 0, 10
	default:
		a.Fail("survey must be \"csat\", \"nps\", \"stars\" or a table, got %q", string(kind))
	}
	for i, label := range labels {
		q.offered = append(q.offered, engine.Choice{ID: strconv.Itoa(i + 1), Label: label})
	}
	q.rule = rule{kind: "integer", min: &least, max: &most, scale: true}
	q.own = kernel.Fields{"survey": string(kind)}
	return string(kind)
}
