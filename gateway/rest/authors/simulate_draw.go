package authors

import (
	"maps"

	"parley/engine"
	"parley/engine/simulate"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
)

func simulatedEvent(e simulate.Event) api.SimulatedEvent {
	out := api.SimulatedEvent{
		N: e.N, At: draw.MS(e.At), Kind: api.SimulatedEventKind(e.Kind), Conversation: draw.Or(e.Conversation), Session: draw.Or(e.Session), Step: e.Step,
		Line: draw.Or(e.Line), Author: draw.Or(api.Author(e.Author)), Name: draw.Or(e.Name), Content: e.Content, Text: draw.Or(e.Text), On: draw.Or(e.On),
		Handoff: draw.Handoff(e.Handoff), Awaits: draw.Or(e.Await), Fault: e.Fault, Request: e.Request, Response: e.Response, Until: draw.MSOr(e.Until),
		State: stateOf(e.State),
	}
	if e.Set != nil {
		out.Scope, out.Name, out.Text = &e.Set.Scope, &e.Set.Name, &e.Set.Value
	}
	if e.Close != nil {
		out.Text, out.Summary = draw.Or(e.Close.Outcome), draw.Or(e.Close.Summary)
	}
	if e.Query != nil {
		out.Query = simulatedQuery(*e.Query)
	}
	if f := e.Followup; f != nil {
		out.Name, out.Until, out.Text, out.State = &f.Name, draw.MSOr(f.At), draw.Or(f.Bot), stateOf(f.State)
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
		Now: draw.MS(st.Now), Conversation: draw.Or(st.Conversation), State: draw.Or(api.ConversationState(st.State)), Owner: draw.Or(api.Owner(st.Owner)),
		Agent: draw.Or(st.Agent), Skill: draw.Or(st.Skill), Language: draw.Or(st.Language), Outcome: draw.Or(st.Outcome), Summary: draw.Or(st.Summary),
		Tags: draw.List(st.Tags), Attributes: maps.Clone(st.Attributes), Consumer: api.SimulatedConsumer{Name: draw.Or(c.Name)},
		Handoff: draw.Handoff(st.Handoff), Session: draw.Or(st.Session), SessionState: draw.Or(api.SessionState(st.SessionState)),
		Wait: wait(st.Wait), Line: draw.Or(st.Line), Calls: draw.List(st.Calls), Due: draw.MSOr(st.Due),
	}
	if out.Attributes == nil {
		out.Attributes = map[string]string{}
	}
	if len(c.Attributes) > 0 {
		out.Consumer.Attributes = new(maps.Clone(c.Attributes))
	}
	out.Pending = draw.Each(st.Pending, func(c engine.Choice) api.Choice { return api.Choice{Id: c.ID, Label: c.Label} })
	return out
}
