package chat

import (
	"cmp"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/sandbox"
	"parley/botscripts/validate"
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
	back      bool           // a word for "back" is an answer
	before    *question      // what was asked before, in a form
	check     *lua.LFunction // of the author, says whether a value fits; nil for none
	aside     asides
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
	q := question{call: call, prompt: prompt}
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
	q.timeout = a.NumberOr(0, t.RawGetString("timeout"), "timeout", 1, kernel.MaxWait)
	q.retries = a.WholeOr(2, t.RawGetString("retries"), "retries", 0, 20)
	q.escape = a.BooleanOr(true, t.RawGetString("escape"), "escape")
	q.aside = a.asides(t.RawGetString("digress"))
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
	call, misses, asides := q.call, 0, 0
	author := q.offered
	say := q.asked(q.prompt.Text)
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
		}, func(in engine.InboxEntry) any { return r.judge(q, misses, asides, in) }))
		if err != nil {
			panic(err) // a damaged journal: becomes an internal fault
		}
		hint, refused := "", false
		if p.Kind == engine.ReplyOK {
			hint, refused = r.refused(L, q, p)
		}
		if refused && misses >= q.retries {
			p = engine.Reply{Kind: engine.ReplyFailed, Text: p.Text, Media: p.Media, Location: p.Location, Contacts: p.Contacts, At: p.At, Reason: reasonRefused}
		}

		q.offered = author
		say = q.asked(q.prompt.Text)
		switch {
		case refused && p.Kind == engine.ReplyOK:
			say = q.asked(cmp.Or(hint, q.hint(misses), q.prompt.Text))
			misses++
		case p.Kind == engine.ReplyAgain:
			q.offered = append(author[:len(author):len(author)], r.meant(q.rule, p.Meanings)...)
			hint := q.hint(misses)
			if len(p.Meanings) > 0 {
				hint = "" // the author's is for what is not understood
			}
			say = q.asked(cmp.Or(hint, r.which(q, p), r.defaultHint(q.rule, p), q.prompt.Text))
			misses++
		case p.Kind == engine.ReplyDigress:
			r.digress(L, p.Text)
			asides++
		case p.Kind == engine.ReplyCurious:
			say = r.honest(q)
			asides++
		case p.Kind == engine.ReplyEscape:
			outcome := r.escapeHandoff(L)
			if outcome.Kind != engine.OutcomeReturned {
				r.endClosed(L, outcome)
			}
		case p.Kind == engine.ReplyFailed:
			r.Try(fmt.Sprintf("asked: %s", kernel.Shorten(q.prompt.Text)), false)
			return p
		default:
			return p
		}
		call = q.call + ".again"
	}
}

// asked is the question as it is shown: the prompt, or with another text.
func (q question) asked(text string) engine.Content {
	say := q.prompt
	if text != q.prompt.Text {
		say = engine.Content{Text: text}
	}
	say.Choices, say.Unnumbered = q.choices(), !q.rule.byWord()
	return say
}

// hint is the author's after so many misses, "" for none.
func (q question) hint(misses int) string {
	if len(q.hints) == 0 {
		return ""
	}
	return q.hints[min(misses, len(q.hints)-1)]
}

// judge decides what a message or timer means as an answer.
func (r *talk) judge(q question, misses, asides int, in engine.InboxEntry) any {
	if in.Kind == engine.InboxTimer {
		return engine.Reply{Kind: engine.ReplyTimeout, At: in.At.Unix()}
	}
	c := kernel.Decode[engine.Content](in.Data)
	p := kernel.ReplyOf(c, in.At)
	if q.back && r.wantsBack(c.Text) {
		p.Kind = engine.ReplyBack
		return p
	}
	text := p.Text
	if rest, ok := corrected(c.Text); ok {
		if taken, ok := r.corrects(q, rest, p); ok {
			return taken
		}
		c.Text, text = rest, rest
	}
	options := q.choices()
	if asides < maxAsides && r.digresses(q, options, c) {
		p.Kind = engine.ReplyDigress
		return p
	}
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
	if q.escape && r.WantsPerson(c.Text) {
		p.Kind = engine.ReplyEscape
		return p
	}
	if asides < maxAsides && r.curious(q, c.Text) {
		p.Kind = engine.ReplyCurious
		return p
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
	said := r.chosen(q, options, text)
	if len(said.Options) == 1 {
		o := options[said.Options[0]]
		if value, ok := r.choiceValue(q.rule, o); ok {
			p.Value, p.Choice, p.Label = value, o.ID, o.Label
			return p
		}
	}
	value, reason, err := r.read(q.rule, text)
	if reason != "" && !q.rule.byWord() {
		// Not a date, but maybe the label of one.
		if i, ok := q.named(options, c.Text); ok {
			if value, ok := r.choiceValue(q.rule, options[i]); ok {
				p.Value, p.Choice, p.Label = value, options[i].ID, options[i].Label
				return p
			}
		}
	}
	if reason == string(validate.NotUnderstood) {
		reason = unchosen(said, reason)
	}
	switch {
	case err != nil:
		return engine.Raised{Raise: "chat:" + q.call + ": " + err.Error()}
	case reason == "":
		p.Value = value
	case misses >= q.retries:
		p.Kind, p.Reason = engine.ReplyFailed, reason
		p.Meanings = meantOf(options, said)
	default:
		p.Kind, p.Reason = engine.ReplyAgain, reason
		p.Meanings = r.meanings(q.rule, text, reason)
		if several := meantOf(options, said); several != nil {
			p.Meanings = several
		}
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
	if pattern != "" {
		kernel.Call(L, r.Find, lua.LString(""), lua.LString(pattern))
	}
}

func texts(list []string) []any { return each(list, func(s string) any { return s }) }
