package chat

import (
	"maps"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/text/language"

	"parley/botscripts/kernel"
	"parley/botscripts/suggest"
	"parley/engine"
)

// maxTried is how many attempts a handoff tells; the latest count most.
const maxTried = 20

// handoffRequest is what chat:handoff was asked for.
type handoffRequest struct {
	call      string // the function, for messages
	fields    kernel.Fields
	effect    engine.HandoffEffect // without context
	facts     map[string]string
	maxWait   float64 // seconds in the queue, 0 for ever
	otherwise fallback
}

func transferOptions() []string {
	return []string{"skill", "level", "language", "agent", "priority", "reason", "summary", "facts"}
}

// handoffRequest reads the table of chat:handoff.
func (a call) handoffRequest(v lua.LValue, depth int) *handoffRequest {
	t := a.Options(v, "options", append(transferOptions(), "expects", "max_wait", "otherwise")...)
	h := a.transferRequest(t)
	h.effect.Await = true
	h.effect.Expects = a.expects(t.RawGetString("expects"))
	if len(h.effect.Expects) > 0 {
		h.fields["expects"] = expectFields(h.effect.Expects)
	}
	if h.maxWait = a.NumberOr(0, t.RawGetString("max_wait"), "max_wait", 1, kernel.MaxWait); h.maxWait > 0 {
		h.fields["max_wait"] = h.maxWait
	}
	h.otherwise = a.fallback(t.RawGetString("otherwise"), "otherwise", depth+1)
	if h.otherwise.how != "" && h.maxWait == 0 {
		a.Fail("otherwise needs max_wait: without it a handoff waits for ever")
	}
	return h
}

// transferRequest reads what handoff and transfer share.
func (a call) transferRequest(t *lua.LTable) *handoffRequest {
	e := engine.HandoffEffect{
		Skill:    a.Optional(t.RawGetString("skill"), "skill", kernel.MaxLabel),
		Agent:    a.Optional(t.RawGetString("agent"), "agent", kernel.MaxLabel),
		Language: a.Optional(t.RawGetString("language"), "language", 35),
		Reason:   a.Optional(t.RawGetString("reason"), "reason", 1000),
		Summary:  a.Optional(t.RawGetString("summary"), "summary", kernel.MaxText),
	}
	if e.Language != "" {
		if _, err := language.Parse(e.Language); err != nil {
			a.Fail("language must be a language such as de or pt-BR, got %q", e.Language)
		}
	}
	e.Priority = a.WholeOr(0, t.RawGetString("priority"), "priority", 1, 10)
	facts := a.Pairs(t.RawGetString("facts"), "facts", 50, 4<<10)
	f := kernel.Fields{
		"skill": e.Skill, "agent": e.Agent, "priority": e.Priority,
		"reason": e.Reason, "summary": e.Summary, "facts": facts,
	}
	if e.Level = a.WholeOr(0, t.RawGetString("level"), "level", 1, 100); e.Level > 0 {
		f["level"] = e.Level
	}
	if e.Language != "" {
		f["language"] = e.Language
	}
	return &handoffRequest{call: a.Fn, fields: f, effect: e, facts: facts}
}

// withContext adds what the agent should know: the conversation's attributes
// with the given facts over them, and what the bot has tried.
func (r *talk) withContext(h engine.HandoffEffect, given map[string]string) engine.HandoffEffect {
	facts := map[string]string{}
	maps.Copy(facts, r.Attributes)
	maps.Copy(facts, given)
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		if v, own := given[name]; v != "" || !own { // "" takes an attribute away
			h.Facts = append(h.Facts, engine.Fact{Name: name, Value: facts[name]})
		}
	}
	h.Tried = append(h.Tried, r.Tried[max(0, len(r.Tried)-maxTried):]...)
	return h
}

// handoff hands over and returns how it ended.
func (r *talk) handoff(a call) int {
	request := a.handoffRequest(a.At(1), 0)
	outcome, value := r.handOver(a, *request, "")
	if value == lua.LNil {
		value = r.outcomeTable(a.L, outcome)
	}
	return a.Return(value)
}

// handOver makes the handoff, and what its otherwise says when nobody takes it
// in time. The value is what otherwise's function returned.
func (r *talk) handOver(a call, h handoffRequest, reason string) (engine.HandoffOutcome, lua.LValue) {
	for {
		outcome := r.await(a.L, engine.CallHandoff, h, reason)
		if outcome.Kind != engine.OutcomeUnavailable {
			return outcome, lua.LNil
		}
		switch h.otherwise.how {
		case "close":
			r.endSession(a.L, engine.OutcomeUnavailable, "nobody took the conversation in time")
		case "call":
			return outcome, kernel.Call(a.L, h.otherwise.fn, r.outcomeTable(a.L, outcome))
		case "handoff":
			h = *h.otherwise.request
			continue
		}
		return outcome, lua.LNil
	}
}

// await is one handoff: until an agent gives it back or closes it, or until
// nobody took it within its time.
func (r *talk) await(L *lua.LState, call string, h handoffRequest, reason string) engine.HandoffOutcome {
	answer := r.Suspending(L, call, h.fields, func(step int) kernel.Pause {
		if failed, ok := r.UnknownSkill(h.call, h.effect.Skill); ok {
			return kernel.Pause{Answer: failed}
		}
		e := r.withContext(h.effect, h.facts)
		if e.Reason == "" {
			e.Reason = reason
		}
		r.Effect(engine.Effect{Step: step, Handoff: &e})
		w := engine.Wait{Kind: engine.WaitOutcome}
		if h.maxWait > 0 {
			w.Until = r.Timer(step, h.maxWait)
		}
		return kernel.Pause{Wait: w}
	}, r.takeOutcome)
	outcome := kernel.Decode[engine.HandoffOutcome](answer)
	outcome.Fields = typedFields(h.effect.Expects, outcome.Fields)
	return outcome
}

// takeOutcome reads what ended a handoff. A timer did when nobody took it: the
// conversation comes back from the queue.
func (r *talk) takeOutcome(in engine.InboxEntry) any {
	if in.Kind == engine.InboxTimer {
		reason := "nobody took it in time"
		r.Effect(engine.Effect{Step: in.Step, Recall: &reason})
		return engine.HandoffOutcome{Kind: engine.OutcomeUnavailable}
	}
	return kernel.Decode[engine.HandoffOutcome](in.Data)
}

// transfer hands over and ends the session.
func (r *talk) transfer(a call) int {
	h := a.transferRequest(a.Options(a.At(1), "options", transferOptions()...))
	r.Ending(a.L, "transfer", h.fields, func(step int) any {
		if failed, ok := r.UnknownSkill(a.Fn, h.effect.Skill); ok {
			return failed
		}
		e := r.withContext(h.effect, h.facts)
		r.Effect(engine.Effect{Step: step, Handoff: &e})
		return nil
	})
	return 0
}

// escapeHandoff gives the conversation to a person from inside a question.
func (r *talk) escapeHandoff(L *lua.LState) engine.HandoffOutcome {
	h := handoffRequest{fields: kernel.Fields{}, effect: engine.HandoffEffect{Await: true}}
	return r.await(L, engine.CallEscape, h, "asked for a person")
}

// outcomeTable is how a handoff ended, as a script sees it.
func (r *talk) outcomeTable(L *lua.LState, o engine.HandoffOutcome) *lua.LTable {
	kind := o.Kind
	if kind == engine.OutcomeClosed {
		kind = "resolved"
	}
	t := L.CreateTable(0, 10)
	t.RawSetString("kind", lua.LString(kind))
	for _, k := range []string{"resolved", engine.OutcomeReturned, engine.OutcomeUnavailable, engine.OutcomeAbandoned} {
		t.RawSetString(k, lua.LBool(kind == k))
	}
	t.RawSetString("closed", lua.LBool(kind == "resolved" || kind == engine.OutcomeAbandoned))
	kernel.SetText(t, "outcome", o.Outcome)
	kernel.SetText(t, "summary", o.Summary)
	kernel.SetText(t, "agent", o.Agent)
	kernel.SetText(t, "note", o.Note)
	values := L.CreateTable(0, len(o.Fields))
	for _, name := range slices.Sorted(maps.Keys(o.Fields)) {
		v, err := r.VM.FromGo(o.Fields[name])
		if err != nil {
			L.RaiseError("chat:handoff: field %q: %v", name, err)
		}
		values.RawSetString(name, v)
	}
	t.RawSetString("fields", values)
	return t
}

// Kinds of the fields that an agent fills in.
func fieldKinds() []string { return []string{"text", "number", "boolean", "date", "choice"} }

const maxExpects = 20

// expects reads what the agent shall fill in: name = kind, or name = {kind=, …}.
func (a call) expects(v lua.LValue) []engine.ExpectedField {
	if v == lua.LNil {
		return nil
	}
	t := a.Table(v, "expects")
	var out []engine.ExpectedField
	for key, value := a.Next(t, lua.LNil); key != lua.LNil; key, value = a.Next(t, key) {
		if value == lua.LNil {
			continue
		}
		if _, ok := key.(lua.LString); !ok {
			a.Fail("expects must name its fields: { refund = \"boolean\" }")
		}
		if len(out) == maxExpects {
			a.Fail("expects has more than %d fields", maxExpects)
		}
		out = append(out, a.expected(a.Some(key, "a name in expects", 100), value))
	}
	return out
}

func (a call) expected(name string, v lua.LValue) engine.ExpectedField {
	param := "expects." + name
	f := engine.ExpectedField{Name: name}
	if s, ok := v.(lua.LString); ok {
		f.Kind = string(s)
	} else {
		t := a.Options(v, param, "kind", "label", "required", "choices")
		f.Kind = a.Optional(t.RawGetString("kind"), param+".kind", 20)
		f.Label = a.Optional(t.RawGetString("label"), param+".label", kernel.MaxLabel)
		f.Required = a.BooleanOr(false, t.RawGetString("required"), param+".required")
		for _, item := range a.List(t.RawGetString("choices"), param+".choices", maxChoices) {
			f.Choices = append(f.Choices, a.Some(item, "an item of "+param+".choices", kernel.MaxLabel))
		}
		if f.Kind == "" && len(f.Choices) > 0 {
			f.Kind = "choice"
		}
	}
	if !slices.Contains(fieldKinds(), f.Kind) {
		a.Fail("%s must be text, number, boolean, date or choice, got %q%s", param, f.Kind, suggest.Hint(f.Kind, fieldKinds()))
	}
	if (f.Kind == "choice") != (len(f.Choices) > 0) {
		a.Fail("%s: choices belong to kind choice, which needs them", param)
	}
	return f
}

func expectFields(list []engine.ExpectedField) []any {
	return each(list, func(f engine.ExpectedField) any {
		return kernel.Fields{"name": f.Name, "label": f.Label, "kind": f.Kind, "required": f.Required, "choices": texts(f.Choices)}
	})
}

// typedFields keeps what was asked for and is of its kind. An agent's client
// may send anything.
func typedFields(expects []engine.ExpectedField, given map[string]any) map[string]any {
	out := map[string]any{}
	for _, f := range expects {
		switch v := given[f.Name].(type) {
		case string:
			switch {
			case f.Kind == "date":
				if _, err := time.Parse(time.DateOnly, v); err == nil {
					out[f.Name] = v
				}
			case f.Kind == "text" && v != "" || f.Kind == "choice" && slices.Contains(f.Choices, v):
				out[f.Name] = v
			}
		case float64:
			if f.Kind == "number" {
				out[f.Name] = v
			}
		case bool:
			if f.Kind == "boolean" {
				out[f.Name] = v
			}
		}
	}
	return out
}
