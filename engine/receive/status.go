package receive

import (
	"context"
	"time"

	"parley/engine"
	"parley/engine/receipt"
)

// Status stores one receipt. Receipts arrive in any order, twice, for sends
// of somebody else, and before our own send has returned.
func (r *Receiver) Status(ctx context.Context, ch engine.Channel, st engine.StatusUpdate) error {
	if !st.Until.IsZero() && st.Address != "" {
		return r.upTo(ctx, ch, st)
	}
	// A loss may change the conversation, whose row comes before its line of sends, as for
	// those who write to it.
	var of engine.OutboxItem
	if st.State == engine.Failed {
		var err error
		of, err = engine.View(ctx, r.Store, func(tx engine.Tx) (engine.OutboxItem, error) { return find(tx, ch, st) })
		if err != nil {
			return engine.UnlessGone(err)
		}
	}
	return again(func() error {
		return r.Store.Update(ctx, func(tx engine.Tx) error {
			if of.ID != "" {
				if _, err := tx.Conversations().Get(of.Brand, of.Conversation); engine.UnlessGone(err) != nil {
					return err
				}
			}
			item, err := find(tx, ch, st)
			if engine.CodeOf(err) == engine.NotFound {
				return nil
			}
			if err != nil {
				return err
			}
			return r.apply(tx, r.Clock(), item, st)
		})
	})
}

func find(tx engine.Tx, ch engine.Channel, st engine.StatusUpdate) (engine.OutboxItem, error) {
	if st.Item != "" {
		item, err := tx.Outbox().Get(st.Item)
		if err == nil && (item.Channel != ch.ID || item.Kind != engine.OutboxMessage) {
			return item, engine.Errorf(engine.NotFound, "The send belongs to another channel.")
		}
		return item, err
	}
	if st.ProviderID == "" {
		return engine.OutboxItem{}, engine.Errorf(engine.NotFound, "The receipt names no send.")
	}
	item, err := tx.Outbox().ByProvider(ch.ID, st.ProviderID)
	if err != nil {
		return item, err
	}
	return tx.Outbox().Get(item.ID)
}

// apply joins a receipt into its send and the send's message.
func (r *Receiver) apply(tx engine.Tx, now time.Time, item engine.OutboxItem, st engine.StatusUpdate) error {
	before := item
	item.Receipt = item.Receipt.Advance(st.State)
	if item.ProviderID == "" {
		item.ProviderID = st.ProviderID
	}
	switch {
	case item.Receipt != engine.Failed:
		item.Failure = ""
	case before.Receipt != engine.Failed:
		item.Failure = st.Message
	}
	// Whatever the provider says proves that it has the message.
	if item.State != engine.OutboxFailed || item.Receipt != engine.Failed {
		item.State, item.LeaseUntil = engine.OutboxDone, time.Time{}
	}
	if item.State == before.State && item.Receipt == before.Receipt && item.ProviderID == before.ProviderID {
		return nil
	}
	if err := tx.Outbox().Save(item); err != nil {
		return err
	}
	tx.Wake(engine.Signal{Topic: engine.TopicDelivery}) // the conversation's next send may be free now
	if st.Class == engine.SendOptedOut {
		if err := receipt.OptOut(tx, now, item, st.Code); err != nil {
			return err
		}
	}
	failed, anew := item.Receipt == engine.Failed && before.Receipt != engine.Failed, false
	if failed {
		var err error
		if anew, err = receipt.Throttled(tx, now, item, st); err != nil {
			return err
		}
	}
	if err := receipt.Advance(tx, now, item); err != nil {
		return err
	}
	if !failed || anew {
		return nil
	}
	return receipt.Lost(tx, r.Writer, now, receipt.Loss{Item: item, Class: st.Class, Code: st.Code, Late: true})
}
