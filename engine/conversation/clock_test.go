package conversation_test

import (
	"testing"
	"time"

	"parley/engine"
)

// A clock that was ahead and is set right again does not hold up what is written after that: the transcript stays
// sorted, and what is sent is due at once.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Clock.Advance(24 * time.Hour)
	id := w.Write("hi").Conversation.ID
	w.Clock.Advance(-24 * time.Hour)
	m := w.Queue(id, "hello")[0]
	if first := w.Messages(id)[0]; m.At.Before(first.At) {
		t.Errorf("the answer is at %s, before %s", m.At, first.At)
	}
	w.Update(func(tx engine.Tx) error {
		items, err := tx.Outbox().Claim(w.Clock.Now(), w.Clock.Now().Add(time.Minute), 10)
		if err != nil {
			return err
		}
		if len(items) != 1 || !items[0].CreatedAt.Equal(w.Clock.Now()) {
			t.Errorf("of the answer is due: %+v", items)
		}
		return nil
	})
}
