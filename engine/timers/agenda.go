package timers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/engine"
)

// Agenda does what the store plans for some time, when the time has come. Any
// number of them may run on one store: doing one thing twice at once must end
// with a Conflict, or change nothing.
type Agenda[T any] struct {
	Store engine.Store
	Bus   engine.Bus // TopicTimers says that something was planned
	Clock engine.Clock
	Log   *slog.Logger
	What  string // one of the things, for the log
	Due   func(tx engine.Tx, now time.Time, limit int) ([]T, error)
	Next  func(tx engine.Tx) (time.Time, error) // zero when nothing is planned
	Each  func(ctx context.Context, one T) error
}

const (
	batch     = 256
	longest   = time.Minute // sleep at most, for what other processes plan
	afterFail = time.Second
)

// Run works until ctx ends.
func (a Agenda[T]) Run(ctx context.Context) error {
	wake := make(chan struct{}, 1)
	cancel := a.Bus.Subscribe(engine.TopicTimers, func(engine.Signal) {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	defer cancel()
	for {
		pause, err := a.Do(ctx)
		if err != nil {
			if ctx.Err() == nil {
				a.Log.Error("doing what is due", "what", a.What, "error", err)
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

// Do does what is due and says how long nothing will be.
func (a Agenda[T]) Do(ctx context.Context) (time.Duration, error) {
	for {
		var due []T
		var next time.Time
		now := a.Clock()
		err := a.Store.View(ctx, func(tx engine.Tx) (err error) {
			if due, err = a.Due(tx, now, batch); err != nil || len(due) > 0 {
				return err
			}
			next, err = a.Next(tx)
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
		for _, one := range due {
			if err := a.Each(ctx, one); err != nil && engine.CodeOf(err) != engine.Conflict {
				failed = append(failed, err)
			}
		}
		if len(failed) > 0 {
			return 0, fmt.Errorf("%d of %d: %w", len(failed), len(due), errors.Join(failed...))
		}
	}
}
