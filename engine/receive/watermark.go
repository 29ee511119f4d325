package receive

import (
	"context"

	"parley/engine"
)

// mostBehind bounds how many messages of the thread one receipt for all up to a time is
// held against: the newest. What is older was told of by an earlier one.
const mostBehind = 50

// upTo joins a receipt that names no message, but a time, into all that was sent to the
// address up to then.
func (r *Receiver) upTo(ctx context.Context, ch engine.Channel, st engine.StatusUpdate) error {
	if st.State != engine.Delivered && st.State != engine.Read {
		return nil // of a failure it is not known whose it is
	}
	return again(func() error {
		return r.Store.Update(ctx, func(tx engine.Tx) error {
			c, err := tx.Consumers().ByAddress(ch.Brand, ch.Kind, st.Address)
			if err != nil {
				return engine.UnlessGone(err)
			}
			thread, err := tx.Messages().Thread(ch.Brand, c.ID, "", mostBehind)
			if err != nil {
				return err
			}
			for _, m := range thread {
				if !toConsumer(m, ch) || m.State.Advance(st.State) == m.State {
					continue
				}
				if err := r.passed(tx, m, st); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// passed joins the receipt into the parts of a message that were sent by then: each was
// tried when it was due, or later.
func (r *Receiver) passed(tx engine.Tx, m engine.Message, st engine.StatusUpdate) error {
	parts, err := tx.Sends().Of(m.ID)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if p.State != engine.OutboxDone || p.To != st.Address || engine.Later(p.TriedAt, p.DueAt).After(st.Until) {
			continue
		}
		if p, err = tx.Outbox().Get(p.ID); err != nil {
			return err
		}
		if err := r.apply(tx, r.Clock(), p, engine.StatusUpdate{State: st.State}); err != nil {
			return err
		}
	}
	return nil
}
