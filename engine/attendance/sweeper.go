package attendance

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"parley/engine"
)

const (
	sweepEvery = 10 * time.Second
	// gap is a pause between two sweeps after which the time before counts for
	// nothing: the machine slept, or the store was out of reach.
	gap = time.Minute
)

// Sweeper looks after the conversations of agents who are not there. Any number
// of them may work on one store; what one has given back, the others find done.
type Sweeper struct {
	Rules
	Log *slog.Logger

	// Only Run's goroutine uses these.
	watching time.Time // since when it looks without a gap
	last     time.Time
}

// Run sweeps until ctx ends, and then returns nil.
func (s *Sweeper) Run(ctx context.Context) error {
	return engine.Every(ctx, sweepEvery, func() { s.Sweep(ctx) })
}

// Sweep looks once at every brand. A sweep that fails in part is a gap: what
// kept it from reading or writing has kept agents from showing that they are there.
func (s *Sweeper) Sweep(ctx context.Context) {
	now := s.Clock()
	if s.watching.IsZero() || now.Sub(s.last) > gap || now.Before(s.last) {
		s.watching = now
	}
	s.last = now
	if err := s.all(ctx); err != nil && ctx.Err() == nil {
		s.watching = now
		s.Log.Error("looking after absent agents failed", "error", err)
	}
}

func (s *Sweeper) all(ctx context.Context) error {
	var agents [][2]string // brand and agent
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		agents = nil
		brands, err := tx.Brands().List()
		if err != nil {
			return err
		}
		for _, b := range brands {
			load, err := tx.Conversations().Load(b.ID)
			if err != nil {
				return err
			}
			for _, agent := range slices.Sorted(maps.Keys(load)) {
				agents = append(agents, [2]string{b.ID, agent})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range agents {
		n, err := s.sweep(ctx, a[0], a[1], func(conv engine.Conversation, u *engine.User, d engine.DeskSettings) engine.NoticeKind {
			return Leaves(conv, u, d, s.Clock(), s.watching)
		})
		if n > 0 {
			s.Log.Info("conversations went back to the queue", "brand", a[0], "agent", a[1], "count", n)
		}
		if err != nil {
			return fmt.Errorf("agent %s: %w", a[1], err)
		}
	}
	return nil
}
