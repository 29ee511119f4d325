package retention

import (
	"context"
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
	batch = 200         // rows that one transaction looks at
	pause = time.Second // between transactions: intake goes first
	most  = 2000        // transactions of one sweep of a brand
)

// Run sweeps now and then until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := w.Sweep(ctx, pause); err != nil && ctx.Err() == nil {
			w.Log.Error("removing what is no longer kept", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep removes what is over, with a pause between transactions that removed something.
func (w *Worker) Sweep(ctx context.Context, pause time.Duration) error {
	var brands []engine.Brand
	err := w.Store.View(ctx, func(tx engine.Tx) (err error) {
		brands, err = tx.Brands().List()
		return err
	})
	if err != nil {
		return err
	}
	for _, b := range brands {
		sends, journals, conversations := b.Settings.Retention.Before(w.Clock())
		for _, sweep := range []struct {
			before time.Time
			step   func(ctx context.Context, brand string, before time.Time) (more bool, err error)
		}{{sends, w.sends}, {journals, w.journals}, {conversations, w.conversations}} {
			if sweep.before.IsZero() {
				continue
			}
			for range most {
				more, err := sweep.step(ctx, b.ID, sweep.before)
				if err != nil {
					return err
				}
				if !more {
					break
				}
				if !wait(ctx, pause) {
					return ctx.Err()
				}
			}
		}
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
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
