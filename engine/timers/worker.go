package timers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/engine"
)

// Worker fires timers. Any number of them may run on one store.
type Worker struct {
	Store engine.Store
	Bus   engine.Bus
	Clock engine.Clock
	Log   *slog.Logger
}

const (
	batch     = 256
	longest   = time.Minute // sleep at most, for timers that other processes set
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
				w.Log.Error("firing timers", "error", err)
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

// Fire fires what is due and says how long nothing will be.
func (w *Worker) Fire(ctx context.Context) (time.Duration, error) {
	for {
		var due []engine.Timer
		var next time.Time
		now := w.Clock()
		err := w.Store.View(ctx, func(tx engine.Tx) (err error) {
			if due, err = tx.Timers().Due(now, batch); err != nil || len(due) > 0 {
				return err
			}
			next, err = tx.Timers().Next()
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
		for _, t := range due {
			if err := w.fire(ctx, t); err != nil && engine.CodeOf(err) != engine.Conflict {
				failed = append(failed, fmt.Errorf("timer of conversation %s: %w", t.Conversation, err))
			}
		}
		if len(failed) > 0 {
			return 0, errors.Join(failed...)
		}
	}
}

func (w *Worker) fire(ctx context.Context, t engine.Timer) error {
	fired := false
	err := w.Store.Update(ctx, func(tx engine.Tx) error {
		fired = false
		if err := tx.Timers().Remove(t.ID); err != nil {
			if engine.CodeOf(err) == engine.NotFound {
				return nil // the session went on, or somebody else fired it
			}
			return err
		}
		conv, err := tx.Conversations().Get(t.Brand, t.Conversation)
		if engine.CodeOf(err) == engine.NotFound || err == nil && conv.State == engine.Closed {
			return nil // it concerns nobody any more
		}
		if err != nil {
			return err
		}
		conv.LastInbox++
		conv.Ready, fired = true, true
		err = tx.Inbox().Add(engine.InboxEntry{
			Conversation: conv.ID, N: conv.LastInbox, Kind: engine.InboxTimer,
			Session: t.Session, Step: t.Step, At: w.Clock(),
		})
		if err != nil {
			return err
		}
		return tx.Conversations().Save(&conv)
	})
	if fired && err == nil {
		w.Bus.Publish(engine.Signal{Topic: engine.TopicDialog, Brand: t.Brand, Key: t.Conversation})
	}
	return err
}
