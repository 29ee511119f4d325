package delivery

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"parley/engine"
	"parley/engine/receive"
	"parley/engine/texts"
)

// timeout bounds a send, so that its lease outlives it.
func (w *Worker) timeout() time.Duration { return w.Policy.Lease * 2 / 3 }

// send performs one provider send and settles it.
func (w *Worker) send(ctx context.Context, item engine.OutboxItem, s *slot) error {
	ch, con, err := w.connector(ctx, item)
	if err != nil {
		return w.settle(ctx, item, engine.Receipt{}, sendError(err))
	}
	if con.Capabilities().Keywords && !exempt(item.Content.Event) {
		out, err := w.optedOut(ctx, item)
		if err != nil {
			return w.settle(ctx, item, engine.Receipt{}, notBegun(err))
		}
		if out {
			return w.settle(ctx, item, engine.Receipt{}, &engine.SendError{
				Class: engine.SendOptedOut, Message: "The consumer has opted out with STOP.",
			})
		}
	}
	began := time.Now()
	sending, cancel := context.WithTimeout(ctx, w.timeout())
	receipt, err := w.attempt(sending, con, ch, w.outbound(item))
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
		w.Log.Warn("send failed", "item", item.ID, "channel", ch.ID, "class", failed.Class, "code", failed.Code, "attempt", item.Attempt)
	}
	return w.settle(ctx, item, receipt, failed)
}

// attempt sends. A connector that panics may have sent, and must not take
// everybody else's sends with it.
func (w *Worker) attempt(ctx context.Context, con engine.Connector, ch engine.Channel, out engine.Outbound) (r engine.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.Log.Error("a connector panicked", "item", out.Item, "channel", ch.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("the connector panicked: %v", p)
		}
	}()
	return con.Send(ctx, ch, out)
}

// exempt are the answers that the law wants even after STOP.
func exempt(event string) bool { return event == texts.OptedOut || event == texts.Help }

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
		Item: item.ID, To: item.To, Content: item.Content, FirstTried: item.CreatedAt,
		CallbackURL: w.CallbackURL(item.Channel, item.ID),
	}
}

func (w *Worker) optedOut(ctx context.Context, item engine.OutboxItem) (bool, error) {
	var c engine.Consent
	err := w.Store.View(ctx, func(tx engine.Tx) (err error) {
		c, err = tx.Consumers().Consent(item.Brand, item.Channel, item.To)
		if engine.CodeOf(err) == engine.NotFound {
			err = nil
		}
		return err
	})
	return c.OptedOut, err
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

// settle writes what came of an attempt. A receipt that came first has won.
func (w *Worker) settle(ctx context.Context, item engine.OutboxItem, r engine.Receipt, failed *engine.SendError) error {
	// The outcome is written down even when the time for the send is over.
	err := w.Store.Update(context.WithoutCancel(ctx), func(tx engine.Tx) error {
		now := w.Clock()
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil {
			return err
		}
		if cur.Attempt != item.Attempt || (cur.State != engine.OutboxLeased && failed != nil) {
			return nil // another attempt, or a receipt, has settled it
		}
		if failed == nil {
			cur.State, cur.LeaseUntil = engine.OutboxDone, time.Time{}
			cur.ProviderID, cur.Receipt = r.ProviderID, cur.Receipt.Advance(r.State)
			if cur.Receipt != engine.Failed { // a report that came first says why
				cur.Failure = ""
			}
		} else {
			cur = w.Policy.settle(cur, now, failed)
			if err := optOut(tx, now, cur, failed); err != nil {
				return err
			}
		}
		if err := tx.Outbox().Save(cur); err != nil {
			return err
		}
		return receive.Advance(tx, now, cur)
	})
	w.wake()
	return err
}

func optOut(tx engine.Tx, now time.Time, item engine.OutboxItem, failed *engine.SendError) error {
	if failed.Class != engine.SendOptedOut || failed.Code == "" {
		return nil
	}
	return receive.OptOut(tx, now, item, failed.Code)
}

func (w *Worker) wake() { w.Bus.Publish(engine.Signal{Topic: engine.TopicEvents}) }
