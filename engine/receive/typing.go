package receive

import (
	"context"

	"parley/engine"
)

// typing passes on that the consumer types. Nobody looks on before the first message.
func (r *Receiver) typing(ctx context.Context, ch engine.Channel, in engine.Inbound) error {
	if r.Bus == nil {
		return nil
	}
	conv, err := engine.View(ctx, r.Store, func(tx engine.Tx) (engine.Conversation, error) {
		return tx.Conversations().OpenByAddress(ch.ID, in.From)
	})
	if err != nil {
		return engine.UnlessGone(err)
	}
	r.Bus.Publish(engine.Typing(engine.ConversationRef{Brand: conv.Brand, ID: conv.ID}, engine.AuthorConsumer, "", "", true))
	return nil
}
