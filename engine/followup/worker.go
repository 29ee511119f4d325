package followup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/engine"
)

// Worker begins follow-ups. Any number of them may run on one store.
type Worker struct {
	Store engine.Store
	Bus   engine.Bus
	Clock engine.Clock
	NewID engine.NewID
	Log   *slog.Logger
}

const (
	batch     = 256
	longest   = time.Minute // sleep at most, for follow-ups that other processes planned
	afterFail = time.Second
)

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	wake := make(chan struct{}, 1)
	cancel := w.Bus.Subscribe(engine.TopicTimers, func(engine.Signal) {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	defer cancel()
	for {
		pause, err := w.Fire(ctx)
		if err != nil {
			if ctx.Err() == nil {
				w.Log.Error("beginning follow-ups", "error", err)
			}
			pause = afterFail
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return nil
		case <-wake:
			t.Stop()
		case <-t.C:
		}
	}
}

// Fire begins what is due and says how long nothing will be.
func (w *Worker) Fire(ctx context.Context) (time.Duration, error) {
	for {
		var due []engine.Followup
		var next time.Time
		now := w.Clock()
		err := w.Store.View(ctx, func(tx engine.Tx) (err error) {
			if due, err = tx.Followups().Due(now, batch); err != nil || len(due) > 0 {
				return err
			}
			next, err = tx.Followups().Next()
			return err
		})
		if err != nil {
			return 0, err
		}
		if len(due) == 0 {
			if next.IsZero() {
				return longest, nil
			}
			return min(max(next.Sub(now), time.Millisecond), longest), nil
		}
		// One that fails does not hold up the others.
		var failed []error
		for _, f := range due {
			if err := w.begin(ctx, f); err != nil && engine.CodeOf(err) != engine.Conflict {
				failed = append(failed, fmt.Errorf("follow-up %s: %w", f.ID, err))
			}
		}
		if len(failed) > 0 {
			return 0, errors.Join(failed...)
		}
	}
}

func (w *Worker) begin(ctx context.Context, f engine.Followup) error {
	var begun engine.Conversation
	err := w.Store.Update(ctx, func(tx engine.Tx) (err error) {
		begun = engine.Conversation{}
		if err := tx.Followups().Remove(f.ID); err != nil {
			if engine.CodeOf(err) == engine.NotFound {
				return nil // cancelled, or somebody else began it
			}
			return err
		}
		begun, err = turn{tx: tx, now: w.Clock(), newID: w.NewID, f: f}.begin()
		return err
	})
	if err != nil {
		return err
	}
	w.Bus.Publish(engine.Signal{Topic: engine.TopicEvents})
	if begun.ID != "" {
		w.Bus.Publish(engine.Signal{Topic: engine.TopicDialog, Brand: begun.Brand, Key: begun.ID})
	}
	return nil
}
