package desk

import (
	"context"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// maxProof is the longest wording of what a consumer said, in characters.
const maxProof = 500

// Consent records what the consumer told the user: on the conversation's channel they
// want no messages, or want them again. source says how they did, and is the proof. Any
// agent of the brand may. An opt-out holds for all that is sent from then on; a send that
// is on its way already arrives.
func (d *Desk) Consent(ctx context.Context, u engine.User, id string, optedOut bool, source string) (engine.Conversation, error) {
	if err := checkText("source", source, maxProof); err != nil {
		return engine.Conversation{}, err
	}
	return d.run(ctx, u.Brand, id, func(tx engine.Tx, _ catalog.Entry, conv *conversation.Change) error {
		last, err := tx.Consumers().Consent(conv.Brand, conv.Channel, conv.Address)
		if engine.UnlessGone(err) != nil {
			return err
		}
		if last.OptedOut == optedOut && last.By == actor(u) && last.Source == source {
			return errNothing // told twice
		}
		c := engine.Consent{
			Brand: conv.Brand, Channel: conv.Channel, Address: conv.Address,
			OptedOut: optedOut, Source: source, By: actor(u), At: conv.Now,
		}
		if err := tx.Consumers().AddConsent(c); err != nil {
			return err
		}
		return conv.Log(engine.EventConsent, actor(u), c)
	})
}
