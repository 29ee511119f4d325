package chat

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

// fallback is what `otherwise` says: what to do when a question has no answer,
// or when nobody takes a handoff.
type fallback struct {
	how     string // "" and "continue" go on with what there is; "close", "handoff", "call"
	request *handoffRequest
	fn      *lua.LFunction
}

// maxFallbacks is how deep handoffs may name further ones.
const maxFallbacks = 4

func (a call) fallback(v lua.LValue, param string, depth int) fallback {
	switch v := v.(type) {
	case *lua.LNilType:
		return fallback{}
	case *lua.LFunction:
		return fallback{how: "call", fn: v}
	case lua.LString:
		switch v {
		case "continue", "close":
			return fallback{how: string(v)}
		case "handoff":
			return fallback{how: "handoff", request: a.handoffRequest(lua.LNil, depth)}
		}
	case *lua.LTable:
		if depth > maxFallbacks {
			a.Fail("%s: handoffs name further ones more than %d deep", param, maxFallbacks)
		}
		t := a.Options(v, param, "handoff")
		return fallback{how: "handoff", request: a.handoffRequest(t.RawGetString("handoff"), depth)}
	}
	a.Fail("%s must be \"continue\", \"close\", \"handoff\", { handoff = {…} } or a function", param)
	return fallback{}
}

// resolve puts a question and does what it says when there is no answer. The
// value is what its function returned, nil when it returned nothing.
func (r *talk) resolve(a call, q question) (engine.Reply, lua.LValue) {
	for asked := q; ; asked.call = q.call + ".again" {
		p := r.put(a.L, asked)
		if p.Kind != engine.ReplyTimeout && p.Kind != engine.ReplyFailed {
			return p, lua.LNil
		}
		switch q.otherwise.how {
		case "call":
			return p, kernel.Call(a.L, q.otherwise.fn, r.answerTable(a.L, p))
		case "close":
			outcome := "timed_out"
			if p.Kind == engine.ReplyFailed {
				outcome = "failed"
			}
			r.endSession(a.L, outcome, "no answer to: "+kernel.Shorten(q.prompt.Text))
		case "handoff":
			reason := "no answer to: "
			if p.Kind == engine.ReplyFailed {
				reason = "no fitting answer to: "
			}
			outcome, value := r.handOver(a, *q.otherwise.request, reason+kernel.Shorten(q.prompt.Text))
			switch {
			case value != lua.LNil || outcome.Kind == engine.OutcomeUnavailable:
				return p, value
			case outcome.Kind != engine.OutcomeReturned:
				r.endClosed(a.L, outcome)
			}
			continue // the person gave it back: the question is open still
		}
		return p, lua.LNil
	}
}

// endSession closes the conversation for the bot. It does not return.
func (r *talk) endSession(L *lua.LState, outcome, summary string) {
	r.Ending(L, "close", kernel.Fields{"outcome": outcome, "summary": summary},
		r.Making(engine.Effect{Close: &engine.CloseEffect{Outcome: outcome, Summary: summary}}))
}

// endClosed ends the session because a person closed the conversation inside a
// question.
func (r *talk) endClosed(L *lua.LState, outcome engine.HandoffOutcome) {
	r.EndClosed(L, func(L *lua.LState) lua.LValue { return r.outcomeTable(L, outcome) })
}

func named(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
