package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/engine"
)

// Index is what finds conversations.
type Index interface {
	// Forget takes conversations out, and runs then before anything new comes in.
	Forget(ctx context.Context, brand string, conversations []string, then func() error) error
}

// Worker sweeps all brands. Any number may run: a sweep that two do at once removes nothing more.
type Worker struct {
	Store engine.Store
	Clock engine.Clock
	Index Index
	Log   *slog.Logger
}

const (
	every = time.Hour
	batch = 200 // rows that one transaction looks at
	share = 10  // a sweep takes one part of so many of the writer's time: intake goes first
)

// Run sweeps now and then until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := w.Sweep(ctx); err != nil && ctx.Err() == nil {
			w.Log.Error("removing what is no longer kept", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep removes all that is over. It rests after each transaction in proportion to
// what that took, so that a backlog of any size is worked off, and nobody waits for it.
func (w *Worker) Sweep(ctx context.Context) error {
	var brands []engine.Brand
	err := w.Store.View(ctx, func(tx engine.Tx) (err error) {
		brands, err = tx.Brands().List()
		return err
	})
	if err != nil {
		return err
	}
	var failed error // one brand's trouble is not the next one's
	for _, b := range brands {
		sends, journals, conversations := b.Settings.Retention.Before(w.Clock())
		for _, sweep := range []struct {
			before time.Time
			step   func(ctx context.Context, brand string, before time.Time) (more bool, err error)
		}{{sends, w.sends}, {journals, w.journals}, {conversations, w.conversations}} {
			if sweep.before.IsZero() {
				continue
			}
			for more := true; more; {
				began := time.Now()
				if more, err = sweep.step(ctx, b.ID, sweep.before); err != nil {
					failed = errors.Join(failed, fmt.Errorf("brand %s: %w", b.ID, err))
					break
				}
				if !wait(ctx, (share-1)*time.Since(began)) {
					return ctx.Err()
				}
			}
		}
	}
	return failed
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (w *Worker) sends(ctx context.Context, brand string, before time.Time) (more bool, err error) {
	err = w.Store.Update(ctx, func(tx engine.Tx) (err error) {
		more, err = tx.Retention().Sends(brand, before, batch)
		return err
	})
	return more, err
}

func (w *Worker) journals(ctx context.Context, brand string, before time.Time) (more bool, err error) {
	err = w.Store.Update(ctx, func(tx engine.Tx) (err error) {
		more, err = tx.Retention().Journals(brand, before, batch)
		return err
	})
	return more, err
}

// conversations empties a batch, one after the other, so that nobody waits long.
func (w *Worker) conversations(ctx context.Context, brand string, before time.Time) (more bool, err error) {
	var ids []string
	var mark engine.RetentionMark
	err = w.Store.View(ctx, func(tx engine.Tx) (err error) {
		ids, mark, err = tx.Retention().Conversations(brand, before, batch)
		return err
	})
	if err != nil || len(ids) == 0 {
		return false, err
	}
	for _, id := range ids {
		err := w.Index.Forget(ctx, brand, []string{id}, func() error {
			return w.Store.Update(ctx, func(tx engine.Tx) error {
				_, err := tx.Erasure().Conversation(brand, id)
				return err
			})
		})
		if err != nil {
			return false, err
		}
	}
	err = w.Store.Update(ctx, func(tx engine.Tx) error { return tx.Retention().Reached(brand, mark) })
	return len(ids) == batch, err
}
