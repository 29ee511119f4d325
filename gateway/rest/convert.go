package rest

import (
	"encoding/json"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

func ms(t time.Time) int64 { return t.UnixMilli() }

// msOr is nil for the zero time.
func msOr(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	v := t.UnixMilli()
	return &v
}

// or is nil for the zero value.
func or[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// list is never nil, so that JSON has [] and not null.
func list[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

func message(m engine.Message) api.Message {
	return api.Message{
		Id: m.ID, Conversation: m.Conversation, Seq: m.Seq, Author: api.Author(m.Author), AuthorId: or(m.AuthorID),
		AuthorName: or(m.AuthorName), Note: m.Note, Content: m.Content, State: api.DeliveryState(m.State),
		Failure: or(m.Failure), ClientId: or(m.ClientID), At: ms(m.At),
		Heard: heard(m.Heard),
	}
}

// Event draws an event of the log as the contract has it.
func Event(ev engine.Event) api.Event {
	out := api.Event{
		Cursor: engine.Cursor(ev.Seq).String(), At: ms(ev.At), Kind: api.EventKind(ev.Kind), Actor: ev.Actor,
		Conversation: or(ev.Conversation),
	}
	// What is in the log was written by this program; a part that cannot be
	// read is left out and the event still tells that it happened.
	switch ev.Kind {
	case engine.EventMessage:
		var d engine.MessageData
		if json.Unmarshal(ev.Data, &d) == nil {
			m := message(engine.Message{
				ID: d.ID, Conversation: ev.Conversation, Seq: d.Seq, Author: d.Author, AuthorID: d.AuthorID,
				AuthorName: d.AuthorName, Note: d.Note, Content: d.Content, State: d.State, ClientID: d.ClientID, At: ev.At,
				Heard: given(d.Heard),
			})
			out.Message, out.Rev = &m, or(d.Rev)
			if d.Mood != nil {
				out.Mood = moodData(*d.Mood)
			}
		}
	case engine.EventStatus, engine.EventConsumerRead:
		var d engine.StatusData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Status = &api.EventStatus{Message: d.Message, State: api.DeliveryState(d.State), Failure: or(d.Failure), Again: or(d.Again)}
		}
	case engine.EventOpened, engine.EventOwner, engine.EventClosed, engine.EventUpdated:
		var d engine.ConversationData
		if json.Unmarshal(ev.Data, &d) == nil {
			tags := list(d.Tags) // the state after it: none is told, too
			out.Change = &api.EventChange{
				State: api.ConversationState(d.State), Owner: api.Owner(d.Owner), Agent: or(d.Agent), AgentName: or(d.AgentName),
				Skill: or(d.Skill), Rev: d.Rev, Reason: or(d.Reason), Outcome: or(d.Outcome), Tags: &tags,
				From: or(d.From), FromName: or(d.FromName),
			}
		}
	case engine.EventOffered, engine.EventOfferEnded:
		var d engine.OfferData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Offer = &api.EventOffer{Agent: d.Agent, AgentName: or(d.AgentName), ExpiresAt: or(d.Expires), End: or(api.EventOfferEnd(d.End)), Why: d.Why}
		}
	case engine.EventUndelivered:
		var d engine.UndeliveredData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Undelivered = &api.EventUndelivered{Message: d.Message, Class: or(string(d.Class)), Code: or(d.Code), Reason: d.Reason}
			if len(d.Held) > 0 {
				out.Undelivered.Held = &d.Held
			}
		}
	case engine.EventChannel:
		var d engine.ChannelData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Channel = &api.ChannelTrouble{
				Channel: d.Channel, Ok: d.OK, Class: or(string(d.Class)), Code: or(d.Code), Reason: or(d.Reason), Since: or(d.Since),
			}
		}
	case engine.EventPresence:
		var d engine.PresenceData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Presence = &api.EventPresence{Agent: d.Agent, Presence: api.Presence(d.Presence), Seen: d.Seen, Reason: or(d.Reason)}
		}
	case engine.EventBotFailed:
		var d engine.Fault
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = or(d.Message)
		}
	case engine.EventBotLog:
		var d engine.LogData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = or(d.Text)
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
			out.Detail = or(d.Text)
		}
	case engine.EventErased:
		var d engine.ErasedData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = or(d.Consumer)
		}
	case engine.EventNotice:
		var d engine.Notice
		if json.Unmarshal(ev.Data, &d) == nil {
			n := notice(d)
			out.Notice = &n
		}
	case engine.EventPublished:
		var d engine.PublishData
		if json.Unmarshal(ev.Data, &d) == nil {
			out.Detail = or(d.Bundle)
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

func handoff(h *engine.Handoff) *api.Handoff {
	if h == nil {
		return nil
	}
	out := api.Handoff{
		From: h.From, Reason: h.Reason, Skill: h.Skill, Summary: or(h.Summary), Note: or(h.Note), Trace: or(h.Trace), At: ms(h.At),
		Facts: list(h.Facts), Tried: []api.Attempt{}, Level: or(h.Level), Language: or(h.Language), Version: or(h.Bundle),
	}
	if len(h.Expects) > 0 {
		out.Expects = &h.Expects
	}
	for _, t := range h.Tried {
		out.Tried = append(out.Tried, api.Attempt{What: t.What, Ok: t.OK})
	}
	return &out
}
