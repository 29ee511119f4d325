package botscripts

import (
	"encoding/json"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// maxTried is how many attempts a handoff tells; the latest count most.
const maxTried = 20

// handoffArgs reads the one table that handoff and transfer take.
func (r *run) handoffArgs(a args, await bool) (fields, engine.HandoffEffect) {
	t := a.options(a.at(1), "options", "skill", "agent", "priority", "reason", "summary", "facts")
	h := engine.HandoffEffect{
		Skill:   a.optional(t.RawGetString("skill"), "skill", maxLabel),
		Agent:   a.optional(t.RawGetString("agent"), "agent", maxLabel),
		Reason:  a.optional(t.RawGetString("reason"), "reason", 1000),
		Summary: a.optional(t.RawGetString("summary"), "summary", maxText),
		Await:   await,
	}
	if v := t.RawGetString("priority"); v != lua.LNil {
		h.Priority = a.whole(v, "priority", 1, 10)
	}
	facts := a.pairs(t.RawGetString("facts"), "facts", 50, 4<<10)
	return fields{
		"skill": h.Skill, "agent": h.Agent, "priority": h.Priority,
		"reason": h.Reason, "summary": h.Summary, "facts": facts,
	}, r.withContext(h, facts)
}

// withContext adds what the agent should know: the conversation's attributes
// with the given facts over them, and what the bot has tried.
func (r *run) withContext(h engine.HandoffEffect, given map[string]string) engine.HandoffEffect {
	facts := map[string]string{}
	for k, v := range r.attributes {
		facts[k] = v
	}
	for k, v := range given {
		facts[k] = v
		if v == "" {
			delete(facts, k)
		}
	}
	for _, name := range sortedKeys(facts) {
		h.Facts = append(h.Facts, engine.Fact{Name: name, Value: facts[name]})
	}
	tried := r.tried
	if len(tried) > maxTried {
		tried = tried[len(tried)-maxTried:]
	}
	h.Tried = append(h.Tried, tried...)
	return h
}

// unknownSkill gives the answer to raise when the brand has no such skill.
func (r *run) unknownSkill(fn, skill string) (raised, bool) {
	if skill == "" {
		return raised{}, false
	}
	var ids []string
	for _, s := range r.turn.Skills {
		if s.ID == skill {
			return raised{}, false
		}
		ids = append(ids, s.ID)
	}
	return raised{Raise: fn + ": there is no skill \"" + skill + "\" (there are: " + listOr(ids, "none") + ")"}, true
}

// chatHandoff returns {closed, returned, outcome, summary, agent, note}.
func (r *run) chatHandoff(a args) int {
	f, h := r.handoffArgs(a, true)
	outcome := decode[engine.HandoffOutcome](r.suspending(a.L, "handoff", f, func(step int) pause {
		if failed, ok := r.unknownSkill(a.fn, h.Skill); ok {
			return pause{answer: failed}
		}
		r.effect(engine.Effect{Step: step, Handoff: &h})
		return pause{wait: engine.Wait{Kind: engine.WaitOutcome}}
	}, takeOutcome))
	a.L.Push(r.outcomeTable(a.L, outcome))
	return 1
}

// chatTransfer hands over and ends the session.
func (r *run) chatTransfer(a args) int {
	f, h := r.handoffArgs(a, false)
	r.ending(a.L, "transfer", f, func(step int) any {
		if failed, ok := r.unknownSkill(a.fn, h.Skill); ok {
			return failed
		}
		r.effect(engine.Effect{Step: step, Handoff: &h})
		return nil
	})
	return 0
}

// escapeHandoff gives the conversation to a person from inside a question.
func (r *run) escapeHandoff(L *lua.LState) engine.HandoffOutcome {
	h := r.withContext(engine.HandoffEffect{Reason: "asked for a person", Await: true}, nil)
	return decode[engine.HandoffOutcome](r.suspending(L, "escape.handoff", fields{}, func(step int) pause {
		r.effect(engine.Effect{Step: step, Handoff: &h})
		return pause{wait: engine.Wait{Kind: engine.WaitOutcome}}
	}, takeOutcome))
}

func takeOutcome(in engine.InboxEntry) any {
	var o engine.HandoffOutcome
	if err := json.Unmarshal(in.Data, &o); err != nil {
		panic(err) // a damaged inbox: becomes an internal fault
	}
	return o
}

func (r *run) outcomeTable(L *lua.LState, o engine.HandoffOutcome) *lua.LTable {
	t := L.CreateTable(0, 6)
	t.RawSetString("closed", lua.LBool(o.Kind == "closed"))
	t.RawSetString("returned", lua.LBool(o.Kind == "returned"))
	setText(t, "outcome", o.Outcome)
	setText(t, "summary", o.Summary)
	setText(t, "agent", o.Agent)
	setText(t, "note", o.Note)
	return t
}
