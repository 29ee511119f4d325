package outbox

import (
	"cmp"
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

// late says that an item's lease leaves no time for the provider's answer any more: this
// process was stopped, or its machine slept, and another one may be at it by now.
func (w *Worker) late(item engine.OutboxItem) bool {
	return w.Clock().Add(w.timeout()).After(item.LeaseUntil)
}

// outcome is what came of an item's turn.
type outcome struct {
	receipt engine.Receipt
	failed  *engine.SendError // nil when it was sent
	asked   bool              // the provider was
	well    bool              // and its channel had no circuit before
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
	now, err := w.standing(ctx, item, con.Spec(), ch, &s.flight.reads)
	switch {
	case err != nil:
		return w.settle(ctx, item, ch, outcome{failed: notBegun(err)})
	case now.out:
		return w.settle(ctx, item, ch, outcome{failed: &engine.SendError{
			Class: engine.SendOptedOut, Message: "The consumer has opted out.",
		}})
	case now.closed != "":
		return w.settle(ctx, item, ch, outcome{failed: &engine.SendError{Class: engine.SendWindow, Message: now.closed}})
	case now.waits || w.late(item):
		return w.giveBack(ctx, item, time.Time{})
	}
	began := time.Now()
	sending, cancel := context.WithTimeout(ctx, w.timeout())
	r, err := w.attempt(sending, con, ch, item, now)
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
	err = w.settle(ctx, item, ch, outcome{receipt: r, failed: failed, asked: true, well: now.well})
	s.settled = err == nil && failed == nil && now.well
	return err
}

// attempt sends. A connector that panics may have sent, and must not take
// everybody else's sends with it.
func (w *Worker) attempt(ctx context.Context, con engine.Connector, ch engine.Channel, item engine.OutboxItem, now standing) (r engine.Receipt, err error) {
	defer w.caught("sending", item, &err)
	out := w.outbound(item)
	out.Author, out.HeardAt, out.Answers = now.author, now.heardAt, now.answers
	return con.Send(ctx, ch, out)
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
	return engine.Outbound{
		Item: item.ID, To: item.To, Content: item.Content, FirstTried: cmp.Or(item.TriedAt, item.CreatedAt), Lookups: item.Lookups,
		CallbackURL: w.CallbackURL(item.Channel, item.ID),
	}
}

// standing is what was so just before a send.
type standing struct {
	out   bool // the recipient has opted out
	waits bool // the channel's circuit has opened since the item was claimed
	well  bool // the channel has none
	about
}

func (w *Worker) standing(ctx context.Context, item engine.OutboxItem, spec engine.ChannelSpec, ch engine.Channel, r *reads) (now standing, err error) {
	if spec.Served {
		return standing{}, nil // a channel of our own
	}
	can, obeys := spec.Can(ch), !receipt.Exempt(item.Content.Event)
	view := func(fn func(engine.Tx) error) error { return w.Store.View(ctx, fn) }
	err = r.do(view, item, func(g *glance) error {
		now = standing{}
		if obeys {
			consent, err := g.Consumers().Consent(item.Brand, item.Channel, item.To)
			if engine.UnlessGone(err) != nil {
				return err
			}
			now.out = consent.OptedOut
		}
		if now.about, err = aboutOf(g, w.Clock(), item, can); err != nil {
			return err
		}
		c, err := g.circuit(item.Channel)
		now.waits, now.well = c.Open() && c.Probe != item.ID, err == nil && c.Channel == ""
		return err
	})
	return now, err
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
	ctx = context.WithoutCancel(ctx) // the outcome is written down even when the time for the send is over
	if o.failed == nil {             // and nearly always nothing else happened meanwhile, so that nothing need be read
		err := w.Store.Update(ctx, func(tx engine.Tx) error { return w.settleUnread(tx, item, ch, o) })
		if code := engine.CodeOf(err); code != engine.Conflict && code != engine.Unavailable { // which may have written it
			return err
		}
	}
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		now := w.Clock()
		if o.failed != nil {
			if err := keep(tx, item); err != nil {
				return err
			}
		}
		if err := w.learn(tx, now, item, ch, o); err != nil {
			return err
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
		cur = w.Policy.settle(cur, now, o.failed, w.Policy.limitsOf(ch))
		if err := atProbe(tx, now, &cur, o.failed); err != nil {
			return err
		}
		return w.write(tx, now, cur, o.failed)
	})
}

// settleUnread settles an item that was sent as if it and its message were as the claim
// left them: Conflict when they are not.
func (w *Worker) settleUnread(tx engine.Tx, item engine.OutboxItem, ch engine.Channel, o outcome) error {
	now, done := w.Clock(), sent(item, o.receipt)
	if err := w.learn(tx, now, item, ch, o); err != nil {
		return err
	}
	if err := tx.Outbox().Settle(item, done); err != nil {
		return err
	}
	return receipt.First(tx, now, done)
}

// atProbe has a send that failed with its channel due again at the next probe: its own
// pause may be longer, and then nobody would probe.
func atProbe(tx engine.Tx, now time.Time, item *engine.OutboxItem, failed *engine.SendError) error {
	if item.State != engine.OutboxPending || failed.Class != engine.SendRetry {
		return nil
	}
	c, err := tx.Circuits().Get(item.Channel)
	if err == nil && c.Open() {
		item.DueAt = engine.Earlier(item.DueAt, engine.Later(c.ProbeAt, now))
	}
	return engine.UnlessGone(err)
}

// keep has an item's conversation before the item and its line, as those have it who
// write to it: what becomes of the item may change it.
func keep(tx engine.Tx, item engine.OutboxItem) error {
	_, err := tx.Conversations().Get(item.Brand, item.Conversation)
	return engine.UnlessGone(err)
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
