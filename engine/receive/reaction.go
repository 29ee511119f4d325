package receive

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/smstext"
)

// recent is how many messages back a reaction is looked for.
const recent = 50

// reaction is what a consumer thinks of a message, where the phone can tell it only as a text.
type reaction struct {
	message engine.Message
	latest  bool   // nothing was written to the consumer since
	sign    string // the emoji; "" when nothing is meant any more
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
		if !toConsumer(m, ch) {
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
	return &reaction{message: of[to], latest: of[to].ID == of[0].ID, sign: sign}, nil
}

// note adds a reaction to a conversation that is over: it says nothing that anybody has to answer.
func (r *Receiver) note(tx engine.Tx, now time.Time, ch engine.Channel, in engine.Inbound, to *reaction) (Taken, error) {
	conv, err := r.Writer.Load(tx, now, ch.Brand, to.message.Conversation)
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
	if _, err := mark(tx, now, to.message, to.sign, now); err != nil {
		return Taken{}, err
	}
	err = conv.Save()
	return Taken{Message: m, Conversation: conv.Conversation}, err
}

// toConsumer says whether a message was written to the consumer on a channel.
func toConsumer(m engine.Message, ch engine.Channel) bool {
	return m.Author != engine.AuthorConsumer && !m.Note && m.Channel == ch.ID
}

// mark keeps the consumer's reaction on its message, and says whether it is a new one. A
// message that was taken back has none.
func mark(tx engine.Tx, now time.Time, m engine.Message, sign string, at time.Time) (bool, error) {
	marks, changed := m.Marks.React(engine.Reaction{By: engine.AuthorConsumer, Emoji: sign, At: at.UnixMilli()})
	if !changed || m.Marks.UnsentAt > 0 {
		return false, nil
	}
	return true, conversation.Mark(tx, now, m, marks, "consumer")
}

// react takes in a reaction that the provider tells as one. To a bot it means what the text
// of one means, which phones write that know no other: its emoji, when it is about the
// latest message.
func (r *Receiver) react(tx engine.Tx, entry catalog.Entry, ch engine.Channel, in engine.Inbound, m engine.Message) (Taken, error) {
	conv, err := r.Writer.Load(tx, r.Clock(), m.Brand, m.Conversation)
	if err != nil {
		return Taken{}, err
	}
	taken := Taken{Message: m, Conversation: conv.Conversation}
	fresh, err := mark(tx, conv.Now, m, in.Emoji, cmp.Or(in.ProviderAt, conv.Now))
	if taken.Duplicate = !fresh; err != nil || !fresh {
		return taken, err
	}
	if in.Emoji == "" || in.Standby || conv.State != engine.Open || conv.Owner != engine.OwnerBot {
		return taken, nil
	}
	thread, err := tx.Messages().Thread(ch.Brand, conv.Consumer, "", recent)
	if err != nil {
		return Taken{}, err
	}
	last := slices.IndexFunc(thread, func(m engine.Message) bool { return toConsumer(m, ch) })
	if last < 0 || thread[last].ID != m.ID {
		return taken, nil
	}
	said := engine.Inbound{Content: engine.Content{Text: in.Emoji}}
	if said.Content.Picked = picked(conv.Now, r.can(ch), conv.Conversation, said); said.Content.Picked != nil {
		conv.Pending = nil
	}
	loops, err := endless(tx, entry, conv.In(entry), in.Emoji, false, false)
	switch {
	case err != nil:
	case loops != nil:
		err = conv.EndLoop(*loops)
	default:
		err = r.give(conv, m.ID, said.Content)
	}
	if err != nil {
		return Taken{}, err
	}
	err = conv.Save()
	taken.Conversation = conv.Conversation
	return taken, err
}
