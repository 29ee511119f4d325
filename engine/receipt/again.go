package receipt

import (
	"time"

	"parley/engine"
)

// Again begins the sends of a message anew that did not arrive, in the line of
// the conversation that a person has now. What had arrived of it stays. Errors:
// Conflict while it is being found out whether it was sent.
func Again(tx engine.Tx, now time.Time, conv engine.Conversation, m engine.Message) error {
	all, err := tx.Sends().Of(m.ID)
	if err != nil {
		return err
	}
	rounds := map[int]int{}
	for _, i := range all {
		if i.State != engine.OutboxDone && i.State != engine.OutboxFailed {
			return engine.Errorf(engine.Conflict, "It is not known yet whether the message was sent. Wait a few minutes.")
		}
		rounds[i.Part]++
	}
	begun := false
	for _, i := range latest(all) {
		if i.Receipt != engine.Failed && i.Receipt != engine.Unknown {
			continue
		}
		begun = true
		next := anew(i, rounds[i.Part], now)
		next.Brand, next.Channel, next.Conversation, next.To, next.CreatedAt = conv.Brand, conv.Channel, conv.ID, conv.Address, now
		err := tx.Outbox().Add(&next)
		if err != nil {
			return err
		}
	}
	if !begun {
		return engine.Errorf(engine.Conflict, "The message cannot be sent again.")
	}
	return tx.Messages().SetState(m.Brand, m.ID, engine.Queued, "")
}

// anew is the next round of a send.
func anew(i engine.OutboxItem, round int, due time.Time) engine.OutboxItem {
	return engine.OutboxItem{
		ID: engine.SendID(i.Message, i.Part, round), Brand: i.Brand, Channel: i.Channel, Conversation: i.Conversation,
		Kind: engine.OutboxMessage, To: i.To, Message: i.Message, Part: i.Part, Parts: i.Parts, Content: i.Content,
		State: engine.OutboxPending, DueAt: due, CreatedAt: i.CreatedAt,
	}
}
