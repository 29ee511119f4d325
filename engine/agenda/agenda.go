package agenda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"parley/engine"
)

// Agenda does what the store plans for some time, when the time has come. Any
// number of them may run on one store: doing one thing twice at once must end
// with a Conflict, or change nothing. What fails is tried again later and later,
// by itself: the others do not wait for it.
type Agenda[T any] struct {
	Store engine.Store
	Bus   engine.Bus // TopicTimers says that something was planned
	Clock engine.Clock
	Log   *slog.Logger
	What  string // one of the things, for the log
	ID    func(T) string
	Due   func(tx engine.Tx, now time.Time, limit int) ([]T, error)
	Next  func(tx engine.Tx) (time.Time, error) // zero when nothing is planned
	Each  func(ctx context.Context, one T) error
}

const (
	batch     = 256
	together  = 64          // of a batch at a time: they share a commit
	longest   = time.Minute // sleep at most, for what other processes plan
	afterFail = time.Second // doubled with each failure of one thing
	maxFail   = 5 * time.Minute
	whileHeld = 250 * time.Millisecond
	maxHeld   = 10_000 // failing things that it knows; more are tried each time
)

// held are the things that failed, by id.
type held map[string]*failing

type failing struct {
	times int
	until time.Time
}

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
	h := held{}
	for {
		pause, err := a.do(ctx, h)
		if err != nil && ctx.Err() == nil {
			a.Log.Error("doing what is due", "what", a.What, "error", err)
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

// Do does what is due, once, and says how long nothing will be.
func (a Agenda[T]) Do(ctx context.Context) (time.Duration, error) { return a.do(ctx, held{}) }

func (a Agenda[T]) do(ctx context.Context, h held) (time.Duration, error) {
	var failed []error
	for {
		var due []T
		var next time.Time
		now := a.Clock()
		err := a.Store.View(ctx, func(tx engine.Tx) (err error) {
			// Those that are held come first, because they are late.
			if due, err = a.Due(tx, now, batch+len(h)); err != nil {
				return err
			}
			if due = others(h, due, a.ID, now); len(due) > 0 {
				return nil
			}
			next, err = a.Next(tx)
			return err
		})
		if err != nil {
			return afterFail, errors.Join(append(failed, err)...)
		}
		if len(due) == 0 {
			pause := longest
			if !next.IsZero() {
				pause = min(max(next.Sub(now), time.Millisecond), longest)
			}
			if len(h) > 0 { // then the next may be one of these, and hide another
				pause = max(pause, whileHeld)
			}
			if len(failed) > 0 {
				err = fmt.Errorf("%d failed: %w", len(failed), errors.Join(failed[:min(len(failed), 3)]...))
			}
			return pause, err
		}
		for i, err := range a.each(ctx, due) {
			if ctx.Err() != nil {
				return afterFail, ctx.Err()
			}
			if err == nil || engine.CodeOf(err) == engine.Conflict {
				delete(h, a.ID(due[i]))
				continue
			}
			failed = append(failed, err)
			if !h.put(a.ID(due[i]), a.Clock()) {
				return afterFail, errors.Join(failed[:min(len(failed), 3)]...)
			}
		}
	}
}

// each does the things of a batch, many at a time, and gives their errors.
func (a Agenda[T]) each(ctx context.Context, due []T) []error {
	errs := make([]error, len(due))
	var group sync.WaitGroup
	places := make(chan struct{}, together)
	for i, one := range due {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			errs[i] = a.Each(ctx, one)
		})
	}
	group.Wait()
	return errs
}

// put notes one more failure, false when there are too many.
func (h held) put(id string, now time.Time) bool {
	f := h[id]
	if f == nil {
		if len(h) >= maxHeld {
			return false
		}
		f = &failing{}
		h[id] = f
	}
	f.until = now.Add(min(afterFail<<min(f.times, 20), maxFail))
	f.times++
	return true
}

// others leaves out those that must wait, and gives at most a batch. Those that
// nobody plans any more are forgotten.
func others[T any](h held, due []T, id func(T) string, now time.Time) (out []T) {
	there := make(map[string]bool, len(h))
	for _, one := range due {
		f := h[id(one)]
		if f != nil {
			there[id(one)] = true
		}
		if (f == nil || !f.until.After(now)) && len(out) < batch {
			out = append(out, one)
		}
	}
	if len(due) < batch+len(h) { // all that is due
		maps.DeleteFunc(h, func(id string, _ *failing) bool { return !there[id] })
	}
	return out
}
