package sqlite_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/retention"
)

// TestRetention: what a brand no longer keeps goes, in batches and once, and nothing else does: not what is younger,
// open, another brand's, a consent or a name.
func TestRetention(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := openDir(t, t.TempDir())
	x := openIndex(t, db)
	now := time.UnixMilli(1_790_000_000_000)
	day := func(n int) time.Time { return now.AddDate(0, 0, -n) }
	update := func(fn func(engine.Tx) error) {
		t.Helper()
		if err := db.Update(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	const each = 450 // more than two batches
	for _, brand := range []string{"acme", "shop"} {
		update(func(tx engine.Tx) error {
			b := engine.Brand{ID: brand, Name: brand}
			b.Settings.Retention = engine.RetentionSettings{Sends: 10, Journals: 20, Conversations: 40}
			if brand == "shop" {
				b.Settings.Retention = engine.RetentionSettings{Sends: -1, Journals: -1}
			}
			return tx.Brands().Save(b)
		})
	}
	ages := map[string]int{"new": 5, "month": 30, "old": 50}
	for _, age := range []string{"old", "month", "new"} { // the outbox grows with time
		for _, brand := range []string{"acme", "shop"} {
			update(func(tx engine.Tx) error {
				n := 2
				if age == "old" && brand == "acme" {
					n = each
				}
				for i := range n {
					id := fmt.Sprint(brand, "-", age, "-", i)
					at := day(ages[age])
					c := engine.Conversation{ID: id, Brand: brand, Channel: brand + ".sms", Kind: "twilio", Consumer: "p", Address: id, State: engine.Closed, Owner: engine.OwnerNone, CreatedAt: at, LastAt: at, ClosedAt: at, Preview: "secret"}
					if i == 1 {
						c.State, c.Owner, c.ClosedAt = engine.Open, engine.OwnerBot, time.Time{}
					}
					if err := tx.Conversations().Add(c); err != nil {
						return err
					}
					if err := tx.Messages().Add(engine.Message{ID: id, Brand: brand, Conversation: id, Seq: 1, Author: engine.AuthorConsumer, Content: engine.Content{Text: "secret"}, At: at}); err != nil {
						return err
					}
					if err := tx.Sessions().Add(engine.Session{ID: id, Brand: brand, Conversation: id, State: engine.SessionDone, CreatedAt: at}); err != nil {
						return err
					}
					if err := tx.Sessions().Record([]engine.JournalEntry{{Session: id, Call: "say", Hash: "h", Answer: []byte("1"), At: at}}); err != nil {
						return err
					}
					o := engine.OutboxItem{ID: id, Brand: brand, Channel: brand + ".sms", Conversation: id, Kind: engine.OutboxMessage, Message: id, Parts: 1, State: engine.OutboxPending, DueAt: at, CreatedAt: at}
					if err := tx.Outbox().Add(&o); err != nil {
						return err
					}
					if i == 1 {
						continue // still to be sent
					}
					o.State = engine.OutboxDone
					if err := tx.Outbox().Save(o); err != nil {
						return err
					}
				}
				return tx.Consumers().AddConsent(engine.Consent{Brand: brand, Channel: brand + ".sms", Address: brand + "-old-0", OptedOut: true, At: day(50)})
			})
		}
	}
	settle(t, x)
	w := retention.Worker{Store: db, Clock: func() time.Time { return now }, Index: x, Log: slog.New(slog.DiscardHandler)}
	for round := range 3 {
		waits := round < 2 // a second sweep changes nothing more, until the send that holds the mark is settled
		if !waits {
			update(func(tx engine.Tx) error {
				o, err := tx.Outbox().Get("acme-old-1")
				if err != nil {
					return err
				}
				o.State = engine.OutboxDone
				if err := tx.Outbox().Save(o); err != nil {
					return err
				}
				c, err := tx.Conversations().Get("acme", "acme-old-1")
				if err != nil {
					return err
				}
				c.State, c.Owner, c.ClosedAt = engine.Closed, engine.OwnerNone, day(25) // long after its last message
				return tx.Conversations().Save(&c)
			})
		}
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			id                  string
			send, journal, said bool
		}{
			{"acme-new-0", true, true, true}, {"acme-month-0", waits, false, true}, {"acme-old-0", false, false, false}, {fmt.Sprint("acme-old-", each-1), waits, false, false},
			{"acme-old-1", waits, waits, true}, {"acme-month-1", true, true, true},
			{"shop-old-0", true, true, true}, {"shop-month-0", true, true, true}, {"shop-old-1", true, true, true},
		} {
			err := db.View(ctx, func(tx engine.Tx) error {
				_, err := tx.Outbox().Get(tt.id)
				if got := engine.CodeOf(err) != engine.NotFound; got != tt.send {
					t.Errorf("%s: its send is kept: %v", tt.id, got)
				}
				journal, err := tx.Sessions().Journal(tt.id)
				if got := len(journal) > 0; err != nil || got != tt.journal {
					t.Errorf("%s: its journal is kept: %v, %v", tt.id, got, err)
				}
				said, err := tx.Messages().List(tt.id[:4], tt.id, 0, 10)
				if got := len(said) > 0; err != nil || got != tt.said {
					t.Errorf("%s: what was said is kept: %v, %v", tt.id, got, err)
				}
				c, err := tx.Conversations().Get(tt.id[:4], tt.id)
				if err != nil || (c.Preview != "") != tt.said {
					t.Errorf("%s: the conversation is %+v, %v", tt.id, c, err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err := db.View(ctx, func(tx engine.Tx) error {
			c, err := tx.Consumers().Consent("acme", "acme.sms", "acme-old-0")
			if err != nil || !c.OptedOut {
				t.Errorf("the opt-out is gone: %+v, %v", c, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
