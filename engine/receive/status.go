package receive

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/transcript"
)

// Status stores one receipt. Receipts arrive in any order, twice, for sends
// of somebody else, and before our own send has returned.
func (r *Receiver) Status(ctx context.Context, ch engine.Channel, st engine.StatusUpdate) error {
	changed := false
	update := func(tx engine.Tx) error {
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
	}
	err := again(func() error { return r.Store.Update(ctx, update) })
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
		if err == nil && (item.Channel != ch.ID || item.Kind != engine.OutboxMessage) {
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
		return false, nil
	}
	if err := tx.Outbox().Save(item); err != nil {
		return false, err
	}
	if st.Class == engine.SendOptedOut {
		if err := OptOut(tx, now, item, st.Code); err != nil {
			return false, err
		}
	}
	return true, Advance(tx, now, item)
}

// OptOut records that the provider refuses to send to an item's recipient,
// who has opted out with the provider.
func OptOut(tx engine.Tx, now time.Time, item engine.OutboxItem, code string) error {
	c := engine.Consent{
		Brand: item.Brand, Channel: item.Channel, Address: item.To, OptedOut: true,
		Source: "provider: " + code, Message: item.Message, At: now,
	}
	if err := tx.Consumers().AddConsent(c); err != nil {
		return err
	}
	conv := engine.Conversation{ID: item.Conversation, Brand: item.Brand}
	return transcript.Log(tx, now, conv, engine.EventConsent, "system", c)
}

// Advance carries a send's receipt over to its message. A message of several
// parts goes with its last part, which is sent after the others; a part that
// failed, or of which nobody will ever know, holds the message there until
// that part itself is proved to have arrived.
func Advance(tx engine.Tx, now time.Time, item engine.OutboxItem) error {
	last := item.Part == item.Parts-1
	doubtful := item.Receipt == engine.Failed || item.Receipt == engine.Unknown
	m, err := tx.Messages().Get(item.Brand, item.Message)
	if err != nil {
		return err
	}
	own := mark(item)
	switch lost := item.Parts > 1 && strings.HasPrefix(m.Failure, markPrefix); {
	case lost && !strings.HasPrefix(m.Failure, own):
		return nil // another part is missing
	case !last && !doubtful && !lost:
		return nil
	}
	state, failure := m.State.Advance(item.Receipt), ""
	final := item.Receipt == engine.Failed || doubtful && item.State == engine.OutboxFailed
	switch {
	case final && !last:
		state, failure = item.Receipt, own+item.Failure
	case state == engine.Failed || state == engine.Unknown:
		failure = item.Failure
	}
	if state == m.State && failure == m.Failure {
		return nil
	}
	if err := tx.Messages().SetState(m.Brand, m.ID, state, failure); err != nil {
		return err
	}
	conv := engine.Conversation{ID: m.Conversation, Brand: m.Brand}
	return transcript.Log(tx, now, conv, engine.EventStatus, "system", engine.StatusData{Message: m.ID, State: state, Failure: failure})
}

// A message's Failure begins with the mark of the part that is missing, unless
// that is the last one.
const markPrefix = "Part "

func mark(item engine.OutboxItem) string {
	return fmt.Sprintf(markPrefix+"%d of %d: ", item.Part+1, item.Parts)
}
