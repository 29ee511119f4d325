package recording

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"parley/engine"
)

// Period selects conversations by when they began.
type Period struct {
	Brand string
	From  time.Time // zero: from the first
	Until time.Time // zero: up to now
	Limit int       // at most so many; 0 for all
}

const page = 200

// TraitsOf tells what a host call is; see engine.BotRuntime.
type TraitsOf = func(call string) engine.Traits

// Each reads the recordings of a period, oldest first, and gives them to fn
// until it fails. Conversations that no bot had are left out. Each conversation
// is read in a transaction of its own.
func Each(ctx context.Context, store engine.Store, traits TraitsOf, p Period, fn func(Recording) error) error {
	if p.Until.IsZero() {
		p.Until = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for after, found := "", 0; ; {
		convs, err := engine.View(ctx, store, func(tx engine.Tx) ([]engine.Conversation, error) {
			return tx.History().Conversations(p.Brand, p.From, p.Until, after, page)
		})
		if err != nil || len(convs) == 0 {
			return err
		}
		for _, conv := range convs {
			rec, ok, err := Read(ctx, store, traits, conv)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := fn(rec); err != nil {
				return err
			}
			if found++; found == p.Limit {
				return nil
			}
		}
		after = convs[len(convs)-1].ID
	}
}

// Read reads one conversation's recording. It says false when no bot had it,
// or when the log no longer has its beginning.
func Read(ctx context.Context, store engine.Store, traits TraitsOf, conv engine.Conversation) (rec Recording, ok bool, err error) {
	var events []engine.Event
	var sessions []engine.Session
	var journals [][]engine.JournalEntry
	err = store.View(ctx, func(tx engine.Tx) error {
		events, journals = nil, nil
		if sessions, err = tx.History().Sessions(conv.Brand, conv.ID); err != nil || len(sessions) == 0 {
			return err
		}
		for _, s := range sessions {
			j, err := tx.Sessions().Journal(s.ID)
			if err != nil {
				return err
			}
			journals = append(journals, j)
		}
		gone, err := tx.Events().Gone()
		if err != nil {
			return err
		}
		if gone.N > 0 && !conv.CreatedAt.After(gone.At) { // how it began is no longer known
			sessions = nil
			return nil
		}
		for w := (engine.EventFilter{Brand: conv.Brand, Conversation: conv.ID, Limit: 1000}); ; {
			part, err := tx.Events().List(w)
			if err != nil {
				return err
			}
			events = append(events, part...)
			if len(part) < w.Limit {
				return nil
			}
			w.After = engine.Cursor(part[len(part)-1].Seq)
		}
	})
	if err != nil || len(sessions) == 0 {
		return Recording{}, false, err
	}
	return Assemble(traits, conv, sessions, journals, events), true, nil
}

// Assemble makes the recording of a conversation from its sessions with their
// journals, oldest first, and its events.
func Assemble(traits TraitsOf, conv engine.Conversation, sessions []engine.Session, journals [][]engine.JournalEntry, events []engine.Event) Recording {
	rec := Recording{
		Conversation: conv.ID, Channel: conv.Channel, Kind: conv.Kind, Language: conv.Language, Address: conv.Address,
		Bot: sessions[0].Bot, Version: sessions[0].Version, Opened: conv.CreatedAt,
	}
	a := assembly{rec: &rec, traits: traits, owner: engine.OwnerBot}
	for i, s := range sessions {
		rec.Seeds = append(rec.Seeds, s.Seed)
		for _, e := range journals[i] {
			a.entry(i == 0, e)
		}
	}
	for _, e := range events {
		a.event(e)
	}
	return rec
}

type assembly struct {
	rec      *Recording
	traits   TraitsOf
	owner    engine.Owner
	lines    []string                // of the say entries, in order
	outcomes []engine.HandoffOutcome // in order
	closed   bool                    // by an agent, whose outcome stands
}

func (a *assembly) entry(first bool, e engine.JournalEntry) {
	traits := a.traits(e.Call)
	switch {
	case first && e.Call == engine.CallStart:
		var s engine.SessionStart
		if json.Unmarshal(e.Answer, &s) == nil {
			c := s.Consumer
			a.rec.Language, a.rec.Consumer = s.Language, Consumer{ID: c.ID, Name: c.Name, Language: c.Language, Attributes: c.Attributes}
			a.rec.Tags, a.rec.Attributes = s.Conversation.Tags, s.Conversation.Attributes
		}
	case e.Call == engine.CallHandoff || e.Call == engine.CallEscape:
		var o engine.HandoffOutcome
		if e.Answer != nil && json.Unmarshal(e.Answer, &o) == nil && o.Kind != "" {
			a.outcomes = append(a.outcomes, o)
		}
	case traits.Has(engine.TraitOutside) && e.Answer != nil:
		a.rec.Answers = append(a.rec.Answers, answerOf(e))
	case traits.Has(engine.TraitUnderstands) && e.Answer != nil:
		a.rec.Understood = append(a.rec.Understood, answerOf(e))
	}
	if traits.Has(engine.TraitSpeaks) {
		a.lines = append(a.lines, e.Line)
	}
}

func answerOf(e engine.JournalEntry) Answer {
	answer := Answer{Call: e.Call, Hash: e.Hash, Answer: e.Answer}
	if json.Valid(e.Args) { // long ones are cut
		answer.Args = e.Args
	}
	return answer
}

func (a *assembly) event(e engine.Event) {
	switch e.Kind {
	case engine.EventMessage:
		var m engine.MessageData
		if json.Unmarshal(e.Data, &m) != nil || m.Note {
			return
		}
		switch {
		case m.Author == engine.AuthorConsumer && a.owner == engine.OwnerBot:
			a.rec.Turns = append(a.rec.Turns, Turn{At: e.At, Message: &m.Content})
		case m.Author == engine.AuthorBot:
			a.did(Act{Say: &m.Content, Line: a.line()})
		}
	case engine.EventOwner:
		a.moved(e)
	case engine.EventClosed:
		var c engine.ConversationData
		if json.Unmarshal(e.Data, &c) == nil && strings.HasPrefix(e.Actor, "bot:") && !a.closed {
			a.did(Act{Close: &c.Outcome})
		}
		a.owner = engine.OwnerNone
	case engine.EventBotFailed:
		var f engine.Fault
		if json.Unmarshal(e.Data, &f) == nil {
			a.did(Act{Fault: &f})
		}
	}
}

func (a *assembly) moved(e engine.Event) {
	var c engine.ConversationData
	if json.Unmarshal(e.Data, &c) != nil {
		return
	}
	was := a.owner
	a.owner = c.Owner
	switch {
	case c.Owner == engine.OwnerQueue && was == engine.OwnerBot && strings.HasPrefix(e.Actor, "bot:"):
		a.did(Act{Handoff: &Handoff{Skill: c.Skill, Reason: c.Reason}})
	case c.Owner == engine.OwnerBot && was != engine.OwnerBot && len(a.outcomes) > 0:
		a.rec.Turns = append(a.rec.Turns, Turn{At: e.At, Outcome: &a.outcomes[0]})
		a.closed = a.outcomes[0].Kind == engine.OutcomeClosed
		a.outcomes = a.outcomes[1:]
	}
}

func (a *assembly) did(act Act) {
	if len(a.rec.Turns) == 0 { // begun by the system
		a.rec.Turns = append(a.rec.Turns, Turn{At: a.rec.Opened, Followup: &engine.FollowupData{}})
	}
	last := &a.rec.Turns[len(a.rec.Turns)-1]
	last.Did = append(last.Did, act)
}

func (a *assembly) line() string {
	if len(a.lines) == 0 {
		return ""
	}
	line := a.lines[0]
	a.lines = a.lines[1:]
	return line
}
