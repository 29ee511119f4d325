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

// Plan is where the store has what is planned. What Due gives an update is nobody
// else's until the update has ended.
type Plan[T any] interface {
	Due(now time.Time, limit int) ([]T, error)
	Next() (time.Time, error) // zero when nothing is planned
	Remove(id string) error
}

// Agenda does what the store plans for some time, when the time has come. Any
// number of them may run on one store: one thing is done once. What fails is tried
// again later and later, by itself: the others do not wait for it.
type Agenda[T any] struct {
	Store engine.Store
	Bus   engine.Bus // TopicTimers says that something was planned
	Clock engine.Clock
	Log   *slog.Logger
	What  string // one of the things, for the log
	ID    func(T) string
	Name  func(T) string // of this one, for the log
	Plan  func(engine.Tx) Plan[T]
	Each  func(tx engine.Tx, one T) error // in the transaction that takes it off the plan
}

const (
	together  = 32          // are taken and done in one transaction
	longest   = time.Second // sleep at most, for what other processes plan
	afterFail = time.Second // doubled with each failure of one thing
	maxFail   = 5 * time.Minute
	whileHeld = 250 * time.Millisecond
	whileDone = 50 * time.Millisecond // by others
	maxHeld   = 10_000                // failing things that it knows; more are tried each time
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
	defer a.Bus.Subscribe(engine.TopicTimers, func(engine.Signal) { engine.Poke(wake) })()
	h := held{}
	for {
		pause, err := a.do(ctx, h)
		if err != nil && ctx.Err() == nil {
			a.Log.Error("doing what is due", "what", a.What, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-time.After(pause):
		}
	}
}

// Do does what is due, once, and says how long nothing will be.
func (a Agenda[T]) Do(ctx context.Context) (time.Duration, error) { return a.do(ctx, held{}) }

func (a Agenda[T]) do(ctx context.Context, h held) (time.Duration, error) {
	var failed []error
	for {
		l, err := a.look(ctx, h)
		if err != nil {
			return afterFail, errors.Join(append(failed, err)...)
		}
		if !l.fresh && len(l.again) == 0 {
			if len(failed) > 0 {
				err = fmt.Errorf("%d failed: %w", len(failed), errors.Join(failed[:min(len(failed), 3)]...))
			}
			return l.pause, err
		}
		single := l.again
		if l.fresh {
			mine, err := a.take(ctx, h)
			switch {
			case err == nil && len(mine) == 0 && len(single) == 0:
				return whileDone, errors.Join(failed[:min(len(failed), 3)]...)
			case err != nil && len(mine) == 0:
				return afterFail, errors.Join(append(failed, err)...)
			case err != nil: // one of them spoils it for all
				single = append(single, mine...)
			}
		}
		for i, err := range a.each(ctx, single) {
			if ctx.Err() != nil {
				return afterFail, ctx.Err()
			}
			if err == nil || engine.CodeOf(err) == engine.Conflict {
				delete(h, a.ID(single[i]))
				continue
			}
			failed = append(failed, err)
			if !h.put(a.ID(single[i]), a.Clock()) {
				return afterFail, errors.Join(failed[:min(len(failed), 3)]...)
			}
		}
	}
}

// looked is what there is to do.
type looked[T any] struct {
	fresh bool // something that has not failed
	again []T  // what has, and whose time has come
	pause time.Duration
}

func (a Agenda[T]) look(ctx context.Context, h held) (l looked[T], err error) {
	err = a.Store.View(ctx, func(tx engine.Tx) error {
		l = looked[T]{pause: longest}
		now := a.Clock()
		// Those that are held come first, because they are late.
		due, err := a.Plan(tx).Due(now, 1+len(h))
		if err != nil {
			return err
		}
		there := make(map[string]bool, len(due))
		for _, one := range due {
			f := h[a.ID(one)]
			there[a.ID(one)] = true
			switch {
			case f == nil:
				l.fresh = true
			case !f.until.After(now):
				l.again = append(l.again, one)
			}
		}
		if len(due) <= len(h) { // that is all: nobody plans the others any more
			maps.DeleteFunc(h, func(id string, _ *failing) bool { return !there[id] })
		}
		next, err := a.Plan(tx).Next()
		if !next.IsZero() {
			l.pause = min(max(next.Sub(now), time.Millisecond), longest)
		}
		if len(h) > 0 { // then the next may be one of these, and hide another
			l.pause = max(l.pause, whileHeld)
		}
		return err
	})
	return l, err
}

// take does some of what is due and has not failed, in the transaction that takes it,
// and says what that was, also when it failed.
func (a Agenda[T]) take(ctx context.Context, h held) ([]T, error) {
	return engine.Update(ctx, a.Store, func(tx engine.Tx) (mine []T, err error) {
		due, err := a.Plan(tx).Due(a.Clock(), together+len(h))
		if err != nil {
			return nil, err
		}
		for _, one := range due {
			if h[a.ID(one)] == nil && len(mine) < together {
				mine = append(mine, one)
			}
		}
		for _, one := range mine {
			if err := a.one(tx, one); err != nil {
				return mine, err
			}
		}
		return mine, nil
	})
}

// each does things one by one, and gives their errors.
func (a Agenda[T]) each(ctx context.Context, single []T) []error {
	errs := make([]error, len(single))
	var group sync.WaitGroup
	places := make(chan struct{}, together)
	for i, one := range single {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			if err := a.Store.Update(ctx, func(tx engine.Tx) error { return a.one(tx, one) }); err != nil {
				errs[i] = fmt.Errorf("%s: %w", a.Name(one), err)
			}
		})
	}
	group.Wait()
	return errs
}

func (a Agenda[T]) one(tx engine.Tx, one T) error {
	err := a.Plan(tx).Remove(a.ID(one))
	if engine.CodeOf(err) == engine.NotFound {
		return nil // it is not planned any more, or somebody else did it
	}
	if err != nil {
		return err
	}
	return a.Each(tx, one)
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
