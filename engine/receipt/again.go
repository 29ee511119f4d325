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
		err := tx.Outbox().Add(&engine.OutboxItem{
			ID: engine.SendID(m.ID, i.Part, rounds[i.Part]), Brand: conv.Brand, Channel: conv.Channel, Conversation: conv.ID,
			Kind: engine.OutboxMessage, To: conv.Address, Message: m.ID, Part: i.Part, Parts: i.Parts, Content: i.Content,
			State: engine.OutboxPending, DueAt: now, CreatedAt: now,
		})
		if err != nil {
			return err
		}
	}
	if !begun {
		return engine.Errorf(engine.Conflict, "The message cannot be sent again.")
	}
	return tx.Messages().SetState(m.Brand, m.ID, engine.Queued, "")
}
