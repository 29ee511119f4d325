package chat

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/understanding/choice"
)

// question is what everything that asks has in common.
type question struct {
	call      string          // "ask"; later rounds are "ask.again"
	prompt    engine.Content  // with the author's choices, if any
	offered   []engine.Choice // choices that the runtime adds: yes and no
	rule      rule            // what fits
	hints     []string        // said when a reply does not fit, one for each miss
	timeout   float64         // seconds, 0 for none
	retries   int             // replies that may fail before the last one
	escape    bool
	back      bool     // a word for "back" is an answer
	otherwise fallback // when there is no answer that fits
	// own replaces the prompt in the journal's hash where the runtime wrote the
	// prompt, whose words may change between versions of parley.
	own kernel.Fields
}

func (q question) choices() []engine.Choice {
	return append(q.prompt.Choices[:len(q.prompt.Choices):len(q.prompt.Choices)], q.offered...)
}

// round is what a journal entry of the question is told apart by: only what
// the author wrote.
func (q question) round(misses int) kernel.Fields {
	f := kernel.Fields{
		"match": q.rule.match, "hint": "", "timeout": q.timeout, "retries": q.retries, "escape": q.escape, "misses": misses,
	}
	if q.own != nil {
		f["own"] = q.own
	} else {
		f["say"] = contentFields(q.prompt)
	}
	switch {
	case len(q.hints) == 1:
		f["hint"] = q.hints[0]
	case len(q.hints) > 1:
		f["hints"] = texts(q.hints)
	}
	if q.rule.kind != "" {
		f["rule"] = q.rule.fields()
	}
	return f
}

// question reads the options that all questions share. t holds them, maybe
// beside others.
func (a call) question(call string, prompt engine.Content, t *lua.LTable) question {
	q := question{call: call, prompt: prompt, retries: 2, escape: true}
	hint, hints := t.RawGetString("hint"), t.RawGetString("hints")
	switch {
	case hint != lua.LNil && hints != lua.LNil:
		a.Fail("give hint or hints, not both")
	case hint != lua.LNil:
		q.hints = []string{a.Some(hint, "hint", kernel.MaxText)}
	case hints != lua.LNil:
		for _, v := range a.List(hints, "hints", 20) {
			q.hints = append(q.hints, a.Some(v, "an item of hints", kernel.MaxText))
		}
	}
	if v := t.RawGetString("timeout"); v != lua.LNil {
		q.timeout = a.Number(v, "timeout", 1, kernel.MaxWait)
	}
	if v := t.RawGetString("retries"); v != lua.LNil {
		q.retries = a.Whole(v, "retries", 0, 20)
	}
	if v := t.RawGetString("escape"); v != lua.LNil {
		q.escape = a.Boolean(v, "escape")
	}
	q.otherwise = a.fallback(t.RawGetString("otherwise"), "otherwise", 1)
	return q
}

func questionOptions() []string {
	return []string{"hint", "hints", "timeout", "retries", "escape", "otherwise"}
}

// put asks until the consumer gives a fitting answer, runs out of time or
// tries, or is handed over. Each round is one journal entry.
func (r *talk) put(L *lua.LState, q question) engine.Reply {
	first := !r.asked
	r.asked = true
	call, misses := q.call, 0
	say := q.prompt
	say.Choices, say.Unnumbered = q.choices(), !q.rule.byWord()
	for {
		p, err := engine.DecodeReply(r.Suspending(L, call, q.round(misses), func(step int) kernel.Pause {
			if o := r.Start.Opening; first && call == q.call && q.escape && o != nil && o.Kind == engine.ReplyEscape {
				return kernel.Pause{Answer: *o} // asked for a person before the bot asked anything
			}
			prompt := say
			r.Effect(engine.Effect{Step: step, Say: &prompt})
			w := engine.Wait{Kind: engine.WaitMessage}
			if q.timeout > 0 {
				w.Until = r.Timer(step, q.timeout)
			}
			return kernel.Pause{Wait: w}
		}, func(in engine.InboxEntry) any { return r.judge(q, misses, in) }))
		if err != nil {
			panic(err) // a damaged journal: becomes an internal fault
		}

		say = q.prompt
		say.Choices, say.Unnumbered = q.choices(), !q.rule.byWord()
		switch p.Kind {
		case engine.ReplyAgain:
			if hint := r.hint(q, misses, p); hint != "" {
				say = engine.Content{Text: hint, Choices: say.Choices, Unnumbered: say.Unnumbered}
			}
			misses++
		case engine.ReplyEscape:
			outcome := r.escapeHandoff(L)
			if outcome.Kind != engine.OutcomeReturned {
				r.endClosed(L, outcome)
			}
		case engine.ReplyFailed:
			r.Try(fmt.Sprintf("asked: %s", kernel.Shorten(q.prompt.Text)), false)
			return p
		default:
			return p
		}
		call = q.call + ".again"
	}
}

// hint is what is said after a reply that does not fit; "" asks the same again.
func (r *talk) hint(q question, misses int, p engine.Reply) string {
	if n := len(q.hints); n > 0 {
		return q.hints[min(misses, n-1)]
	}
	return r.defaultHint(q.rule, p.Reason)
}

// judge decides what a message or timer means as an answer.
func (r *talk) judge(q question, misses int, in engine.InboxEntry) any {
	if in.Kind == engine.InboxTimer {
		return engine.Reply{Kind: engine.ReplyTimeout, At: in.At.Unix()}
	}
	c := message(in)
	p := kernel.ReplyOf(c, in.At)
	if q.back && r.wantsBack(c.Text) {
		p.Kind = engine.ReplyBack
		return p
	}
	options := q.choices()
	if len(options) > 0 {
		p.Choice, p.Label = "", ""
		if i, ok := q.resolve(options, c); ok {
			p.Choice, p.Label = options[i].ID, options[i].Label
			if value, ok := r.choiceValue(q.rule, options[i]); ok {
				p.Value = value
				return p // also when a choice reads like an escape word
			}
		}
	}
	if q.rule.kind == kindYesNo {
		if value, _, ok := r.parse(q.rule, c.Text); ok {
			taken := options[1]
			if value == true {
				taken = options[0]
			}
			p.Value, p.Choice, p.Label = value, taken.ID, taken.Label
			return p
		}
	}
	if q.escape && r.WantsPerson(c.Text) {
		p.Kind = engine.ReplyEscape
		return p
	}
	value, reason, err := r.read(q.rule, p.Text)
	if reason != "" && !q.rule.byWord() {
		// Not a date, but maybe the label of one.
		if i, ok := q.named(options, c.Text); ok {
			if value, ok := r.choiceValue(q.rule, options[i]); ok {
				p.Value, p.Choice, p.Label = value, options[i].ID, options[i].Label
				return p
			}
		}
	}
	switch {
	case err != nil:
		return engine.Raised{Raise: "chat:" + q.call + ": " + err.Error()}
	case reason == "":
		p.Value = value
	case misses >= q.retries:
		p.Kind, p.Reason = engine.ReplyFailed, reason
	default:
		p.Kind, p.Reason = engine.ReplyAgain, reason
	}
	return p
}

// resolve finds the choice that a message takes. Where a number is asked for,
// "2" is a two and not the second choice.
func (q question) resolve(options []engine.Choice, c engine.Content) (int, bool) {
	for i, o := range options {
		if c.Picked != nil && c.Picked.ID == o.ID {
			return i, true
		}
	}
	if !q.rule.byWord() {
		return 0, false
	}
	return q.named(options, c.Text)
}

// named finds the choice that a text names by its label or id. The number of one is known where it was shown:
// what arrives by such a channel says already which choice it picked.
func (q question) named(options []engine.Choice, text string) (int, bool) {
	return choice.Resolve(choice.Options(options), text, "", false)
}

// matches applies a Lua pattern with the sandbox's own matcher and budgets. It
// gives the first capture, or the whole match.
func (r *talk) matches(text, pattern string) (found string, ok bool, err error) {
	values, err := r.VM.Call(r.Find, lua.LString(text), lua.LString(pattern))
	if err != nil {
		if fault, ok := err.(*sandbox.Fault); ok {
			return "", false, fmt.Errorf("%s", fault.Message)
		}
		return "", false, err
	}
	if len(values) < 2 || values[0] == lua.LNil {
		return "", false, nil
	}
	if len(values) > 2 {
		return values[2].String(), true, nil
	}
	from, ok1 := values[0].(lua.LNumber)
	to, ok2 := values[1].(lua.LNumber)
	if !ok1 || !ok2 || from < 1 || int(to) > len(text) || from > to+1 {
		return "", false, fmt.Errorf("string.find gave %v and %v", values[0], values[1])
	}
	return text[int(from)-1 : int(to)], true, nil
}

// wellFormed raises a malformed pattern: it is the author's mistake, to be
// told at once and not when the first reply comes.
func (r *talk) wellFormed(L *lua.LState, pattern string) {
	if pattern == "" {
		return
	}
	L.Push(r.Find)
	L.Push(lua.LString(""))
	L.Push(lua.LString(pattern))
	L.Call(2, 1)
	L.Pop(1)
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
