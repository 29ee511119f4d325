package versions

import (
	"context"
	"maps"
	"slices"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/lifecycle"
)

// Choice is what to do with a conversation whose session runs an older version.
type Choice string

const (
	Stay     Choice = "stay"     // it ends on the version that it began with
	Restart  Choice = "restart"  // a new session begins with what the consumer wrote last
	HandOver Choice = "handover" // a person gets it
)

// Move carries out a choice for one conversation that its bot has. rev, when
// not 0, is the revision that the chooser saw. Errors: Conflict when the
// conversation has changed, is closed or is not with its bot.
func (s *Versions) Move(ctx context.Context, brand, conversation string, choice Choice, rev int64, by By) (engine.Conversation, error) {
	if choice != Stay && choice != Restart && choice != HandOver {
		return engine.Conversation{}, engine.FieldError("choice", "is none of stay, restart and handover")
	}
	if by.Actor == "" {
		by.Actor = "system"
	}
	var conv engine.Conversation
	err := s.Store.Update(ctx, func(tx engine.Tx) (err error) {
		if conv, err = tx.Conversations().Get(brand, conversation); err != nil {
			return err
		}
		session, err := tx.Sessions().Current(conversation)
		if err != nil && engine.CodeOf(err) != engine.NotFound {
			return err
		}
		switch {
		case rev != 0 && rev != conv.Rev:
			return engine.Errorf(engine.Conflict, "The conversation has changed meanwhile.")
		case conv.State != engine.Open:
			return engine.Errorf(engine.Conflict, "The conversation is closed.")
		case conv.Owner != engine.OwnerBot || session.State != engine.SessionWaiting:
			return engine.Errorf(engine.Conflict, "The conversation does not wait in its bot.")
		}
		switch choice {
		case Restart:
			err = s.restart(tx, &conv, by)
		case HandOver:
			err = s.handOver(tx, &conv, session, by)
		default:
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Conversations().Save(&conv)
	})
	if err != nil || choice == Stay {
		return conv, err
	}
	s.Bus.Publish(engine.Signal{Topic: engine.TopicEvents})
	if choice == Restart {
		s.Bus.Publish(engine.Signal{Topic: engine.TopicDialog, Brand: brand, Key: conversation})
		return conv, nil
	}
	s.Bus.Publish(engine.Signal{Topic: engine.TopicDelivery})
	s.Bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: brand, Key: brand})
	return conv, nil
}

// restart ends the session. What the consumer wrote and the bot has not read
// begins the next one; else it is what they wrote last.
func (s *Versions) restart(tx engine.Tx, conv *engine.Conversation, by By) error {
	unread, err := tx.Inbox().List(conv.ID)
	if err != nil {
		return err
	}
	unread = slices.DeleteFunc(unread, func(e engine.InboxEntry) bool { return e.Kind != engine.InboxMessage })
	if err := lifecycle.EndSession(tx, *conv); err != nil {
		return err
	}
	conv.Pending = nil // its choices were the old session's
	if len(unread) == 0 {
		return lifecycle.Restart(tx, s.Clock(), conv, by.Actor)
	}
	for _, e := range unread {
		if err := tx.Inbox().Add(e); err != nil {
			return err
		}
	}
	conv.Ready = true
	return nil
}

func (s *Versions) handOver(tx engine.Tx, conv *engine.Conversation, session engine.Session, by By) error {
	entry, err := catalog.Read(tx, conv.Brand)
	if err != nil {
		return err
	}
	if err := lifecycle.EndSession(tx, *conv); err != nil {
		return err
	}
	ch, _ := entry.Channel(conv.Channel)
	reason := clip(by.Note)
	if reason == "" {
		reason = "A new version of the bot cannot go on with this conversation"
	}
	h := engine.Handoff{From: session.Bot, Bundle: session.Bundle, Reason: reason}
	for _, name := range slices.Sorted(maps.Keys(conv.Attributes)) {
		h.Facts = append(h.Facts, engine.Fact{Name: name, Value: conv.Attributes[name]})
	}
	return lifecycle.Enqueue(tx, s.Writer, s.Clock(), conv, lifecycle.Entering{Entry: entry, Channel: ch, Actor: by.Actor, Handoff: h})
}
