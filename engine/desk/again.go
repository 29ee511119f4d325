package desk

import (
	"context"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/receipt"
)

// SendAgain has a message sent once more that could not be delivered, of this
// conversation or of an earlier one of the consumer on the same channel. One that
// is on its way or has arrived is left alone, so that two people who ask, or one
// who asks twice, send once. Errors: Conflict when the conversation is not the
// user's, while it is being found out whether the message was sent, and when the
// consumer wants no messages.
func (d *Desk) SendAgain(ctx context.Context, u engine.User, id, message string) (engine.Message, error) {
	var m engine.Message
	_, err := d.run(ctx, u.Brand, id, func(tx engine.Tx, _ catalog.Entry, conv *conversation.Change) error {
		if err := owns(u, conv.Conversation); err != nil {
			return err
		}
		var err error
		if m, err = tx.Messages().Get(u.Brand, message); err != nil {
			return err
		}
		if m.Consumer != conv.Consumer || m.Channel != conv.Channel || m.Note || m.Author == engine.AuthorConsumer {
			return engine.Errorf(engine.NotFound, "There is no such message to the consumer.")
		}
		if m.State != engine.Failed && m.State != engine.Unknown {
			return errNothing
		}
		if out, err := conversation.OptedOut(tx, conv.Brand, conv.Channel, conv.Address); err != nil || out {
			if err == nil {
				err = engine.Errorf(engine.Conflict, "The consumer has opted out.")
			}
			return err
		}
		if err := receipt.Again(tx, conv.Now, conv.Conversation, m); err != nil {
			return err
		}
		m.State, m.Failure = engine.Queued, ""
		return conversation.Log(tx, conv.Now, engine.ConversationRef{ID: m.Conversation, Brand: m.Brand}, engine.EventStatus, actor(u),
			engine.StatusData{Message: m.ID, State: m.State, Again: true})
	})
	return m, err
}
