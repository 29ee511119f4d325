package projection

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/log"
)

const (
	every     = time.Second // between two looks at the log: rows are that late at most
	batchSize = 256         // events applied in one transaction
	// maxPassed is how many events that a projection does not read it passes over
	// without noting so: an idle projection writes nothing.
	maxPassed = 10_000
)

// Runner applies the log to projections. Many processes may run the same ones:
// of two that apply the same events one fails and goes on behind the other.
type Runner struct {
	Store       engine.Store
	Projections []engine.Projection
	Log         *slog.Logger

	states map[string]*state // only Run uses it
}

// state is what a runner remembers of a projection.
type state struct {
	stored engine.Position
	passed engine.Cursor // none up to here and after stored is for the projection
	failed string        // what was logged last
}

// Run applies what comes until ctx ends, and then returns nil.
func (r *Runner) Run(ctx context.Context) error {
	return engine.Every(ctx, every, func() {
		for _, p := range r.Projections {
			r.tell(ctx, p, r.catchUp(ctx, p))
		}
	})
}

// CatchUp applies all that is in the log by now. It does not go with Run.
func (r *Runner) CatchUp(ctx context.Context) error {
	var errs []error
	for _, p := range r.Projections {
		errs = append(errs, r.catchUp(ctx, p))
	}
	return errors.Join(errs...)
}

// tell logs a failure once, however often it comes again.
func (r *Runner) tell(ctx context.Context, p engine.Projection, err error) {
	s := r.state(p)
	switch {
	case ctx.Err() != nil:
	case err == nil && s.failed != "":
		s.failed = ""
		r.Log.Info("a projection goes on", "projection", p.Name)
	case err != nil && err.Error() != s.failed:
		s.failed = err.Error()
		r.Log.Error("a projection does not go on", "projection", p.Name, "error", err)
	}
}

func (r *Runner) state(p engine.Projection) *state {
	if r.states == nil {
		r.states = map[string]*state{}
	}
	if r.states[p.Name] == nil {
		r.states[p.Name] = &state{}
	}
	return r.states[p.Name]
}

func (r *Runner) catchUp(ctx context.Context, p engine.Projection) error {
	for {
		more, err := r.step(ctx, p)
		if err != nil {
			return fmt.Errorf("projection %s: %w", p.Name, err)
		}
		if !more {
			return nil
		}
	}
}

// step applies the next events and says whether there may be more.
func (r *Runner) step(ctx context.Context, p engine.Projection) (more bool, err error) {
	var events []engine.Event
	var to engine.Cursor
	s := r.state(p)
	err = r.Store.View(ctx, func(tx engine.Tx) error {
		stored, err := tx.Projections().Position(p.Name)
		if err != nil {
			return err
		}
		if stored != s.stored {
			s.stored, s.passed = stored, 0
		}
		if stored.Version > p.Version {
			return engine.Errorf(engine.Conflict, "a newer parley has made its rows (version %d, this is %d)", stored.Version, p.Version)
		}
		after := max(stored.At, s.passed)
		if stored.Version < p.Version {
			after = 0
		}
		events, to, err = log.Page(tx, engine.EventFilter{After: after, Kinds: p.Kinds, Limit: batchSize})
		return err
	})
	begins := s.stored.Version < p.Version
	switch {
	case err != nil:
		return false, err
	case len(events) == 0 && !begins && to-s.stored.At < maxPassed:
		s.passed = to
		return false, nil
	}
	stale := false
	err = r.Store.Update(ctx, func(tx engine.Tx) error {
		rows := tx.Projections()
		if err := rows.Move(p.Name, s.stored, engine.Position{Version: p.Version, At: to}); err != nil {
			stale = engine.CodeOf(err) == engine.Conflict
			return err
		}
		stale = false
		if begins {
			if err := rows.Clear(p.Name); err != nil {
				return err
			}
		}
		if len(events) == 0 {
			return nil
		}
		return p.Apply(tx, events)
	})
	if stale {
		return true, nil // another process was faster
	}
	return len(events) == batchSize, err
}
