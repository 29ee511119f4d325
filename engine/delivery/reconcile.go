package delivery

import (
	"context"
	"errors"
	"time"

	"parley/engine"
	"parley/engine/receive"
)

// sweep looks after items whose lease ran out and unsure items that are due.
func (w *Worker) sweep(ctx, sendCtx context.Context, f *flight) {
	now := w.Clock()
	room := f.room()
	if room <= 0 {
		return
	}
	var items []engine.OutboxItem
	err := w.Store.View(ctx, func(tx engine.Tx) (err error) {
		items, err = tx.Outbox().Stale(now, min(room, maxClaim))
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("looking for lost sends", "error", err)
		}
		return
	}
	for _, item := range items {
		if item, ok := w.takeOver(ctx, item, now); ok {
			f.begin(func(s *slot) {
				// Without a slot in time the item is looked up when it is due again.
				if !s.enter(sendCtx, w.Policy.Lease/6) {
					return
				}
				if err := w.reconcile(sendCtx, item, s); err != nil {
					w.Log.Error("reconciling a send", "item", item.ID, "error", err)
				}
			})
		}
	}
	if len(items) > 0 {
		f.poke() // some may be pending again
	}
}

// maxResumed bounds one start; what is beyond is due when its lease ends.
const maxResumed = 10_000

// resumeLookUps makes unsure items due soon that were leased for a look-up
// which nobody does any more.
func (w *Worker) resumeLookUps(tx engine.Tx, now time.Time) error {
	items, err := tx.Outbox().Stale(now.Add(w.Policy.Lease), maxResumed)
	if err != nil {
		return err
	}
	soon := now.Add(w.Policy.ReconcileAfter)
	for _, item := range items {
		if item.State != engine.OutboxUnsure || !item.DueAt.After(soon) {
			continue
		}
		item.DueAt = soon
		if err := tx.Outbox().Save(item); err != nil {
			return err
		}
	}
	return nil
}

// takeOver leases a stale item so that no other process looks it up as well. A
// lost outside call is just pending again: its idempotency key is stable. A
// lost send that has only now been noticed waits first, because its answer may
// still be on its way.
func (w *Worker) takeOver(ctx context.Context, item engine.OutboxItem, now time.Time) (engine.OutboxItem, bool) {
	ours := false
	err := w.Store.Update(ctx, func(tx engine.Tx) error {
		ours = false
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.Attempt != item.Attempt || cur.State != item.State || cur.LeaseUntil != item.LeaseUntil || cur.DueAt != item.DueAt {
			return err
		}
		switch {
		case cur.Kind == engine.OutboxHTTP:
			cur.State, cur.DueAt = engine.OutboxPending, now
		case cur.State == engine.OutboxLeased:
			cur.State, cur.DueAt = engine.OutboxUnsure, now.Add(w.Policy.ReconcileAfter)
			cur.Receipt, cur.Failure = cur.Receipt.Advance(engine.Unknown), "The gateway stopped during the send."
		default:
			cur.DueAt = now.Add(w.Policy.Lease) // nobody else looks until then
			ours = true
		}
		if err := tx.Outbox().Save(cur); err != nil {
			return err
		}
		item = cur
		if cur.Kind == engine.OutboxHTTP {
			return nil
		}
		return receive.Advance(tx, now, cur)
	})
	return item, err == nil && ours
}

// reconcile finds out whether an unsure send happened.
func (w *Worker) reconcile(ctx context.Context, item engine.OutboxItem, s *slot) error {
	ch, con, err := w.connector(ctx, item)
	if err != nil {
		return w.conclude(ctx, item, engine.Receipt{}, err)
	}
	rec, ok := con.(engine.Reconciler)
	if !ok {
		item.Reconciles = maxReconciles
		return w.conclude(ctx, item, engine.Receipt{}, errors.New("no look-up"))
	}
	known := func(providerID string) bool {
		found := false
		err := w.Store.View(ctx, func(tx engine.Tx) error {
			other, err := tx.Outbox().ByProvider(item.Channel, providerID)
			found = err == nil && other.ID != item.ID
			return nil
		})
		return err != nil || found
	}
	asking, cancel := context.WithTimeout(ctx, w.timeout())
	receipt, err := rec.Reconcile(asking, ch, w.outbound(item), known)
	cancel()
	s.leave()
	return w.conclude(ctx, item, receipt, err)
}

// conclude writes what a look-up found, unless a receipt was faster.
func (w *Worker) conclude(ctx context.Context, item engine.OutboxItem, r engine.Receipt, found error) error {
	// What was found out is written down even when the time for finding out is over.
	err := w.Store.Update(context.WithoutCancel(ctx), func(tx engine.Tx) error {
		now := w.Clock()
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.Attempt != item.Attempt || cur.State != engine.OutboxUnsure {
			return err
		}
		var none engine.ErrNotSent
		switch {
		case found == nil:
			cur.State, cur.ProviderID, cur.Failure = engine.OutboxDone, r.ProviderID, ""
			if cur.Receipt = cur.Receipt.Advance(r.State); cur.Receipt == engine.Failed {
				cur.Failure = "The provider could not send it."
			}
		case errors.As(found, &none):
			cur = w.Policy.notSent(cur, now)
		default:
			cur.Reconciles = max(cur.Reconciles, item.Reconciles)
			cur = w.Policy.unsure(cur, now, "The provider did not tell whether the message was sent.")
		}
		if err := tx.Outbox().Save(cur); err != nil {
			return err
		}
		return receive.Advance(tx, now, cur)
	})
	w.wake()
	return err
}
