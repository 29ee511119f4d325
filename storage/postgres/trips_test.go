package postgres_test

import (
	"testing"
	"time"

	"parley/engine"
	"parley/storage/postgres/postgrestest"
)

// TestTrips: what happens with every message goes to the database and back as seldom as it can.
func TestTrips(t *testing.T) {
	t.Parallel()
	db := openURL(t, postgrestest.Open(t))
	now := time.UnixMilli(1_800_000_000_000).UTC()
	trips := func(want int64, name string, fn func() error) {
		t.Helper()
		before := db.Figures().Trips
		if err := fn(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := db.Figures().Trips - before; n != want {
			t.Errorf("%s: %d round trips, want %d", name, n, want)
		}
	}
	item := engine.OutboxItem{
		ID: "m.0", Brand: "acme", Channel: "acme.sms", Conversation: "c", Kind: engine.OutboxMessage, To: "+1", Message: "m", Parts: 1,
		State: engine.OutboxPending, DueAt: now, CreatedAt: now,
	}
	trips(1, "what is written unread", func() error {
		return db.Update(t.Context(), func(tx engine.Tx) error {
			o := item
			if err := tx.Conversations().Add(engine.Conversation{ID: "c", Brand: "acme", State: engine.Open, CreatedAt: now}); err != nil {
				return err
			}
			if err := tx.Messages().Add(engine.Message{ID: "m", Brand: "acme", Conversation: "c", Seq: 1, State: engine.Queued, At: now}); err != nil {
				return err
			}
			return tx.Outbox().Add(&o)
		})
	})
	var claimed []engine.OutboxItem
	claim := func() error {
		return db.Update(t.Context(), func(tx engine.Tx) error {
			got, err := tx.Outbox().Claim(now, now.Add(time.Minute), 5)
			claimed = append(claimed, got...)
			return err
		})
	}
	trips(2, "a claim", claim)
	trips(1, "a claim of nothing", claim)
	if len(claimed) != 1 {
		t.Fatal(claimed)
	}
	trips(1, "what is read before sends", func() error {
		return db.View(t.Context(), func(tx engine.Tx) error {
			tx.AheadOfSends([]engine.OutboxItem{item, item, {Brand: "acme", Channel: "acme.web", To: "+2"}})
			for _, to := range []string{"+1", "+2"} {
				if _, err := tx.Consumers().Consent("acme", map[string]string{"+1": "acme.sms", "+2": "acme.web"}[to], to); engine.UnlessGone(err) != nil {
					return err
				}
			}
			_, err := tx.Circuits().Get("acme.sms")
			return engine.UnlessGone(err)
		})
	})
	trips(1, "a send that is settled", func() error {
		return db.Update(t.Context(), func(tx engine.Tx) error {
			done := claimed[0]
			done.State, done.Receipt, done.LeaseUntil = engine.OutboxDone, engine.Sent, time.Time{}
			if err := tx.Outbox().Settle(claimed[0], done); err != nil {
				return err
			}
			if err := tx.Messages().Move("acme", "m", engine.Queued, engine.Sent); err != nil {
				return err
			}
			return tx.Events().Add(&engine.Event{At: now, Brand: "acme", Conversation: "c", Kind: engine.EventStatus})
		})
	})
}
