package simulate

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// EventKind names what happened.
type EventKind string

const (
	EventMessage  EventKind = "message"  // Author, Name, Content
	EventNote     EventKind = "note"     // Author, Name, Content
	EventTyping   EventKind = "typing"   // On
	EventTag      EventKind = "tag"      // Text
	EventSet      EventKind = "set"      // Set
	EventHandoff  EventKind = "handoff"  // Handoff, Await
	EventRecall   EventKind = "recall"   // Text, why: the bot took it back from the queue
	EventAssigned EventKind = "assigned" // Name of the agent
	EventReturned EventKind = "returned" // the bot has it again
	EventClosed   EventKind = "closed"   // Close; Name is bot, agent, consumer or system
	EventFault    EventKind = "fault"    // Fault
	EventLog      EventKind = "log"      // Text
	EventCall     EventKind = "call"     // Request
	EventAnswer   EventKind = "answer"   // Request, Response
	EventTimer    EventKind = "timer"    // Until
	EventQuery    EventKind = "query"    // Query
	EventFollowup EventKind = "followup" // Followup is planned
	EventCancel   EventKind = "cancel"   // Text, the name of a follow-up
	EventRestart  EventKind = "restart"  // State
	EventConsent  EventKind = "consent"  // Text: opted_in, opted_out
	EventFeedback EventKind = "feedback" // Text, a question of the FAQ; On when its answer helped
)

// Event is one thing that happened, in the order of their numbers.
type Event struct {
	N            int                    `json:"n"` // 0, 1, …
	At           time.Time              `json:"at"`
	Kind         EventKind              `json:"kind"`
	Conversation string                 `json:"conversation,omitempty"`
	Session      string                 `json:"session,omitempty"` // whose bot did it
	Step         int                    `json:"step"`              // its journal entry, -1 for none
	Line         string                 `json:"line,omitempty"`    // "bots/concierge.lua:12"
	Author       engine.Author          `json:"author,omitempty"`
	Name         string                 `json:"name,omitempty"`
	Content      *engine.Content        `json:"content,omitempty"`
	Text         string                 `json:"text,omitempty"`
	On           bool                   `json:"on,omitempty"`
	Set          *engine.SetEffect      `json:"set,omitempty"`
	Handoff      *engine.Handoff        `json:"handoff,omitempty"`
	Await        bool                   `json:"await,omitempty"`
	Close        *engine.CloseEffect    `json:"close,omitempty"`
	Fault        *engine.Fault          `json:"fault,omitempty"`
	Request      *engine.HTTPRequest    `json:"request,omitempty"`
	Response     *engine.HTTPResponse   `json:"response,omitempty"`
	Until        time.Time              `json:"until,omitzero"`
	Query        *engine.Query          `json:"query,omitempty"`
	Followup     *engine.FollowupEffect `json:"followup,omitempty"`
	State        json.RawMessage        `json:"state,omitempty"`
}

// seen is how far the log has come.
type seen struct {
	queries map[query]engine.Query
	marks   []mark // one for each input
}

type query struct {
	session string
	step    int
}

// mark is how far the sessions had come after an input, by session.
type mark struct {
	steps map[string]int // journal entries
	waits map[string]int // the entry that it waits at, when it waits
}

func (s *Simulation) emit(e Event) {
	e.N, e.At = len(s.log), s.now
	if e.Line == "" && e.Session != "" && e.Step >= 0 {
		if j := s.lines[e.Session]; e.Step < len(j) {
			e.Line = j[e.Step]
		}
	}
	s.log = append(s.log, e)
}

// record brings the log up to what was committed: what the engine logged, in
// its order, and between that what the bot did and nobody else sees.
func (s *Simulation) record(c commit) {
	s.began.conversations = append(s.began.conversations, c.conversations...)
	s.began.sessions = append(s.began.sessions, c.sessions...)
	for _, e := range c.journal {
		if e.N == len(s.lines[e.Session]) { // else it is the answer of a known one
			s.lines[e.Session] = append(s.lines[e.Session], e.Line)
		}
	}
	d := s.decided
	s.decided = nil
	var effects []engine.Effect
	session, conversation := "", ""
	if d != nil {
		session, conversation = d.turn.Session.ID, d.turn.Session.Conversation
		stored, ok := view(s, func(t engine.Tx) (engine.Session, error) { return t.Sessions().Get(session) })
		// A turn that could not be carried out is a fault without effects.
		if ok && (stored.State != engine.SessionParked || d.out.Fault != nil) {
			effects = d.out.Effects
		}
	}
	l := logging{s: s, session: session, conversation: conversation, effects: effects}
	for _, e := range c.events {
		l.event(e)
	}
	for len(l.effects) > 0 {
		l.pass()
	}
	if d != nil && d.out.Restart != nil && len(effects) == len(d.out.Effects) {
		s.emit(Event{Kind: EventRestart, Conversation: conversation, Session: session, Step: len(d.turn.Journal), State: d.out.Restart})
	}
	for _, item := range c.calls {
		s.begun(item)
	}
}

// logging is one commit on its way into the log.
type logging struct {
	s                     *Simulation
	session, conversation string
	effects               []engine.Effect // not in the log yet
}

// event logs what the engine logged, and before it the bot's silent effects.
func (l *logging) event(e engine.Event) {
	if strings.HasPrefix(e.Actor, "bot:") {
		for i, effect := range l.effects {
			if logged(effect) == kindOf(e) {
				for range i {
					l.pass()
				}
				l.told(e, effect)
				l.effects = l.effects[1:]
				return
			}
		}
	}
	l.told(e, engine.Effect{Step: -1})
}

// kindOf tells notes from messages.
func kindOf(e engine.Event) engine.EventKind {
	if e.Kind == engine.EventMessage {
		var m engine.MessageData
		if json.Unmarshal(e.Data, &m) == nil && m.Note {
			return "note"
		}
	}
	return e.Kind
}

// logged says what the engine logs of an effect.
func logged(e engine.Effect) engine.EventKind {
	switch {
	case e.Say != nil:
		return engine.EventMessage
	case e.Note != nil:
		return "note"
	case e.Tag != nil, e.Set != nil:
		return engine.EventUpdated
	case e.Handoff != nil, e.Recall != nil:
		return engine.EventOwner
	case e.Close != nil:
		return engine.EventClosed
	case e.Log != nil:
		return engine.EventBotLog
	case e.Feedback != nil:
		return engine.EventFeedback
	}
	return ""
}

// pass logs the first effect, when it is one that the engine logs nothing of.
func (l *logging) pass() {
	effect := l.effects[0]
	l.effects = l.effects[1:]
	e := Event{Conversation: l.conversation, Session: l.session, Step: effect.Step}
	switch {
	case effect.Typing != nil:
		e.Kind, e.On = EventTyping, *effect.Typing
	case effect.Timer != nil:
		e.Kind, e.Until = EventTimer, *effect.Timer
	case effect.Query != nil && effect.Query.Schedule != nil:
		if e.Kind, e.Followup = EventFollowup, effect.Query.Schedule; !l.s.planned(*e.Followup) {
			return // the engine has logged why
		}
	case effect.Query != nil:
		e.Kind, e.Query = EventQuery, effect.Query
		l.s.seen.queries[query{l.session, effect.Step}] = *effect.Query
	case effect.Cancel != nil:
		e.Kind, e.Text = EventCancel, *effect.Cancel
	default:
		return
	}
	l.s.emit(e)
}

// planned says whether a follow-up that a bot asked for is there.
func (s *Simulation) planned(f engine.FollowupEffect) bool {
	all, _ := view(s, func(t engine.Tx) ([]engine.Followup, error) { return t.Followups().Due(f.At, math.MaxInt) })
	return slices.ContainsFunc(all, func(p engine.Followup) bool { return p.Name == f.Name && p.At.Equal(f.At) })
}

// told logs an event of the engine, made by the effect, if any.
func (l *logging) told(from engine.Event, effect engine.Effect) {
	e := Event{Conversation: from.Conversation, Step: -1}
	if effect.Step >= 0 {
		e.Session, e.Step = l.session, effect.Step
	}
	switch from.Kind {
	case engine.EventMessage:
		var m engine.MessageData
		read(from, &m)
		e.Kind, e.Author, e.Name, e.Content = EventMessage, m.Author, m.AuthorName, &m.Content
		if m.Note {
			e.Kind = EventNote
		}
	case engine.EventUpdated:
		switch {
		case effect.Tag != nil:
			e.Kind, e.Text = EventTag, *effect.Tag
		case effect.Set != nil:
			e.Kind, e.Set = EventSet, effect.Set
		default:
			return
		}
	case engine.EventOwner:
		l.owner(from, effect, e)
		return
	case engine.EventClosed:
		var c engine.ConversationData
		read(from, &c)
		conv, _ := l.s.find(from.Conversation)
		e.Kind, e.Name, e.Close = EventClosed, conv.ClosedBy, &engine.CloseEffect{Outcome: conv.Outcome, Summary: conv.Summary}
	case engine.EventBotFailed:
		e.Kind, e.Session, e.Fault = EventFault, l.session, new(engine.Fault)
		read(from, e.Fault)
		e.Step = e.Fault.Step
		if e.Fault.File != "" {
			e.Line = fmt.Sprintf("%s:%d", e.Fault.File, e.Fault.Line)
		}
	case engine.EventBotLog:
		var text engine.LogData
		read(from, &text)
		e.Kind, e.Text = EventLog, text.Text
	case engine.EventFeedback:
		var f engine.FeedbackData
		read(from, &f)
		e.Kind, e.Text, e.On = EventFeedback, f.Question, f.Helped
	case engine.EventConsent:
		var c engine.Consent
		read(from, &c)
		e.Kind, e.Text = EventConsent, "opted_in"
		if c.OptedOut {
			e.Text = "opted_out"
		}
	default:
		return
	}
	l.s.emit(e)
}

// owner logs a change of hands.
func (l *logging) owner(from engine.Event, effect engine.Effect, e Event) {
	var c engine.ConversationData
	read(from, &c)
	switch c.Owner {
	case engine.OwnerQueue:
		conv, _ := l.s.find(from.Conversation)
		e.Kind, e.Handoff = EventHandoff, conv.Handoff
		if effect.Handoff != nil {
			e.Await = effect.Handoff.Await
		}
	case engine.OwnerAgent:
		e.Kind, e.Name = EventAssigned, c.AgentName
	case engine.OwnerBot:
		e.Kind = EventReturned
		if effect.Recall != nil {
			e.Kind, e.Text = EventRecall, *effect.Recall
		}
		e.Name = strings.TrimPrefix(strings.TrimPrefix(from.Actor, "agent:"), "agent:")
	default:
		return
	}
	l.s.emit(e)
}

// read decodes what the engine wrote a moment ago.
func read(e engine.Event, into any) {
	if err := json.Unmarshal(e.Data, into); err != nil {
		panic(err)
	}
}
