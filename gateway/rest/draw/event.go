package draw

import (
	"encoding/json"

	"parley/engine"
	"parley/gateway/api"
)

func Message(m engine.Message) api.Message {
	return api.Message{
		Id: m.ID, Conversation: m.Conversation, Seq: m.Seq, Author: api.Author(m.Author), AuthorId: Or(m.AuthorID),
		AuthorName: Or(m.AuthorName), Note: m.Note, Content: m.Content, State: api.DeliveryState(m.State),
		Failure: Or(m.Failure), ClientId: Or(m.ClientID), At: MS(m.At),
		Heard: heard(m.Heard),
	}
}

// Event draws an event of the log as the contract has it.
func Event(ev engine.Event) api.Event {
	out := api.Event{
		Cursor: engine.Cursor(ev.Seq).String(), At: MS(ev.At), Kind: api.EventKind(ev.Kind), Actor: ev.Actor,
		Conversation: Or(ev.Conversation),
	}
	// What is in the log was written by this program; a part that cannot be
	// read is left out and the event still tells that it happened.
	switch ev.Kind {
	case engine.EventMessage:
		var d engine.MessageData
		if json.Unmarshal(ev.Data, &d) == nil {
			m := Message(engine.Message{
				ID: d.ID, Conversation: ev.Conversation, Seq: d.Seq, Author: d.Author, AuthorID: d.AuthorID,
				AuthorName: d.AuthorName, Note: d.Note, Content: d.Content, State: d.State, ClientID: d.ClientID, At: ev.At,
				Heard: Given(d.Heard),
			})
			out.Message, out.Rev = &m, Or(d.Rev)
			if d.Mood != nil {
				out.Mood = moodData(*d.Mood)
			}
		}
	case engine.EventStatus, engine.EventConsumerRead:
		var d engine.StatusData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Status = &api.EventStatus{Message: d.Message, State: api.DeliveryState(d.State), Failure: Or(d.Failure), Again: Or(d.Again)}
		}
	case engine.EventOpened, engine.EventOwner, engine.EventClosed, engine.EventUpdated:
		var d engine.ConversationData
		if json.Unmarshal(ev.Data, &d) == nil {
			tags := List(d.Tags) // the state after it: none is told, too
			out.Change = &api.EventChange{
				State: api.ConversationState(d.State), Owner: api.Owner(d.Owner), Agent: Or(d.Agent), AgentName: Or(d.AgentName),
				Skill: Or(d.Skill), Rev: d.Rev, Reason: Or(d.Reason), Outcome: Or(d.Outcome), Tags: &tags,
				From: Or(d.From), FromName: Or(d.FromName), Was: Or(api.Owner(d.Was)), WasSkill: Or(d.WasSkill), Since: Or(d.Since),
			}
		}
	case engine.EventOffered, engine.EventOfferEnded:
		var d engine.OfferData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Offer = &api.EventOffer{Agent: d.Agent, AgentName: Or(d.AgentName), ExpiresAt: Or(d.Expires), End: Or(api.EventOfferEnd(d.End)), Why: d.Why}
		}
	case engine.EventUndelivered:
		var d engine.UndeliveredData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Undelivered = &api.EventUndelivered{Message: d.Message, Class: Or(string(d.Class)), Code: Or(d.Code), Reason: d.Reason}
			if len(d.Held) > 0 {
				out.Undelivered.Held = &d.Held
			}
		}
	case engine.EventChannel:
		var d engine.ChannelData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Channel = &api.ChannelTrouble{
				Channel: d.Channel, Ok: d.OK, Class: Or(string(d.Class)), Code: Or(d.Code), Reason: Or(d.Reason), Since: Or(d.Since),
			}
		}
	case engine.EventPresence:
		var d engine.PresenceData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Presence = &api.EventPresence{Agent: d.Agent, Presence: api.Presence(d.Presence), Seen: d.Seen, Reason: Or(d.Reason)}
		}
	case engine.EventBotFailed:
		var d engine.Fault
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = Or(d.Message)
		}
	case engine.EventBotLog:
		var d engine.LogData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = Or(d.Text)
		}
	case engine.EventConsent:
		var d engine.Consent
		if json.Unmarshal(ev.Data, &d) == nil {
			detail := "opted in"
			if d.OptedOut {
				detail = "opted out"
			}
			out.Detail = &detail
		}
	case engine.EventMood:
		var d engine.MoodData
		if json.Unmarshal(ev.Data, &d) == nil {
			detail := "now " + string(toneOf(d.Tone))
			out.Mood, out.Detail = moodData(d), &detail
		}
	case engine.EventFeedback:
		var d engine.FeedbackData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Feedback = &api.EventFeedback{Question: d.Question, Helped: d.Helped}
		}
	case engine.EventLoop:
		var d engine.LoopData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = Or(d.Text)
		}
	case engine.EventErased:
		var d engine.ErasedData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = Or(d.Consumer)
		}
	case engine.EventNotice:
		var d engine.Notice
		if json.Unmarshal(ev.Data, &d) == nil {
			n := Notice(d)
			out.Notice = &n
		}
	case engine.EventPublished:
		var d engine.PublishData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = Or(d.Bundle)
		}
	}
	return out
}

// ConflictEvents draws what happened meanwhile, for problem.Handler.
func ConflictEvents(events []engine.Event) any {
	out := make([]api.Event, len(events))
	for i, ev := range events {
		out[i] = Event(ev)
	}
	return out
}

func Handoff(h *engine.Handoff) *api.Handoff {
	if h == nil {
		return nil
	}
	out := api.Handoff{
		From: h.From, Reason: h.Reason, Skill: h.Skill, Summary: Or(h.Summary), Note: Or(h.Note), Trace: Or(h.Trace), At: MS(h.At),
		Facts: List(h.Facts), Tried: []api.Attempt{}, Level: Or(h.Level), Language: Or(h.Language), Version: Or(h.Bundle),
	}
	if len(h.Expects) > 0 {
		out.Expects = &h.Expects
	}
	for _, t := range h.Tried {
		out.Tried = append(out.Tried, api.Attempt{What: t.What, Ok: t.OK})
	}
	return &out
}

func Notice(n engine.Notice) api.Notice {
	return api.Notice{
		N: n.N, Agent: n.Agent, Kind: n.Kind, Conversation: Or(n.Conversation), Consumer: Or(n.Consumer),
		By: Or(n.By), To: Or(n.To), At: MS(n.At),
	}
}
