package simulate

import (
	"context"

	"parley/engine"
)

// store is the store as the engine sees it here: nothing is sent, and the
// queues are as the configuration has them. Each commit goes into the log.
type store struct {
	engine.Store
	s *Simulation
}

// commit is what one update began.
type commit struct {
	events        []engine.Event
	conversations []string
	sessions      []string
	journal       []engine.JournalEntry
	calls         []engine.OutboxItem
}

func (w store) View(ctx context.Context, fn func(engine.Tx) error) error {
	return w.Store.View(ctx, func(t engine.Tx) error { return fn(w.s.around(t)) })
}

func (w store) Update(ctx context.Context, fn func(engine.Tx) error) error {
	var c commit
	err := w.Store.Update(ctx, func(t engine.Tx) error {
		in := w.s.around(t)
		err := fn(in)
		c = in.commit
		return err
	})
	if err == nil {
		w.s.record(c)
	}
	return err
}

// tx has those facets that differ, made once.
type tx struct {
	engine.Tx
	commit        commit
	consumers     consumers
	conversations conversations
	sessions      sessions
	calls         calls
	queue         queue
	events        events
}

func (s *Simulation) around(t engine.Tx) *tx {
	in := &tx{Tx: t, consumers: consumers{t.Consumers(), s}, queue: queue{t.Queue(), s}}
	in.conversations = conversations{t.Conversations(), &in.commit}
	in.sessions = sessions{t.Sessions(), &in.commit}
	in.calls = calls{t.Outbox(), &in.commit}
	in.events = events{t.Events(), &in.commit}
	return in
}

func (t *tx) Consumers() engine.Consumers         { return &t.consumers }
func (t *tx) Conversations() engine.Conversations { return &t.conversations }
func (t *tx) Sessions() engine.Sessions           { return &t.sessions }
func (t *tx) Outbox() engine.Outbox               { return &t.calls }
func (t *tx) Queue() engine.Queue                 { return &t.queue }
func (t *tx) Events() engine.Events               { return &t.events }

type consumers struct {
	engine.Consumers
	s *Simulation
}

// Identities gives those of the configuration, too: it alone knows further ones.
func (f *consumers) Identities(brand, consumer string) ([]engine.Identity, error) {
	all, err := f.Consumers.Identities(brand, consumer)
	for _, i := range f.s.cfg.Identities {
		if i.Consumer == consumer {
			all = append(all, i)
		}
	}
	return all, err
}

type conversations struct {
	engine.Conversations
	c *commit
}

func (f *conversations) Add(c engine.Conversation) error {
	f.c.conversations = append(f.c.conversations, c.ID)
	return f.Conversations.Add(c)
}

type sessions struct {
	engine.Sessions
	c *commit
}

func (f *sessions) Add(s engine.Session) error {
	f.c.sessions = append(f.c.sessions, s.ID)
	return f.Sessions.Add(s)
}

func (f *sessions) Record(entries []engine.JournalEntry) error {
	f.c.journal = append(f.c.journal, entries...)
	return f.Sessions.Record(entries)
}

type calls struct {
	engine.Outbox
	c *commit
}

// Add keeps no messages: each is where it shall be, in the transcript.
func (f *calls) Add(o *engine.OutboxItem) error {
	if o.Kind == engine.OutboxMessage {
		return nil
	}
	err := f.Outbox.Add(o)
	f.c.calls = append(f.c.calls, *o)
	return err
}

type queue struct {
	engine.Queue
	s *Simulation
}

// Position counts those whom the configuration lets wait before this one.
func (f *queue) Position(conversation string) (int, error) {
	e, err := f.Get(conversation)
	return 1 + f.s.cfg.Queues[e.Skill].Waiting, err
}

type events struct {
	engine.Events
	c *commit
}

func (f *events) Add(e *engine.Event) error {
	err := f.Events.Add(e)
	f.c.events = append(f.c.events, *e)
	return err
}

// view reads what is stored. It fails only when the store is broken, and then
// nothing of what the simulation tells would be true.
func view[T any](s *Simulation, fn func(engine.Tx) (T, error)) (v T, ok bool) {
	err := s.store.Store.View(context.Background(), func(t engine.Tx) (err error) {
		v, err = fn(t)
		return err
	})
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		panic(err)
	}
	return v, err == nil
}
