package draw

import (
	"parley/engine"
	"parley/gateway/api"
)

func Message(m engine.Message) api.Message {
	out := api.Message{
		Id: m.ID, Conversation: m.Conversation, Seq: m.Seq, Author: api.Author(m.Author), AuthorId: Or(m.AuthorID),
		AuthorName: Or(m.AuthorName), Note: m.Note, Content: m.Content, State: api.DeliveryState(m.State),
		Failure: Or(m.Failure), ClientId: Or(m.ClientID), At: MS(m.At),
		Heard: heard(m.Heard), Answers: Or(m.Marks.Answers), Elsewhere: Or(m.Marks.Elsewhere),
		EditedAt: Or(m.Marks.EditedAt), UnsentAt: Or(m.Marks.UnsentAt),
	}
	if all := reactions(m.Marks); len(all) > 0 {
		out.Reactions = &all
	}
	return out
}

// reactions are those that stand.
func reactions(m engine.MessageMarks) []api.Reaction {
	out := []api.Reaction{}
	for _, r := range m.Reactions {
		if r.Emoji != "" {
			out = append(out, api.Reaction{By: api.Author(r.By), Emoji: r.Emoji})
		}
	}
	return out
}

// Event draws an event of the log as the contract has it.
func Event(ev engine.Event) api.Event {
	out := api.Event{
		Cursor: engine.Cursor(ev.Seq).String(), At: MS(ev.At), Kind: api.EventKind(ev.Kind), Actor: ev.Actor,
		Conversation: Or(ev.Conversation),
	}
	switch ev.Kind {
	case engine.EventMessage:
		engine.Told(ev, func(d engine.MessageData) {
			out.Message, out.Rev = new(Message(engine.Message{
				ID: d.ID, Conversation: ev.Conversation, Seq: d.Seq, Author: d.Author, AuthorID: d.AuthorID,
				AuthorName: d.AuthorName, Note: d.Note, Content: d.Content, State: d.State, ClientID: d.ClientID, At: ev.At,
				Heard: Given(d.Heard), Marks: engine.MessageMarks{Answers: d.Answers, Elsewhere: d.Elsewhere},
			})), Or(d.Rev)
			if d.Mood != nil {
				out.Mood = moodData(*d.Mood)
			}
		})
	case engine.EventMarked:
		engine.Told(ev, func(d engine.MarkData) {
			out.Marked = &api.EventMarked{
				Message: d.Message, Content: d.Content, Reactions: reactions(d.MessageMarks), EditedAt: Or(d.EditedAt), UnsentAt: Or(d.UnsentAt),
				Preview: d.Preview,
			}
			out.Rev = Or(d.Rev)
		})
	case engine.EventStatus, engine.EventConsumerRead:
		engine.Told(ev, func(d engine.StatusData) {
			out.Status = &api.EventStatus{Message: d.Message, State: api.DeliveryState(d.State), Failure: Or(d.Failure), Again: Or(d.Again)}
		})
	case engine.EventOpened, engine.EventOwner, engine.EventClosed, engine.EventUpdated:
		engine.Told(ev, func(d engine.ConversationData) {
			out.Change = &api.EventChange{
				State: api.ConversationState(d.State), Owner: api.Owner(d.Owner), Agent: Or(d.Agent), AgentName: Or(d.AgentName),
				Skill: Or(d.Skill), Rev: d.Rev, Reason: Or(d.Reason), Outcome: Or(d.Outcome), Tags: new(List(d.Tags)), // no tag is told, too
				From: Or(d.From), FromName: Or(d.FromName), Was: Or(api.Owner(d.Was)), WasSkill: Or(d.WasSkill), Since: Or(d.Since),
			}
		})
	case engine.EventOffered, engine.EventOfferEnded:
		engine.Told(ev, func(d engine.OfferData) {
			out.Offer = &api.EventOffer{Agent: d.Agent, AgentName: Or(d.AgentName), ExpiresAt: Or(d.Expires), End: Or(api.EventOfferEnd(d.End)), Why: d.Why}
		})
	case engine.EventUndelivered:
		engine.Told(ev, func(d engine.UndeliveredData) {
			out.Undelivered = &api.EventUndelivered{Message: d.Message, Class: Or(string(d.Class)), Code: Or(d.Code), Reason: d.Reason}
			if len(d.Held) > 0 {
				out.Undelivered.Held = &d.Held
			}
		})
	case engine.EventChannel:
		engine.Told(ev, func(d engine.ChannelData) {
			out.Channel = &api.ChannelTrouble{
				Channel: d.Channel, Ok: d.OK, Class: Or(string(d.Class)), Code: Or(d.Code), Reason: Or(d.Reason), Since: Or(d.Since),
			}
		})
	case engine.EventPresence:
		engine.Told(ev, func(d engine.PresenceData) {
			out.Presence = &api.EventPresence{Agent: d.Agent, Presence: api.Presence(d.Presence), Seen: d.Seen, Reason: Or(d.Reason)}
		})
	case engine.EventBotFailed:
		engine.Told(ev, func(d engine.Fault) { out.Detail = Or(d.Message) })
	case engine.EventBotLog:
		engine.Told(ev, func(d engine.LogData) { out.Detail = Or(d.Text) })
	case engine.EventConsent:
		engine.Told(ev, func(d engine.Consent) {
			out.Detail = new("opted in")
			if d.OptedOut {
				*out.Detail = "opted out"
			}
		})
	case engine.EventMood:
		engine.Told(ev, func(d engine.MoodData) {
			out.Mood, out.Detail = moodData(d), new("now "+string(toneOf(d.Tone)))
		})
	case engine.EventFeedback:
		engine.Told(ev, func(d engine.FeedbackData) {
			out.Feedback = &api.EventFeedback{Question: d.Question, Helped: d.Helped}
		})
	case engine.EventLoop:
		engine.Told(ev, func(d engine.LoopData) { out.Detail = Or(d.Text) })
	case engine.EventErased:
		engine.Told(ev, func(d engine.ErasedData) { out.Detail = Or(d.Consumer) })
	case engine.EventNotice:
		engine.Told(ev, func(d engine.Notice) { out.Notice = new(Notice(d)) })
	case engine.EventPublished:
		engine.Told(ev, func(d engine.PublishData) { out.Detail = Or(d.Version) })
	}
	return out
}

// ConflictEvents draws what happened meanwhile, for problem.Handler.
func ConflictEvents(events []engine.Event) any { return Each(events, Event) }

func Handoff(h *engine.Handoff) *api.Handoff {
	if h == nil {
		return nil
	}
	out := api.Handoff{
		From: h.From, Reason: h.Reason, Skill: h.Skill, Summary: Or(h.Summary), Note: Or(h.Note), Trace: Or(h.Trace), At: MS(h.At),
		Facts: List(h.Facts), Level: Or(h.Level), Language: Or(h.Language), Version: Or(h.Version),
	}
	if len(h.Expects) > 0 {
		out.Expects = &h.Expects
	}
	out.Tried = Each(h.Tried, func(t engine.Attempt) api.Attempt { return api.Attempt{What: t.What, Ok: t.OK} })
	return &out
}

func Notice(n engine.Notice) api.Notice {
	return api.Notice{
		N: n.N, Agent: n.Agent, Kind: n.Kind, Conversation: Or(n.Conversation), Consumer: Or(n.Consumer),
		By: Or(n.By), To: Or(n.To), At: MS(n.At),
	}
}
