package rest

import (
	"maps"

	"parley/engine"
	"parley/engine/simulate"
	"parley/gateway/api"
)

func simulatedEvent(e simulate.Event) api.SimulatedEvent {
	out := api.SimulatedEvent{
		N: e.N, At: ms(e.At), Kind: api.SimulatedEventKind(e.Kind), Conversation: or(e.Conversation), Session: or(e.Session), Step: e.Step,
		Line: or(e.Line), Author: or(api.Author(e.Author)), Name: or(e.Name), Content: e.Content, Text: or(e.Text), On: or(e.On),
		Handoff: handoff(e.Handoff), Awaits: or(e.Await), Fault: e.Fault, Request: e.Request, Response: e.Response, Until: msOr(e.Until),
		State: stateOf(e.State),
	}
	if e.Set != nil {
		out.Scope, out.Name, out.Text = &e.Set.Scope, &e.Set.Name, &e.Set.Value
	}
	if e.Close != nil {
		out.Text, out.Summary = or(e.Close.Outcome), or(e.Close.Summary)
	}
	if e.Query != nil {
		out.Query = simulatedQuery(*e.Query)
	}
	if f := e.Followup; f != nil {
		out.Name, out.Until, out.Text, out.State = &f.Name, msOr(f.At), or(f.Bot), stateOf(f.State)
	}
	return out
}

func simulatedQuery(q engine.Query) *api.SimulatedQuery {
	switch {
	case q.Value != nil:
		return &api.SimulatedQuery{Kind: api.SimulatedQueryKindValue, Op: &q.Value.Op, Name: &q.Value.Key, Data: stateOf(q.Value.Data)}
	case q.Queue != nil:
		return &api.SimulatedQuery{Kind: api.SimulatedQueryKindQueue, Name: q.Queue}
	case q.History != nil:
		return &api.SimulatedQuery{Kind: api.SimulatedQueryKindHistory}
	}
	return &api.SimulatedQuery{Kind: api.SimulatedQueryKindIdentities}
}

func simulatedState(st simulate.State) api.SimulatedState {
	c := st.Consumer
	out := api.SimulatedState{
		Now: ms(st.Now), Conversation: or(st.Conversation), State: or(api.ConversationState(st.State)), Owner: or(api.Owner(st.Owner)),
		Agent: or(st.Agent), Skill: or(st.Skill), Language: or(st.Language), Outcome: or(st.Outcome), Summary: or(st.Summary),
		Tags: list(st.Tags), Attributes: maps.Clone(st.Attributes), Consumer: api.SimulatedConsumer{Name: or(c.Name)},
		Handoff: handoff(st.Handoff), Pending: []api.Choice{}, Session: or(st.Session), SessionState: or(api.SessionState(st.SessionState)),
		Wait: wait(st.Wait), Line: or(st.Line), Calls: list(st.Calls), Due: msOr(st.Due),
	}
	if out.Attributes == nil {
		out.Attributes = map[string]string{}
	}
	if len(c.Attributes) > 0 {
		attributes := maps.Clone(c.Attributes)
		out.Consumer.Attributes = &attributes
	}
	for _, choice := range st.Pending {
		out.Pending = append(out.Pending, api.Choice{Id: choice.ID, Label: choice.Label})
	}
	return out
}
