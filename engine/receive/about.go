package receive

import (
	"context"

	"parley/engine"
)

// change carries out what is about a message that is here already. What is about none of
// the consumer's thread is left out: it was written before there was a gateway, it is
// forgotten, or somebody else's.
func (r *Receiver) change(ctx context.Context, ch engine.Channel, in engine.Inbound, do func(engine.Tx, engine.Message) (Taken, error)) (taken Taken, err error) {
	found := false
	err = again(func() error {
		return r.Store.Update(ctx, func(tx engine.Tx) error {
			m, err := about(tx, ch, in)
			if found = err == nil; !found {
				return engine.UnlessGone(err)
			}
			taken, err = do(tx, m)
			return err
		})
	})
	if err == nil && !found {
		r.leave(1, LeftAbout)
	}
	return taken, err
}

// about finds the message that in is about, by the provider's id: one of the consumer's or
// one that was sent to them. NotFound for none of theirs.
func about(tx engine.Tx, ch engine.Channel, in engine.Inbound) (engine.Message, error) {
	if in.Of == "" {
		return engine.Message{}, engine.Errorf(engine.NotFound, "It is about no message.")
	}
	m, err := tx.Messages().ByProvider(ch.ID, in.Of)
	if engine.CodeOf(err) == engine.NotFound {
		var item engine.OutboxItem
		if item, err = tx.Outbox().ByProvider(ch.ID, in.Of); err != nil {
			return engine.Message{}, err
		}
		m, err = tx.Messages().Get(item.Brand, item.Message)
	}
	if err != nil {
		return engine.Message{}, err
	}
	c, err := tx.Consumers().ByAddress(ch.Brand, ch.Kind, in.From)
	if err != nil {
		return engine.Message{}, err
	}
	if m.Brand != ch.Brand || m.Consumer != c.ID || m.Note {
		return engine.Message{}, engine.Errorf(engine.NotFound, "It is about nothing of the consumer's.")
	}
	return m, nil
}
