package botscripts

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/choice"
)

// question is what ask, choose and confirm have in common.
type question struct {
	call    string         // "ask"; later rounds are "ask.again"
	prompt  engine.Content // with the choices, if any
	match   string         // Lua pattern, "" for any message
	hint    string         // said when a reply does not fit
	timeout float64        // seconds, 0 for none
	retries int            // replies that may fail before the last one
	escape  bool
}

func (r *run) chatAsk(a args) int {
	q := a.question("ask", a.content(a.at(1), "prompt"), a.at(2), "match")
	if q.match != "" {
		// A malformed pattern is the author's mistake, to be told at once and
		// not when the first reply comes: string.find raises it.
		a.L.Push(r.find)
		a.L.Push(lua.LString(""))
		a.L.Push(lua.LString(q.match))
		a.L.Call(2, 1)
		a.L.Pop(1)
	}
	p := r.put(a.L, q)
	a.L.Push(r.answerTable(a.L, p))
	return 1
}

func (r *run) chatChoose(a args) int {
	prompt := a.content(a.at(1), "prompt")
	if len(prompt.Choices) > 0 {
		a.fail("prompt has choices of its own; give them as the second argument")
	}
	prompt.Choices = a.choices(a.at(2), "choices")
	if len(prompt.Choices) == 0 {
		a.fail("choices must not be empty")
	}
	q := a.question("choose", prompt, a.at(3))
	if q.hint == "" {
		q.hint = phrase(r.start.Language).choose
	}
	p := r.put(a.L, q)
	a.L.Push(r.answerTable(a.L, p))
	return 1
}

// chatConfirm returns true or false, or nil and why: "timed_out" or "failed".
func (r *run) chatConfirm(a args) int {
	prompt := a.content(a.at(1), "prompt")
	if len(prompt.Choices) > 0 {
		a.fail("prompt has choices of its own; use chat:choose for them")
	}
	words := phrase(r.start.Language)
	prompt.Choices = []engine.Choice{{ID: "yes", Label: words.yes}, {ID: "no", Label: words.no}}
	q := a.question("confirm", prompt, a.at(2))
	if q.hint == "" {
		q.hint = words.confirm
	}
	p := r.put(a.L, q)
	switch p.Kind {
	case replyTimeout:
		a.L.Push(lua.LNil)
		a.L.Push(lua.LString("timed_out"))
		return 2
	case replyFailed:
		a.L.Push(lua.LNil)
		a.L.Push(lua.LString("failed"))
		return 2
	}
	a.L.Push(lua.LBool(p.Choice == "yes"))
	return 1
}

// question reads the options that all three share.
func (a args) question(call string, prompt engine.Content, options lua.LValue, more ...string) question {
	t := a.options(options, "options", append(more, "hint", "timeout", "retries", "escape")...)
	q := question{call: call, prompt: prompt, retries: 2, escape: true}
	if v := t.RawGetString("match"); v != lua.LNil {
		q.match = a.some(v, "match", 1000)
	}
	q.hint = a.optional(t.RawGetString("hint"), "hint", maxText)
	if v := t.RawGetString("timeout"); v != lua.LNil {
		q.timeout = a.number(v, "timeout", 1, maxWait)
	}
	if v := t.RawGetString("retries"); v != lua.LNil {
		q.retries = a.whole(v, "retries", 0, 20)
	}
	if v := t.RawGetString("escape"); v != lua.LNil {
		q.escape = a.boolean(v, "escape")
	}
	return q
}

// put asks until the consumer gives a fitting answer, runs out of time or
// tries, or is handed over. Each round is one journal entry.
func (r *run) put(L *lua.LState, q question) reply {
	first := !r.asked
	r.asked = true
	call, say, misses := q.call, q.prompt, 0
	for {
		round := fields{
			"say": contentFields(say), "match": q.match, "hint": q.hint,
			"timeout": q.timeout, "retries": q.retries, "escape": q.escape, "misses": misses,
		}
		p := decode[reply](r.suspending(L, call, round, func(step int) pause {
			if o := r.start.Opening; first && call == q.call && q.escape && o != nil && o.Kind == replyEscape {
				return pause{answer: *o} // asked for a person before the bot asked anything
			}
			prompt := say
			r.effect(engine.Effect{Step: step, Say: &prompt})
			w := engine.Wait{Kind: engine.WaitMessage}
			if q.timeout > 0 {
				w.Until = r.timer(step, q.timeout)
			}
			return pause{wait: w}
		}, func(in engine.InboxEntry) any { return r.judge(q, misses, in) }))

		switch p.Kind {
		case replyAgain:
			misses++
			say = q.prompt
			if q.hint != "" {
				say = engine.Content{Text: q.hint, Choices: q.prompt.Choices}
			}
		case replyEscape:
			outcome := r.escapeHandoff(L)
			if outcome.Kind != "returned" {
				r.closed = &outcome
				r.stop(L, engine.SessionDone)
			}
			say = q.prompt
		case replyFailed:
			r.try(fmt.Sprintf("asked: %s", shorten(q.prompt.Text)), false)
			return p
		default:
			return p
		}
		call = q.call + ".again"
	}
}

// judge decides what a message or timer means as an answer.
func (r *run) judge(q question, misses int, in engine.InboxEntry) any {
	if in.Kind == engine.InboxTimer {
		return reply{Kind: replyTimeout, At: in.At.Unix()}
	}
	c := message(in)
	p := replyOf(c, in.At)
	fits := true
	switch {
	case len(q.prompt.Choices) > 0:
		p.Choice, p.Label = "", ""
		if i, ok := r.resolve(q, c); ok {
			p.Choice, p.Label = q.prompt.Choices[i].ID, q.prompt.Choices[i].Label
			return p // also when a choice reads like an escape word
		}
		// A question that merely offers choices takes any answer.
		fits = q.call == "ask" && q.match == ""
	}
	if q.escape && r.wantsPerson(c.Text) {
		p.Kind = replyEscape
		return p
	}
	if q.match != "" {
		ok, err := r.matches(p.Text, q.match)
		if err != nil {
			return raised{Raise: "chat:" + q.call + ": match: " + err.Error()}
		}
		fits = ok
	}
	switch {
	case fits:
	case misses >= q.retries:
		p.Kind = replyFailed
	default:
		p.Kind = replyAgain
	}
	return p
}

// resolve finds the choice that a message takes.
func (r *run) resolve(q question, c engine.Content) (int, bool) {
	options := make([]choice.Option, len(q.prompt.Choices))
	for i, o := range q.prompt.Choices {
		options[i] = choice.Option{ID: o.ID, Label: o.Label}
		if c.Picked != nil && c.Picked.ID == o.ID {
			return i, true
		}
	}
	if i, ok := choice.Resolve(options, c.Text, ""); ok {
		return i, true
	}
	if q.call == "confirm" {
		return confirms(c.Text)
	}
	return 0, false
}

// matches applies a Lua pattern with the sandbox's own matcher and budgets.
func (r *run) matches(text, pattern string) (bool, error) {
	values, err := r.vm.Call(r.find, lua.LString(text), lua.LString(pattern))
	if err != nil {
		if fault, ok := err.(*sandbox.Fault); ok {
			return false, fmt.Errorf("%s", fault.Message)
		}
		return false, err
	}
	return len(values) > 0 && values[0] != lua.LNil, nil
}

// try notes what the bot tried, for a later handoff.
func (r *run) try(what string, ok bool) {
	r.tried = append(r.tried, engine.Attempt{What: what, OK: ok})
}

func shorten(s string) string {
	const shown = 120
	runes := []rune(s)
	if len(runes) <= shown {
		return s
	}
	return string(runes[:shown-1]) + "…"
}
