package timers

import (
	"context"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/agenda"
	"parley/engine/conversation"
)

// Worker fires timers. Any number of them may run on one store.
type Worker struct {
	Store engine.Store
	Bus   engine.Bus
	Clock engine.Clock
	Log   *slog.Logger
}

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) error { return w.agenda().Run(ctx) }

// Fire fires what is due and says how long nothing will be.
func (w *Worker) Fire(ctx context.Context) (time.Duration, error) { return w.agenda().Do(ctx) }

func (w *Worker) agenda() agenda.Agenda[engine.Timer] {
	return agenda.Agenda[engine.Timer]{
		Store: w.Store, Bus: w.Bus, Clock: w.Clock, Log: w.Log, What: "timer",
		ID:   func(t engine.Timer) string { return t.ID },
		Name: func(t engine.Timer) string { return "timer of conversation " + t.Conversation },
		Plan: func(tx engine.Tx) agenda.Plan[engine.Timer] { return tx.Timers() },
		Each: w.fire,
	}
}

func (w *Worker) fire(tx engine.Tx, t engine.Timer) error {
	conv, err := conversation.Writer{}.Load(tx, w.Clock(), t.Brand, t.Conversation)
	if engine.CodeOf(err) == engine.NotFound || err == nil && conv.State == engine.Closed {
		return nil // it concerns nobody any more
	}
	if err != nil {
		return err
	}
	if err := conv.Put(engine.InboxEntry{Kind: engine.InboxTimer, Session: t.Session, Step: t.Step}); err != nil {
		return err
	}
	return conv.Save()
}
