package followup

import (
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/lifecycle"
	"parley/engine/listen"
	"parley/engine/loop"
)

// patience is how long a follow-up waits for a conversation that is under way
// before it looks again.
const patience = time.Minute

// turn is one follow-up whose time has come, inside its transaction.
type turn struct {
	tx     engine.Tx
	now    time.Time
	newID  engine.NewID
	writer conversation.Writer
	f      engine.Followup
}

// begin puts the follow-up into the inbox of a conversation and gives that. It
// gives none when the follow-up is put off, or dropped with an event that says why.
func (t turn) begin() (engine.Conversation, error) {
	none := engine.Conversation{}
	f := t.f
	ch, err := t.tx.Brands().Channel(f.Channel)
	if engine.CodeOf(err) == engine.NotFound || err == nil && ch.Brand != f.Brand {
		return none, t.miss("its channel is gone")
	}
	if err != nil {
		return none, err
	}
	consumer, err := t.tx.Consumers().Get(f.Brand, f.Consumer)
	if engine.CodeOf(err) == engine.NotFound {
		return none, t.miss("the consumer is gone")
	}
	if err != nil {
		return none, err
	}
	if out, err := lifecycle.OptedOut(t.tx, f.Brand, f.Channel, f.Address); err != nil || out {
		if err == nil {
			err = t.miss("the consumer has opted out")
		}
		return none, err
	}
	conv, err := t.tx.Conversations().OpenByAddress(f.Channel, f.Address)
	switch {
	case engine.CodeOf(err) == engine.NotFound:
		conv, err = t.open(ch, consumer)
	case err != nil:
	case conv.Owner != engine.OwnerBot:
		return none, t.miss("a person has the conversation")
	default:
		idle, err := t.idle(conv)
		if err != nil {
			return none, err
		}
		if !idle {
			f.At = t.now.Add(patience)
			return none, t.tx.Followups().Add(f)
		}
	}
	if err != nil {
		return none, err
	}
	brand, err := t.tx.Brands().Get(f.Brand)
	if err != nil {
		return none, err
	}
	if found := loop.FollowedUp(&conv.Pulse, brand.Settings.Loops, t.now); found != nil {
		return t.endless(conv, ch, *found)
	}
	conv.LastInbox++
	conv.Ready = true
	err = t.tx.Inbox().Add(engine.InboxEntry{
		Conversation: conv.ID, N: conv.LastInbox, Kind: engine.InboxFollowup, Data: engine.JSON(f.FollowupData), At: t.now,
	})
	if err != nil {
		return none, err
	}
	return conv, t.tx.Conversations().Save(&conv)
}

// endless gives the conversation to a person instead: each follow-up plans the
// next, and nobody answers.
func (t turn) endless(conv engine.Conversation, ch engine.Channel, found engine.LoopData) (engine.Conversation, error) {
	entry, err := catalog.Read(t.tx, conv.Brand)
	if err != nil {
		return conv, err
	}
	found.Text = "follow-up " + t.f.Name + " was not sent: " + found.Text
	if err := lifecycle.EndLoop(t.tx, t.writer, t.now, &conv, entry, ch, found); err != nil {
		return conv, err
	}
	return conv, t.tx.Conversations().Save(&conv)
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
	at := lifecycle.IdleAt(conv, &s)
	return !at.IsZero() && !at.After(t.now), nil
}

func (t turn) open(ch engine.Channel, consumer engine.Consumer) (engine.Conversation, error) {
	brand, err := t.tx.Brands().Get(ch.Brand)
	if err != nil {
		return engine.Conversation{}, err
	}
	pulse, err := t.tx.Consumers().Pulse(ch.Brand, consumer.ID)
	if err != nil {
		return engine.Conversation{}, err
	}
	lang := consumer.Language
	if lang == "" && len(brand.Settings.Languages) > 0 {
		lang = brand.Settings.Languages[0]
	}
	conv := engine.Conversation{
		ID: t.newID(), Brand: ch.Brand, Channel: ch.ID, Kind: ch.Kind, Consumer: consumer.ID, Address: t.f.Address,
		State: engine.Open, Owner: engine.OwnerBot, Language: lang, Mood: listen.Begin(brand, consumer.Language), Pulse: pulse, LastAt: t.now, CreatedAt: t.now,
	}
	if err := t.tx.Conversations().Add(conv); err != nil {
		return conv, err
	}
	return conv, conversation.Log(t.tx, t.now, conv, engine.EventOpened, "system", conversation.Change(conv, "follow-up "+t.f.Name))
}

// miss drops the follow-up and says why in the consumer's latest conversation.
func (t turn) miss(why string) error {
	conv := engine.Conversation{Brand: t.f.Brand}
	latest, err := t.tx.Conversations().List(engine.ConversationFilter{Brand: t.f.Brand, Consumer: t.f.Consumer, Limit: 1})
	if err != nil {
		return err
	}
	if len(latest) > 0 {
		conv = latest[0]
	}
	return conversation.Log(t.tx, t.now, conv, engine.EventBotLog, "system", engine.LogData{
		Text: "follow-up " + t.f.Name + " was not sent: " + why,
	})
}
