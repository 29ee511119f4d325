package receive

import (
	"time"

	"parley/engine"
	"parley/engine/smstext"
)

// recent is how many messages back a reaction is looked for.
const recent = 50

// reaction is what a consumer thinks of a message, where the phone can tell it only as a text.
type reaction struct {
	conversation string // that the message is of
	latest       bool   // nothing was written to the consumer since
	sign         string // the emoji; "" when nothing is meant any more
}

// means is what the reaction says to a bot, which asks by its latest message; "" for nothing.
func (r *reaction) means() string {
	if !r.latest {
		return ""
	}
	return r.sign
}

// reactionTo tells whether a text is a reaction, which repeats what was written to the consumer; nil for none.
// Channels of our own have none that are texts.
func reactionTo(tx engine.Tx, ch engine.Channel, caps engine.Capabilities, in engine.Inbound, consumer string) (*reaction, error) {
	if !caps.Keywords || in.Keyword != "" || len(in.Content.Media) > 0 || !smstext.MayBeReaction(in.Content.Text) {
		return nil, nil
	}
	if consumer == "" {
		c, err := tx.Consumers().ByAddress(ch.Brand, ch.Kind, in.From)
		if err != nil {
			return nil, engine.UnlessGone(err)
		}
		consumer = c.ID
	}
	thread, err := tx.Messages().Thread(ch.Brand, consumer, "", recent)
	if err != nil {
		return nil, err
	}
	var sent []smstext.Sent
	var of []engine.Message
	for _, m := range thread {
		if m.Author == engine.AuthorConsumer || m.Note || m.Channel != ch.ID {
			continue
		}
		parts, err := tx.Sends().Of(m.ID)
		if err != nil {
			return nil, err
		}
		sent, of = append(sent, smstext.Sent{Text: m.Content.Text, Media: len(m.Content.Media) > 0}), append(of, m)
		for _, p := range parts { // as they arrived: cut, with numbers before the choices
			sent, of = append(sent, smstext.Sent{Text: p.Content.Text, Media: len(p.Content.Media) > 0}), append(of, m)
		}
	}
	to, sign, ok := smstext.Reaction(in.Content.Text, sent)
	if !ok {
		return nil, nil
	}
	return &reaction{conversation: of[to].Conversation, latest: of[to].ID == of[0].ID, sign: sign}, nil
}

// note adds a reaction to a conversation that is over: it says nothing that anybody has to answer.
func (r *Receiver) note(tx engine.Tx, now time.Time, ch engine.Channel, in engine.Inbound, id string) (Taken, error) {
	conv, err := r.Writer.Load(tx, now, ch.Brand, id)
	if err != nil {
		return Taken{}, err
	}
	since, pulse := conv.WaitingSince, conv.Pulse
	m, err := conv.Hear(engine.Message{
		AuthorName: in.FromName, Content: in.Content, ProviderID: in.ProviderID, ClientID: in.ClientID, ProviderAt: in.ProviderAt,
	})
	if err != nil {
		return Taken{}, err
	}
	conv.WaitingSince, conv.Pulse = since, pulse
	err = conv.Save()
	return Taken{Message: m, Conversation: conv.Conversation}, err
}
