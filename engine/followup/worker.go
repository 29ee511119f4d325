package followup

import (
	"context"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/agenda"
	"parley/engine/conversation"
)

// Worker begins follow-ups. Any number of them may run on one store.
type Worker struct {
	Store  engine.Store
	Bus    engine.Bus
	Clock  engine.Clock
	Writer conversation.Writer
	Log    *slog.Logger
}

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) error { return w.agenda().Run(ctx) }

// Fire begins what is due and says how long nothing will be.
func (w *Worker) Fire(ctx context.Context) (time.Duration, error) { return w.agenda().Do(ctx) }

func (w *Worker) agenda() agenda.Agenda[engine.Followup] {
	return agenda.Agenda[engine.Followup]{
		Store: w.Store, Bus: w.Bus, Clock: w.Clock, Log: w.Log, What: "follow-up",
		ID:   func(f engine.Followup) string { return f.ID },
		Name: func(f engine.Followup) string { return "follow-up " + f.ID },
		Plan: func(tx engine.Tx) agenda.Plan[engine.Followup] { return tx.Followups() },
		Each: func(tx engine.Tx, f engine.Followup) error {
			return turn{tx: tx, now: w.Clock(), writer: w.Writer, f: f}.begin()
		},
	}
}
