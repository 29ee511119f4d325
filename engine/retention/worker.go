package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/lease"
)

// Index is what finds conversations.
type Index interface {
	// Forget takes conversations out, and runs then before anything new comes in.
	Forget(ctx context.Context, brand string, conversations []string, then func() error) error
}

// Worker sweeps all brands. Any number may run, on one store one of them at a time.
type Worker struct {
	Store engine.Store
	Clock engine.Clock
	Index Index
	Log   *slog.Logger
	// Leases let one process at a time sweep; nil for a process that is alone.
	Leases *lease.Keeper
	// KeepEvents is for how long the log is kept; 0 is forever.
	KeepEvents time.Duration
}

const (
	every = time.Hour
	batch = 200 // rows that one transaction looks at
	share = 10  // a sweep takes one part of so many of the writer's time: intake goes first
)

// Run sweeps now and then until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	return engine.Every(ctx, every, func() {
		if err := w.Sweep(ctx); err != nil && ctx.Err() == nil {
			w.Log.Error("removing what is no longer kept", "error", err)
		}
	})
}

// Sweep removes all that is over. It rests after each transaction in proportion to
// what that took, so that a backlog of any size is worked off, and nobody waits for it.
func (w *Worker) Sweep(ctx context.Context) error {
	held, err := w.Leases.Take(ctx, "retention")
	if err != nil || held == nil {
		return err
	}
	if err = w.sweep(ctx, held); errors.Is(err, lease.ErrLost) {
		return nil // and goes on there
	}
	return errors.Join(err, held.Release(context.WithoutCancel(ctx)))
}

func (w *Worker) sweep(ctx context.Context, held *lease.Held) error {
	brands, err := engine.View(ctx, w.Store, func(tx engine.Tx) ([]engine.Brand, error) { return tx.Brands().List() })
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
				if err := rest(ctx, held, began); err != nil {
					return err
				}
			}
		}
	}
	return errors.Join(failed, w.events(ctx, held))
}

// rest leaves the writer to others for as long as a step deserves, and keeps the lease.
func rest(ctx context.Context, held *lease.Held, began time.Time) error {
	if !engine.Sleep(ctx, (share-1)*time.Since(began)) {
		return ctx.Err()
	}
	return held.Renew(ctx)
}

// events removes the log's beginning: that of all brands, whose events lie together.
func (w *Worker) events(ctx context.Context, held *lease.Held) error {
	if w.KeepEvents == 0 {
		return nil
	}
	before := w.Clock().Add(-w.KeepEvents)
	for {
		began := time.Now()
		n, err := engine.Update(ctx, w.Store, func(tx engine.Tx) (int, error) { return tx.Events().Drop(before, batch) })
		if err != nil {
			return fmt.Errorf("the log: %w", err)
		}
		if n == 0 {
			return nil
		}
		if err := rest(ctx, held, began); err != nil {
			return err
		}
	}
}

func (w *Worker) sends(ctx context.Context, brand string, before time.Time) (more bool, err error) {
	return engine.Update(ctx, w.Store, func(tx engine.Tx) (bool, error) { return tx.Retention().Sends(brand, before, batch) })
}

func (w *Worker) journals(ctx context.Context, brand string, before time.Time) (more bool, err error) {
	return engine.Update(ctx, w.Store, func(tx engine.Tx) (bool, error) { return tx.Retention().Journals(brand, before, batch) })
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
