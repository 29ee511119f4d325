package outbox

import (
	"context"
	"errors"
	"time"

	"parley/engine"
	"parley/engine/receipt"
)

// sweep looks after items whose lease ran out and unsure items that are due.
func (w *Worker) sweep(ctx, sendCtx context.Context, f *flight) {
	now := w.Clock()
	room := f.room()
	if room <= 0 {
		return
	}
	items, err := engine.View(ctx, w.Store, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Outbox().Stale(now, min(room, maxClaim)) })
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("looking for lost sends", "error", err)
		}
		return
	}
	for _, item := range items {
		item, ours, err := w.takeOver(ctx, item, now)
		if err != nil {
			if ctx.Err() == nil {
				w.Log.Error("taking over a send", "item", item.ID, "conversation", item.Conversation, "error", err)
			}
			continue
		}
		if ours {
			f.begin(w.guarded(item, func(s *slot) error {
				// Without a slot in time the item is looked up when it is due again.
				if !s.enter(ctx, w.Policy.Lease/6) {
					return nil
				}
				return w.reconcile(sendCtx, item, s)
			}))
		}
	}
	if len(items) > 0 {
		f.poke() // some may be pending again
	}
}

// maxResumed bounds one start; what is beyond is due when its lease ends.
const maxResumed = 10_000

// resume makes unsure items due soon that were leased for a look-up which nobody
// does any more, and lets another item probe where one was cut off.
func (w *Worker) resume(tx engine.Tx, now time.Time) error {
	items, err := tx.Outbox().Stale(now.Add(w.Policy.Lease), maxResumed)
	if err != nil {
		return err
	}
	soon := now.Add(w.Policy.LookAfter)
	for _, item := range items {
		if item.State != engine.OutboxUnsure || !item.DueAt.After(soon) {
			continue
		}
		item.DueAt = soon
		if err := tx.Outbox().Save(item); err != nil {
			return err
		}
	}
	open, err := tx.Circuits().List("")
	if err != nil {
		return err
	}
	for _, c := range open {
		if !c.Open() || c.Probe == "" {
			continue
		}
		c.Probe, c.ProbeAt = "", soon
		if err := tx.Circuits().Save(c); err != nil {
			return err
		}
	}
	return nil
}

// takeOver leases a stale item so that no other process looks it up as well. A
// lost outside call is just pending again: its idempotency key is stable. A
// lost send that has only now been noticed waits first: its request may still be
// under way, and its answer, too.
func (w *Worker) takeOver(ctx context.Context, item engine.OutboxItem, now time.Time) (_ engine.OutboxItem, ours bool, err error) {
	ch, _, err := w.Catalog.Channel(ctx, item.Channel)
	if engine.UnlessGone(err) != nil {
		return item, false, err
	}
	l := w.Policy.limitsOf(ch)
	taken := item
	err = w.Store.Update(ctx, func(tx engine.Tx) error {
		ours = false
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.Attempt != item.Attempt || cur.State != item.State || cur.LeaseUntil != item.LeaseUntil || cur.DueAt != item.DueAt {
			return err
		}
		switch {
		case cur.Kind == engine.OutboxHTTP:
			cur.State, cur.DueAt, cur.LeaseUntil = engine.OutboxPending, now, time.Time{}
			cur.Tries++
		case cur.State == engine.OutboxLeased:
			if cur.Apart, err = apartAfterStop(tx, cur.Channel, l); err != nil {
				return err
			}
			cur = w.Policy.doubt(cur, now, "The gateway stopped during the send.")
		default:
			cur.DueAt = now.Add(w.Policy.Lease) // nobody else looks until then
			ours = true
		}
		if err := tx.Outbox().Save(cur); err != nil {
			return err
		}
		taken = cur
		if cur.Kind == engine.OutboxHTTP {
			return nil
		}
		return receipt.Advance(tx, now, cur)
	})
	return taken, err == nil && ours, err
}

// apartAfterStop is how far apart two look-ups must find nothing of a send that a stop of the gateway cut off. The
// stop closed the connection, which ends the work at a provider that is well; one that has just been slow or failing
// may go on with it.
func apartAfterStop(tx engine.Tx, channel string, l limits) (time.Duration, error) {
	switch _, err := tx.Circuits().Get(channel); {
	case engine.CodeOf(err) == engine.NotFound:
		return min(l.apart, maxSettled), nil
	case err != nil:
		return 0, err
	}
	return l.apart, nil
}

// errNoLookUp is what a connector says that cannot look up.
var errNoLookUp = errors.New("no look-up")

// reconcile finds out whether an unsure send happened.
func (w *Worker) reconcile(ctx context.Context, item engine.OutboxItem, s *slot) error {
	var r engine.Receipt
	ch, con, err := w.connector(ctx, item)
	if err == nil {
		r, err = w.lookUp(ctx, con, ch, item)
		s.leave()
	}
	return w.conclude(ctx, item, ch, r, err)
}

func (w *Worker) lookUp(ctx context.Context, con engine.Connector, ch engine.Channel, item engine.OutboxItem) (r engine.Receipt, err error) {
	defer w.caught("looking up", item, &err)
	rec, ok := con.(engine.Reconciler)
	if !ok {
		return r, errNoLookUp
	}
	var lost error // of our own store: what is not known to be another send may be this one
	known := func(providerID string) bool {
		found, err := engine.View(ctx, w.Store, func(tx engine.Tx) (bool, error) { return isTaken(tx, item, providerID) })
		lost = errors.Join(lost, err)
		return err != nil || found
	}
	asking, cancel := context.WithTimeout(ctx, w.timeout())
	defer cancel()
	if r, err = rec.Reconcile(asking, ch, w.outbound(item), known); lost != nil {
		err = lost
	}
	return r, err
}

// isTaken says whether a provider's message is another send.
func isTaken(tx engine.Tx, item engine.OutboxItem, providerID string) (bool, error) {
	other, err := tx.Outbox().ByProvider(item.Channel, providerID)
	return err == nil && other.ID != item.ID, engine.UnlessGone(err)
}

// conclude writes what a look-up found, unless a receipt was faster.
func (w *Worker) conclude(ctx context.Context, item engine.OutboxItem, ch engine.Channel, r engine.Receipt, found error) error {
	const untold = "The provider did not tell whether the message was sent."
	l := w.Policy.limitsOf(ch)
	// What was found out is written down even when the time for finding out is over.
	return w.Store.Update(context.WithoutCancel(ctx), func(tx engine.Tx) error {
		now := w.Clock()
		if err := keep(tx, item); err != nil {
			return err
		}
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.Attempt != item.Attempt || cur.State != engine.OutboxUnsure {
			return err
		}
		var none engine.ErrNotSent
		var gone *engine.SendError
		taken := false // since it was found
		if found == nil {
			if taken, err = isTaken(tx, cur, r.ProviderID); err != nil {
				return err
			}
		}
		switch {
		case found == nil && !taken:
			cur.State, cur.ProviderID, cur.Failure = engine.OutboxDone, r.ProviderID, ""
			if cur.Receipt = cur.Receipt.Advance(r.State); cur.Receipt == engine.Failed {
				cur.Failure = "The provider could not send it."
			}
		case errors.As(found, &none):
			cur = w.Policy.denied(cur, now, l)
		case errors.Is(found, errNoLookUp), errors.As(found, &gone) && gone.Class == engine.SendInvalid:
			cur = w.Policy.leave(cur, untold) // there is nobody to ask
		default:
			cur = w.Policy.unsure(cur, now, untold, l)
		}
		return w.write(tx, now, cur, nil)
	})
}
