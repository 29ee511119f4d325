package receive

import (
	"context"
	"time"

	"parley/engine"
	"parley/engine/transcript"
)

// Status stores one receipt. Receipts arrive in any order, twice, for sends
// of somebody else, and before our own send has returned.
func (r *Receiver) Status(ctx context.Context, ch engine.Channel, st engine.StatusUpdate) error {
	changed := false
	err := r.Store.Update(ctx, func(tx engine.Tx) error {
		changed = false
		item, err := find(tx, ch, st)
		if engine.CodeOf(err) == engine.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		changed, err = Apply(tx, r.Clock(), item, st)
		return err
	})
	if err == nil && changed {
		r.Bus.Publish(engine.Signal{Topic: engine.TopicEvents})
		// The receipt may have freed the conversation's next send.
		r.Bus.Publish(engine.Signal{Topic: engine.TopicDelivery})
	}
	return err
}

func find(tx engine.Tx, ch engine.Channel, st engine.StatusUpdate) (engine.OutboxItem, error) {
	if st.Item != "" {
		item, err := tx.Outbox().Get(st.Item)
		if err == nil && item.Channel != ch.ID {
			return item, engine.Errorf(engine.NotFound, "The send belongs to another channel.")
		}
		return item, err
	}
	if st.ProviderID == "" {
		return engine.OutboxItem{}, engine.Errorf(engine.NotFound, "The receipt names no send.")
	}
	return tx.Outbox().ByProvider(ch.ID, st.ProviderID)
}

// Apply joins a receipt into its send and the send's message. It says whether
// anything changed.
func Apply(tx engine.Tx, now time.Time, item engine.OutboxItem, st engine.StatusUpdate) (bool, error) {
	before := item
	item.Receipt = item.Receipt.Advance(st.State)
	if item.ProviderID == "" {
		item.ProviderID = st.ProviderID
	}
	if item.Receipt == engine.Failed {
		item.Failure = st.Message
	}
	// Whatever the provider says proves that it has the message.
	if item.State != engine.OutboxFailed || item.Receipt != engine.Failed {
		item.State = engine.OutboxDone
	}
	if item.State == before.State && item.Receipt == before.Receipt && item.ProviderID == before.ProviderID {
		return false, nil
	}
	if err := tx.Outbox().Save(item); err != nil {
		return false, err
	}
	if st.Class == engine.SendOptedOut {
		err := tx.Consumers().AddConsent(engine.Consent{
			Brand: item.Brand, Channel: item.Channel, Address: item.To, OptedOut: true,
			Source: "provider: " + st.Code, Message: item.Message, At: now,
		})
		if err != nil {
			return false, err
		}
	}
	return true, Advance(tx, now, item)
}

// Advance carries a send's receipt over to its message. A message of several
// parts goes with its last part, which is sent after the others; a failed part
// fails it.
func Advance(tx engine.Tx, now time.Time, item engine.OutboxItem) error {
	if item.Part != item.Parts-1 && item.Receipt != engine.Failed {
		return nil
	}
	m, err := tx.Messages().Get(item.Brand, item.Message)
	if err != nil {
		return err
	}
	state := m.State.Advance(item.Receipt)
	if state == m.State {
		return nil
	}
	failure := ""
	if state == engine.Failed || state == engine.Unknown {
		failure = item.Failure
	}
	if err := tx.Messages().SetState(m.Brand, m.ID, state, failure); err != nil {
		return err
	}
	conv := engine.Conversation{ID: m.Conversation, Brand: m.Brand}
	return transcript.Log(tx, now, conv, engine.EventStatus, "system", engine.StatusData{Message: m.ID, State: state, Failure: failure})
}
