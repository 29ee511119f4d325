package outbox_test

import (
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// What failed while the clock was ahead (a machine that starts with its hardware clock in local time, and without a
// network yet) does not wait for that time to come once the clock is right.
func TestClockSetBack(t *testing.T) {
	for name, circuit := range map[string]engine.Circuit{
		"a circuit that is open": {Failures: 3, ProbeAt: time.Unix(10, 0)},
		"one failure":            {Failures: 1},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(w world) {
				id := w.Write("hi").Conversation.ID
				m := w.Queue(id, "hello")[0]
				ahead := time.Now().Add(2 * time.Hour)
				w.Update(func(tx engine.Tx) error {
					items, err := tx.Outbox().Claim(time.Now(), time.Now().Add(time.Minute), 1)
					if err != nil {
						return err
					}
					items[0].State, items[0].DueAt, items[0].Tries = engine.OutboxPending, ahead.Add(time.Second), 1
					if err := tx.Outbox().Save(items[0]); err != nil {
						return err
					}
					c := circuit
					c.Brand, c.Channel, c.Class, c.Since = enginetest.Brand, enginetest.Phone, engine.SendRetry, ahead
					if c.Open() {
						c.ProbeAt = ahead.Add(time.Second)
					}
					return tx.Circuits().Save(c)
				})
				stop := w.run()
				defer stop()
				w.await(time.Minute, w.states(m, engine.Sent))
			})
		})
	}
}
