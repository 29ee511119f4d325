package outbox

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// Worker performs outbox items.
type Worker struct {
	Store      engine.Store
	Bus        engine.Bus
	Clock      engine.Clock
	Catalog    *catalog.Catalog
	Writer     conversation.Writer
	Connectors map[engine.ChannelKind]engine.Connector
	Fetch      Fetch
	Policy     Policy
	Log        *slog.Logger
	Parallel   int           // sends at once
	Poll       time.Duration // how often it looks by itself; a second if zero
	// Far says that a look at the store takes as long as a claim: nobody looks whether
	// there is something to claim.
	Far bool
	// CallbackURL is where a channel's provider reports about an item.
	CallbackURL func(channel, item string) string
	// Observe is told how each send ended; nil is fine.
	Observe func(kind engine.ChannelKind, class engine.SendClass, took time.Duration)
	// Watch is told now and then which channels are not well; nil is fine.
	Watch func([]engine.Circuit)
}

// Recover takes over what an earlier process had begun: sends become unsure,
// look-ups are due again. Only a process that knows it is alone on its store
// may call it, before Run.
func (w *Worker) Recover(ctx context.Context) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		now := w.Clock()
		if err := w.resume(tx, now); err != nil {
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
	poll := time.NewTicker(cmp.Or(w.Poll, time.Second))
	defer poll.Stop()
	defer f.group.Wait()
	// A send outlives the stop signal: cutting it would only make it unsure.
	sendCtx := context.WithoutCancel(ctx)
	w.sweep(ctx, sendCtx, f)
	w.attend(ctx)
	for {
		f.more.Store(true)
		for room := f.room(); room > 0; room = f.room() {
			limit := min(room, maxClaim)
			items, err := w.claim(ctx, limit)
			if err != nil && ctx.Err() == nil {
				w.Log.Error("claiming from the outbox", "error", err)
			}
			for _, item := range items {
				f.begin(w.guarded(item, func(s *slot) error { return w.perform(ctx, sendCtx, item, s) }))
			}
			if len(items) < limit { // everything that is due
				f.more.Store(err != nil)
				break
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-poll.C:
			w.sweep(ctx, sendCtx, f)
			w.attend(ctx)
		}
	}
}

// maxClaim bounds one transaction.
const maxClaim = 128

// claim leases due items.
func (w *Worker) claim(ctx context.Context, limit int) ([]engine.OutboxItem, error) {
	now := w.Clock()
	if !w.Far {
		at, err := engine.View(ctx, w.Store, func(tx engine.Tx) (time.Time, error) { return tx.Outbox().Next() })
		if err != nil || at.IsZero() || at.After(now) {
			return nil, err
		}
	}
	return engine.Update(ctx, w.Store, func(tx engine.Tx) ([]engine.OutboxItem, error) {
		return tx.Outbox().Claim(now, now.Add(w.Policy.Lease), limit)
	})
}

// guarded runs one item's turn. Whatever goes wrong in it, panics too, ends it
// and nothing else; the item is found again when its lease has ended.
func (w *Worker) guarded(item engine.OutboxItem, act func(*slot) error) func(*slot) {
	return func(s *slot) {
		err := func() (err error) {
			defer w.caught("an item's turn", item, &err)
			return act(s)
		}()
		if err != nil {
			w.Log.Error("an item was not settled", "item", item.ID, "conversation", item.Conversation, "error", err)
		}
	}
}

func (w *Worker) perform(ctx, sendCtx context.Context, item engine.OutboxItem, s *slot) error {
	if !s.enter(ctx, w.Policy.Lease/6) { // no slot in time, or we stop
		return w.giveBack(sendCtx, item, time.Time{})
	}
	if item.Kind == engine.OutboxHTTP {
		return w.fetch(sendCtx, item, s)
	}
	return w.send(sendCtx, item, s)
}

// giveBack makes an item pending again whose turn did not come: it found no
// slot while its lease left the time for a whole send, its channel waits, or it
// could not begin. It counts as no try. due is zero when it may begin at once.
func (w *Worker) giveBack(ctx context.Context, item engine.OutboxItem, due time.Time) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.Attempt != item.Attempt || cur.State != engine.OutboxLeased {
			return err
		}
		c, err := tx.Circuits().Get(item.Channel)
		if engine.UnlessGone(err) != nil {
			return err
		}
		if err := free(tx, w.Clock(), c, item.ID); err != nil {
			return err
		}
		cur.State, cur.LeaseUntil, cur.DueAt = engine.OutboxPending, time.Time{}, cmp.Or(due, cur.DueAt)
		return tx.Outbox().Save(cur)
	})
}
