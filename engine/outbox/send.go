package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"parley/engine"
	"parley/engine/receipt"
)

// timeout bounds a send, so that its lease outlives it.
func (w *Worker) timeout() time.Duration { return w.Policy.Lease * 2 / 3 }

// outcome is what came of an item's turn.
type outcome struct {
	receipt engine.Receipt
	failed  *engine.SendError // nil when it was sent
	asked   bool              // the provider was
}

// send performs one provider send and settles it.
func (w *Worker) send(ctx context.Context, item engine.OutboxItem, s *slot) error {
	ch, con, err := w.connector(ctx, item)
	if err != nil {
		return w.settle(ctx, item, ch, outcome{failed: sendError(err)})
	}
	if l := w.Policy.limitsOf(ch); l.overdue(item, w.Clock()) {
		return w.settle(ctx, item, ch, outcome{failed: &engine.SendError{Class: engine.SendRetry, Message: item.Failure}})
	}
	out, waits, err := w.standing(ctx, item, con.Spec().Can(ch), &s.flight.reads)
	switch {
	case err != nil:
		return w.settle(ctx, item, ch, outcome{failed: notBegun(err)})
	case out:
		return w.settle(ctx, item, ch, outcome{failed: &engine.SendError{
			Class: engine.SendOptedOut, Message: "The consumer has opted out with STOP.",
		}})
	case waits:
		return w.giveBack(ctx, item)
	}
	began := time.Now()
	sending, cancel := context.WithTimeout(ctx, w.timeout())
	r, err := w.attempt(sending, con, ch, item)
	cancel()
	s.leave()
	failed := sendError(err)
	if w.Observe != nil {
		class := engine.SendClass("ok")
		if failed != nil {
			class = failed.Class
		}
		w.Observe(ch.Kind, class, time.Since(began))
	}
	if failed != nil {
		w.Log.Warn("send failed", "item", item.ID, "channel", ch.ID, "class", failed.Class, "code", failed.Code, "tries", item.Tries+1)
	}
	return w.settle(ctx, item, ch, outcome{receipt: r, failed: failed, asked: true})
}

// attempt sends. A connector that panics may have sent, and must not take
// everybody else's sends with it.
func (w *Worker) attempt(ctx context.Context, con engine.Connector, ch engine.Channel, item engine.OutboxItem) (r engine.Receipt, err error) {
	defer w.caught("sending", item, &err)
	return con.Send(ctx, ch, w.outbound(item))
}

// caught turns a panic into an error of one item's try.
func (w *Worker) caught(doing string, item engine.OutboxItem, err *error) {
	if p := recover(); p != nil {
		w.Log.Error("panic", "doing", doing, "item", item.ID, "channel", item.Channel, "panic", p, "stack", string(debug.Stack()))
		*err = fmt.Errorf("%s panicked: %v", doing, p)
	}
}

func (w *Worker) connector(ctx context.Context, item engine.OutboxItem) (engine.Channel, engine.Connector, error) {
	ch, _, err := w.Catalog.Channel(ctx, item.Channel)
	if engine.CodeOf(err) == engine.NotFound {
		return ch, nil, &engine.SendError{Class: engine.SendInvalid, Message: "The channel was removed."}
	}
	if err != nil {
		return ch, nil, notBegun(err)
	}
	con, ok := w.Connectors[ch.Kind]
	if !ok {
		return ch, nil, &engine.SendError{Class: engine.SendInvalid, Message: "No connector serves this channel."}
	}
	return ch, con, nil
}

func (w *Worker) outbound(item engine.OutboxItem) engine.Outbound {
	first := item.TriedAt
	if first.IsZero() {
		first = item.CreatedAt
	}
	return engine.Outbound{
		Item: item.ID, To: item.To, Content: item.Content, FirstTried: first,
		CallbackURL: w.CallbackURL(item.Channel, item.ID),
	}
}

// standing says whether the recipient has opted out, and whether the channel's
// circuit has opened since the item was claimed.
func (w *Worker) standing(ctx context.Context, item engine.OutboxItem, can engine.Capabilities, r *reads) (out, waits bool, err error) {
	keywords := can.Keywords && !receipt.Exempt(item.Content.Event)
	if !keywords && !can.Webhook {
		return false, false, nil // a channel of our own
	}
	view := func(fn func(engine.Tx) error) error { return w.Store.View(ctx, fn) }
	err = r.do(view, func(tx engine.Tx) error {
		if keywords {
			consent, err := tx.Consumers().Consent(item.Brand, item.Channel, item.To)
			if ignore(err) != nil {
				return err
			}
			out = consent.OptedOut
		}
		c, err := tx.Circuits().Get(item.Channel)
		waits = err == nil && c.Open() && c.Probe != item.ID
		return ignore(err)
	})
	return out, waits, err
}

// notBegun is our own failure before the provider was asked.
func notBegun(err error) *engine.SendError {
	return &engine.SendError{Class: engine.SendRetry, Message: "The gateway could not begin the send.", Cause: err}
}

// sendError classifies an error that a connector or we ourselves made. What
// nobody classified may have been sent.
func sendError(err error) *engine.SendError {
	if err == nil {
		return nil
	}
	var s *engine.SendError
	if errors.As(err, &s) {
		return s
	}
	return &engine.SendError{Class: engine.SendUnsure, Message: "The send ended in an unknown way.", Cause: err}
}

// settle writes what came of a try. A receipt that came first has won.
func (w *Worker) settle(ctx context.Context, item engine.OutboxItem, ch engine.Channel, o outcome) error {
	// The outcome is written down even when the time for the send is over.
	return w.Store.Update(context.WithoutCancel(ctx), func(tx engine.Tx) error {
		now := w.Clock()
		if err := w.learn(tx, now, item, ch, o); err != nil {
			return err
		}
		if o.failed == nil { // and nearly always no receipt came first, so that nothing need be read
			done := sent(item, o.receipt)
			ok, err := tx.Outbox().Settle(item, done)
			if err != nil {
				return err
			}
			if ok {
				return receipt.Advance(tx, now, done)
			}
		}
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil {
			return err
		}
		if cur.Attempt != item.Attempt || (cur.State != engine.OutboxLeased && o.failed != nil) {
			return nil // another attempt, or a receipt, has settled it
		}
		if o.failed == nil {
			return w.write(tx, now, sent(cur, o.receipt), nil)
		}
		if err := optOut(tx, now, cur, o.failed); err != nil {
			return err
		}
		return w.write(tx, now, w.Policy.settle(cur, now, o.failed, w.Policy.limitsOf(ch)), o.failed)
	})
}

// sent is an item that the provider has taken.
func sent(item engine.OutboxItem, r engine.Receipt) engine.OutboxItem {
	item.State, item.LeaseUntil = engine.OutboxDone, time.Time{}
	item.ProviderID, item.Receipt = r.ProviderID, item.Receipt.Advance(r.State)
	if item.Receipt != engine.Failed { // a report that came first says why
		item.Failure = ""
	}
	return item
}

// write saves an item and what it means for its message and conversation.
func (w *Worker) write(tx engine.Tx, now time.Time, item engine.OutboxItem, failed *engine.SendError) error {
	if err := tx.Outbox().Save(item); err != nil {
		return err
	}
	if err := receipt.Advance(tx, now, item); err != nil {
		return err
	}
	if item.State != engine.OutboxFailed {
		return nil
	}
	l := receipt.Loss{Item: item}
	if failed != nil {
		l.Class, l.Code = failed.Class, failed.Code
	}
	return receipt.Lost(tx, w.Writer, now, l)
}

func optOut(tx engine.Tx, now time.Time, item engine.OutboxItem, failed *engine.SendError) error {
	if failed.Class != engine.SendOptedOut || failed.Code == "" {
		return nil
	}
	return receipt.OptOut(tx, now, item, failed.Code)
}
