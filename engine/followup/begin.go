package followup

import (
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/loop"
	"parley/engine/outreach"
	"parley/engine/phone"
)

// patience is how long a follow-up waits for a conversation that is under way
// before it looks again.
const patience = time.Minute

// turn is one follow-up whose time has come, inside its transaction.
type turn struct {
	tx     engine.Tx
	now    time.Time
	writer conversation.Writer
	f      engine.Followup
}

// begin puts the follow-up into the inbox of a conversation, unless it is put off,
// or dropped with an event that says why.
func (t turn) begin() error {
	f := t.f
	entry, err := catalog.Read(t.tx, f.Brand)
	if err != nil {
		return err
	}
	ch, ok := entry.Channel(f.Channel)
	if !ok {
		return t.miss("its channel is gone")
	}
	// The conversation's row comes before the consumer's, as in a turn.
	open, err := t.tx.Conversations().OpenByAddress(f.Channel, f.Address)
	if engine.UnlessGone(err) != nil {
		return err
	}
	consumer, err := t.tx.Consumers().Get(f.Brand, f.Consumer)
	if engine.CodeOf(err) == engine.NotFound {
		return t.miss("the consumer is gone")
	}
	if err != nil {
		return err
	}
	if out, err := conversation.OptedOut(t.tx, f.Brand, f.Channel, f.Address); err != nil || out {
		if err == nil {
			err = t.miss("the consumer has opted out")
		}
		return err
	}
	if put, err := t.tooSoon(entry.Brand, consumer); err != nil || put {
		return err
	}
	conv, err := t.of(entry, ch, consumer, open)
	if err != nil || conv == nil {
		return err
	}
	if found := loop.FollowedUp(&conv.Pulse, entry.Brand.Settings.Loops, t.now); found != nil { // each plans the next, and nobody answers
		found.Text = "follow-up " + f.Name + " was not sent: " + found.Text
		err = conv.EndLoop(*found)
	} else if err = t.tx.Consumers().Reached(f.Brand, f.Consumer, outreach.Began(consumer.Outreach, t.now)); err == nil {
		err = conv.Put(engine.InboxEntry{Kind: engine.InboxFollowup, Data: engine.JSON(f.FollowupData)})
	}
	if err != nil {
		return err
	}
	return conv.Save()
}

// tooSoon says whether the follow-up is put off for the consumer's quiet hours, or
// dropped because there were enough of its kind.
func (t turn) tooSoon(brand engine.Brand, consumer engine.Consumer) (bool, error) {
	s := brand.Settings.Outreach
	if s == (engine.OutreachSettings{}) {
		return false, nil
	}
	home, err := time.LoadLocation(brand.Settings.TimeZone)
	if err != nil {
		home = time.UTC
	}
	d := outreach.Decide(s, consumer.Outreach, phone.Zones(t.f.Address), home, t.now)
	switch {
	case d.Refused != "":
		return true, t.miss(d.Refused)
	case d.Wait.IsZero():
		return false, nil
	}
	f := t.f
	f.At = d.Wait
	if err := t.tx.Followups().Add(f); err != nil {
		return true, err
	}
	return true, t.tell("waits for the end of the consumer's quiet hours, " + d.Wait.In(home).Format("Mon 15:04"))
}

// of gives the conversation that the follow-up goes to: the consumer's open one
// when its bot has nothing to do, or else a new one. It is nil when the follow-up
// is put off or dropped.
func (t turn) of(entry catalog.Entry, ch engine.Channel, consumer engine.Consumer, conv engine.Conversation) (*conversation.Change, error) {
	f := t.f
	switch {
	case conv.ID == "":
		return t.writer.Open(t.tx, t.now, conversation.Opening{
			Entry: entry, Channel: ch, Consumer: consumer, Address: f.Address, Actor: "system", Reason: "follow-up " + f.Name,
		})
	case conv.Owner != engine.OwnerBot:
		return nil, t.miss("a person has the conversation")
	}
	idle, err := t.idle(conv)
	if err != nil {
		return nil, err
	}
	if !idle {
		f.At = t.now.Add(patience)
		return nil, t.tx.Followups().Add(f)
	}
	return t.writer.Change(t.tx, t.now, conv).In(entry), nil
}

// idle says whether the bot of an open conversation has nothing to do.
func (t turn) idle(conv engine.Conversation) (bool, error) {
	s, err := t.tx.Sessions().Current(conv.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return false, nil // its first turn is due
	}
	if err != nil || conv.Ready {
		return false, err
	}
	at := conversation.IdleAt(conv, &s)
	return !at.IsZero() && !at.After(t.now), nil
}

// miss drops the follow-up and says why in the consumer's latest conversation.
func (t turn) miss(why string) error { return t.tell("was not sent: " + why) }

// tell writes of the follow-up into the log of the consumer's latest conversation.
func (t turn) tell(what string) error {
	of := engine.ConversationRef{Brand: t.f.Brand}
	latest, err := t.tx.Conversations().List(engine.ConversationFilter{Brand: t.f.Brand, Consumer: t.f.Consumer, Limit: 1})
	if err != nil {
		return err
	}
	if len(latest) > 0 {
		of.ID = latest[0].ID
	}
	return conversation.Log(t.tx, t.now, of, engine.EventBotLog, "system", engine.LogData{
		Text: "follow-up " + t.f.Name + " " + what,
	})
}
