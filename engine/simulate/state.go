package simulate

import (
	"math"
	"time"

	"parley/engine"
	"parley/engine/log/recording"
)

// State is how the newest conversation stands.
type State struct {
	Now          time.Time            `json:"now"`
	Conversation string               `json:"conversation,omitempty"` // "" before the first message
	State        engine.State         `json:"state,omitempty"`
	Owner        engine.Owner         `json:"owner,omitempty"`
	Agent        string               `json:"agent,omitempty"` // name
	Skill        string               `json:"skill,omitempty"`
	Language     string               `json:"language,omitempty"`
	Outcome      string               `json:"outcome,omitempty"`
	Summary      string               `json:"summary,omitempty"`
	Tags         []string             `json:"tags,omitempty"`
	Attributes   map[string]string    `json:"attributes,omitempty"`
	Consumer     engine.Consumer      `json:"consumer"`
	Handoff      *engine.Handoff      `json:"handoff,omitempty"`
	Pending      []engine.Choice      `json:"pending,omitempty"` // choices that a text may name
	Session      string               `json:"session,omitempty"`
	SessionState engine.SessionState  `json:"session_state,omitempty"`
	Wait         engine.Wait          `json:"wait,omitzero"`
	Line         string               `json:"line,omitempty"` // where the bot is, "bots/concierge.lua:12"
	Calls        []engine.HTTPRequest `json:"calls,omitempty"`
	Due          time.Time            `json:"due,omitzero"` // when something happens by itself
}

// State tells how the newest conversation stands.
func (s *Simulation) State() State {
	st := State{Now: s.now}
	st.Consumer, _ = view(s, func(t engine.Tx) (engine.Consumer, error) {
		return t.Consumers().Get(s.cfg.Brand.ID, s.cfg.Consumer.ID)
	})
	st.Due, _ = s.due()
	for _, c := range s.calls {
		if c.reply == nil {
			st.Calls = append(st.Calls, c.request)
		}
	}
	conv, ok := s.conversation()
	if !ok {
		return st
	}
	st.Conversation, st.State, st.Owner, st.Skill, st.Language = conv.ID, conv.State, conv.Owner, conv.Skill, conv.Language
	st.Outcome, st.Summary, st.Tags, st.Attributes, st.Handoff = conv.Outcome, conv.Summary, conv.Tags, conv.Attributes, conv.Handoff
	if conv.Agent != "" {
		u, _ := view(s, func(t engine.Tx) (engine.User, error) { return t.Users().Get(conv.Brand, conv.Agent) })
		st.Agent = u.Name
	}
	if conv.Pending != nil {
		st.Pending = conv.Pending.Choices
	}
	if session, ok := s.session(); ok {
		st.Session, st.SessionState, st.Wait = session.ID, session.State, session.Wait
		if lines := s.lines[session.ID]; len(lines) > 0 {
			st.Line = lines[len(lines)-1]
		}
	}
	return st
}

// Events gives what has happened so far. The caller must not change it.
func (s *Simulation) Events() []Event { return s.log }

// Since gives what has happened since there were n events.
func (s *Simulation) Since(n int) []Event { return s.log[min(n, len(s.log)):] }

// Inputs gives what made it happen: New and Do of each again have the same
// result. The caller must not change it.
func (s *Simulation) Inputs() []Input { return s.inputs }

// Config is what the simulation began with.
func (s *Simulation) Config() Config { return s.cfg }

// Value gives what the brand's store holds under a key now.
func (s *Simulation) Value(key string) (engine.Value, bool) {
	return view(s, func(t engine.Tx) (engine.Value, error) { return t.Values().Get(s.cfg.Brand.ID, key, s.now) })
}

// Now is the time of the simulation.
func (s *Simulation) Now() time.Time { return s.now }

// SessionJournal is what one session did.
type SessionJournal struct {
	ID           string                `json:"id"`
	Conversation string                `json:"conversation"`
	Bot          string                `json:"bot"`
	State        engine.SessionState   `json:"state"`
	Entries      []engine.JournalEntry `json:"entries"`
}

// Journal gives the sessions in the order they began, each with its journal.
func (s *Simulation) Journal() []SessionJournal {
	var out []SessionJournal
	for _, o := range s.sessions() {
		out = append(out, SessionJournal{o.ID, o.Conversation, o.Bot, o.State, s.journal(o.ID)})
	}
	return out
}

// Recording gives the newest conversation as a recording of a real one would be:
// to be saved as a test, or run over by another version. False before the first message.
func (s *Simulation) Recording() (recording.Recording, bool) {
	conv, ok := s.conversation()
	if !ok {
		return recording.Recording{}, false
	}
	var sessions []engine.Session
	var journals [][]engine.JournalEntry
	for _, o := range s.sessions() {
		if o.Conversation == conv.ID {
			o.Seed = s.seed(o)
			sessions, journals = append(sessions, o), append(journals, s.journal(o.ID))
		}
	}
	if len(sessions) == 0 {
		return recording.Recording{}, false
	}
	logged, _ := view(s, func(t engine.Tx) ([]engine.Event, error) {
		return t.Events().List(engine.EventFilter{Conversation: conv.ID, Limit: math.MaxInt})
	})
	return recording.Assemble(s.cfg.Runtime.Traits, conv, sessions, journals, logged), true
}

// Conversation gives the newest one, as the engine has it.
func (s *Simulation) Conversation() (engine.Conversation, bool) {
	return s.conversation()
}

func (s *Simulation) conversation() (engine.Conversation, bool) {
	all := s.began.conversations
	if len(all) == 0 {
		return engine.Conversation{}, false
	}
	return s.find(all[len(all)-1])
}

func (s *Simulation) find(id string) (engine.Conversation, bool) {
	return view(s, func(t engine.Tx) (engine.Conversation, error) { return t.Conversations().Get(s.cfg.Brand.ID, id) })
}

// sessions gives all in the order they began.
func (s *Simulation) sessions() []engine.Session {
	all, _ := view(s, func(t engine.Tx) (all []engine.Session, _ error) {
		for _, id := range s.began.sessions {
			one, err := t.Sessions().Get(id)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	})
	return all
}

func (s *Simulation) journal(session string) []engine.JournalEntry {
	entries, _ := view(s, func(t engine.Tx) ([]engine.JournalEntry, error) { return t.Sessions().Journal(session) })
	return entries
}

// session is the newest.
func (s *Simulation) session() (engine.Session, bool) {
	all := s.began.sessions
	if len(all) == 0 {
		return engine.Session{}, false
	}
	return view(s, func(t engine.Tx) (engine.Session, error) { return t.Sessions().Get(all[len(all)-1]) })
}
