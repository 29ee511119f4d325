package memory

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"parley/engine"
)

// Store is an engine.Store in memory. One update runs at a time; views read
// what was committed when they began, and hold up nobody. A store that is no
// longer used needs no Close.
type Store struct {
	turn      chan struct{}      // who takes its one entry may update
	committed atomic.Pointer[tx] // of the last update: what views read
	updates   int64              // how many have begun; of who has the turn
	publish   atomic.Pointer[func(engine.Signal)]
	closed    atomic.Bool
}

// New makes an empty store, a *Store.
func New() engine.Store {
	s := &Store{turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	s.committed.Store(&tx{readOnly: true})
	return s
}

var errClosed = engine.Errorf(engine.Unavailable, "the store is closed")

// View runs fn on what is committed now.
func (s *Store) View(ctx context.Context, fn func(engine.Tx) error) error {
	if s.closed.Load() {
		return errClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(s.committed.Load())
}

// Update runs fn once, on a copy that takes the place of what is committed when
// fn succeeds.
func (s *Store) Update(ctx context.Context, fn func(engine.Tx) error) error {
	signals, err := s.update(ctx, fn)
	if publish := s.publish.Load(); publish != nil && err == nil {
		for _, one := range signals {
			(*publish)(one)
		}
	}
	return err
}

func (s *Store) update(ctx context.Context, fn func(engine.Tx) error) ([]engine.Signal, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-s.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { s.turn <- struct{}{} }()
	if s.closed.Load() {
		return nil, errClosed
	}
	s.updates++
	t := &tx{state: s.committed.Load().state, number: s.updates}
	if err := call(fn, t); err != nil {
		return nil, err
	}
	signals := t.signals
	t.readOnly, t.signals = true, nil
	s.committed.Store(t)
	return signals, nil
}

// Notify says where the wake-ups of updates go.
func (s *Store) Notify(publish func(engine.Signal)) { s.publish.Store(&publish) }

// call runs one update; a panic is its error.
func call(fn func(engine.Tx) error, t *tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = engine.Errorf(engine.Internal, "an update panicked").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return fn(t)
}

// Close waits for the update that runs. What is committed is gone.
func (s *Store) Close() error {
	<-s.turn
	s.closed.Store(true)
	s.turn <- struct{}{}
	return nil
}
