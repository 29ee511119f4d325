package versions

import (
	"context"
	"maps"
	"slices"

	"parley/engine"
	"parley/engine/conversation"
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
func (s *Versions) Move(ctx context.Context, brand, id string, choice Choice, rev int64, by By) (engine.Conversation, error) {
	if choice != Stay && choice != Restart && choice != HandOver {
		return engine.Conversation{}, engine.FieldError("choice", "is none of stay, restart and handover")
	}
	if by.Actor == "" {
		by.Actor = "system"
	}
	var after engine.Conversation
	err := s.Store.Update(ctx, func(tx engine.Tx) error {
		conv, err := s.Writer.Load(tx, s.Clock(), brand, id)
		if err != nil {
			return err
		}
		session, err := tx.Sessions().Current(id)
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
			err = conv.Restart(by.Actor)
		case HandOver:
			err = handOver(conv, session, by)
		}
		if err == nil && choice != Stay {
			err = conv.Save()
		}
		after = conv.Conversation
		return err
	})
	return after, err
}

func handOver(conv *conversation.Change, session engine.Session, by By) error {
	if err := conv.EndSession(); err != nil {
		return err
	}
	reason := clip(by.Note)
	if reason == "" {
		reason = "A new version of the bot cannot go on with this conversation"
	}
	h := engine.Handoff{From: session.Bot, Version: session.Version, Reason: reason}
	for _, name := range slices.Sorted(maps.Keys(conv.Attributes)) {
		h.Facts = append(h.Facts, engine.Fact{Name: name, Value: conv.Attributes[name]})
	}
	return conv.HandOver(conversation.Entering{Actor: by.Actor, Handoff: h})
}
