package conversation

import (
	"time"

	"parley/engine"
)

// Mark gives a message other marks, and tells it. Only what is about the message changes:
// nothing new was said, and nobody waits because of it.
func Mark(tx engine.Tx, now time.Time, m engine.Message, marks engine.MessageMarks, actor string) error {
	if err := tx.Messages().Mark(m.Brand, m.ID, marks); err != nil {
		return err
	}
	return Log(tx, now, engine.ConversationRef{Brand: m.Brand, ID: m.Conversation}, engine.EventMarked, actor, engine.MarkData{Message: m.ID, MessageMarks: marks})
}
