package followup

import (
	"context"
	"fmt"
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
		ID: func(f engine.Followup) string { return f.ID },
		Due: func(tx engine.Tx, now time.Time, limit int) ([]engine.Followup, error) {
			return tx.Followups().Due(now, limit)
		},
		Next: func(tx engine.Tx) (time.Time, error) { return tx.Followups().Next() },
		Each: func(ctx context.Context, f engine.Followup) error {
			if err := w.begin(ctx, f); err != nil {
				return fmt.Errorf("follow-up %s: %w", f.ID, err)
			}
			return nil
		},
	}
}

func (w *Worker) begin(ctx context.Context, f engine.Followup) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		if err := tx.Followups().Remove(f.ID); err != nil {
			if engine.CodeOf(err) == engine.NotFound {
				return nil // cancelled, or somebody else began it
			}
			return err
		}
		return turn{tx: tx, now: w.Clock(), writer: w.Writer, f: f}.begin()
	})
}
