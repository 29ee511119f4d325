package delivery

import (
	"context"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/catalog"
)

// Worker performs outbox items.
type Worker struct {
	Store      engine.Store
	Bus        engine.Bus
	Clock      engine.Clock
	Catalog    *catalog.Catalog
	Connectors map[engine.ChannelKind]engine.Connector
	Fetch      Fetch
	Policy     Policy
	Log        *slog.Logger
	Parallel   int // sends at once
	// CallbackURL is where a channel's provider reports about an item.
	CallbackURL func(channel, item string) string
	// Observe is told how each send ended; nil is fine.
	Observe func(kind engine.ChannelKind, class engine.SendClass, took time.Duration)
}

const pollEvery = time.Second

// Recover takes over what an earlier process had begun: sends become unsure,
// look-ups are due again. Only a process that knows it is alone on its store
// may call it, before Run.
func (w *Worker) Recover(ctx context.Context) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		now := w.Clock()
		if err := w.resumeLookUps(tx, now); err != nil {
			return err
		}
		return tx.Outbox().Expire(now)
	})
}

// Run works until ctx ends, then waits for the sends that it has begun.
func (w *Worker) Run(ctx context.Context) error {
	f := newFlight(w.Parallel)
	cancel := w.Bus.Subscribe(engine.TopicDelivery, func(engine.Signal) { f.poke() })
	defer cancel()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	defer f.group.Wait()
	// A send outlives the stop signal: cutting it would only make it unsure.
	sendCtx := context.WithoutCancel(ctx)
	w.sweep(ctx, sendCtx, f)
	for {
		for room := f.room(); room > 0; room = f.room() {
			limit := min(room, maxClaim)
			items, err := w.claim(ctx, limit)
			if err != nil && ctx.Err() == nil {
				w.Log.Error("claiming from the outbox", "error", err)
			}
			for _, item := range items {
				f.begin(func(s *slot) { w.perform(sendCtx, item, s) })
			}
			if len(items) < limit {
				break // everything that is due
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-poll.C:
			w.sweep(ctx, sendCtx, f)
		}
	}
}

// maxClaim bounds one transaction.
const maxClaim = 128

// claim leases due items.
func (w *Worker) claim(ctx context.Context, limit int) ([]engine.OutboxItem, error) {
	now := w.Clock()
	due := false
	err := w.Store.View(ctx, func(tx engine.Tx) error {
		at, err := tx.Outbox().Next()
		due = !at.IsZero() && !at.After(now)
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	var items []engine.OutboxItem
	err = w.Store.Update(ctx, func(tx engine.Tx) (err error) {
		items, err = tx.Outbox().Claim(now, now.Add(w.Policy.Lease), limit)
		return err
	})
	return items, err
}

func (w *Worker) perform(ctx context.Context, item engine.OutboxItem, s *slot) {
	act := w.send
	if item.Kind == engine.OutboxHTTP {
		act = w.fetch
	}
	var err error
	if s.enter(ctx, w.Policy.Lease/6) {
		err = act(ctx, item, s)
	} else {
		err = w.giveBack(ctx, item)
	}
	if err != nil {
		w.Log.Error("settling a send", "item", item.ID, "conversation", item.Conversation, "error", err)
	}
}

// giveBack makes an item pending again that found no slot while its lease
// still left the time for a whole send.
func (w *Worker) giveBack(ctx context.Context, item engine.OutboxItem) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.Attempt != item.Attempt || cur.State != engine.OutboxLeased {
			return err
		}
		cur.State, cur.LeaseUntil = engine.OutboxPending, time.Time{}
		return tx.Outbox().Save(cur)
	})
}
