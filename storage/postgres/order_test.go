package postgres_test

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/engine"
	"parley/storage/postgres/postgrestest"
)

// TestOrder: what often meets takes its rows in one order. Otherwise each has what the
// other one wants, and PostgreSQL notices that after a second.
func TestOrder(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_800_000_000_000).UTC()
	conv := engine.Conversation{
		ID: "c", Brand: "acme", Channel: "acme.sms", Consumer: "ann", Address: "+1", State: engine.Open, Owner: engine.OwnerBot, CreatedAt: now, LastAt: now,
	}
	item := engine.OutboxItem{
		ID: "o", Brand: "acme", Channel: "acme.sms", Conversation: "c", Kind: engine.OutboxMessage, State: engine.OutboxPending, DueAt: now, CreatedAt: now,
	}
	for name, tt := range map[string]struct {
		first, then, other func(engine.Tx) error // other comes between
		code               engine.Code           // of what other gives
	}{
		"a turn, and who empties the inbox": {
			func(tx engine.Tx) error {
				if err := tx.Inbox().Remove("c", 1); err != nil {
					return err
				}
				_, err := tx.Inbox().List("c") // with which it is sent
				return err
			},
			func(tx engine.Tx) error {
				c := conv
				return tx.Conversations().Save(&c)
			},
			func(tx engine.Tx) error {
				c, err := tx.Conversations().Get("acme", "c")
				return errors.Join(err, tx.Inbox().Clear("c"), tx.Conversations().Save(&c))
			},
			"",
		},
		"a send that is settled, and its receipt": {
			func(tx engine.Tx) error {
				_, err := tx.Outbox().Get("o")
				return err
			},
			func(tx engine.Tx) error {
				o := item
				o.State, o.Receipt, o.Attempt = engine.OutboxDone, engine.Delivered, 1
				return tx.Outbox().Save(o)
			},
			func(tx engine.Tx) error {
				claimed := item
				claimed.State, claimed.Attempt = engine.OutboxLeased, 1
				settled := claimed
				settled.State, settled.Receipt = engine.OutboxDone, engine.Sent
				return tx.Outbox().Settle(claimed, settled) // over the receipt
			},
			engine.Conflict,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.Open(t)
			db := openURL(t, url)
			err := db.Update(t.Context(), func(tx engine.Tx) error {
				o := item
				return errors.Join(tx.Conversations().Add(conv), tx.Outbox().Add(&o), tx.Inbox().Add(engine.InboxEntry{Conversation: "c", N: 1}))
			})
			if err == nil {
				err = db.Update(t.Context(), func(tx engine.Tx) error {
					_, err := tx.Outbox().Claim(now, now.Add(time.Minute), 1)
					return err
				})
			}
			if err != nil {
				t.Fatal(err)
			}
			tries := 0
			ended := make(chan error, 1)
			err = db.Update(t.Context(), func(tx engine.Tx) error {
				if tries++; tries > 1 {
					return nil
				}
				if err := tt.first(tx); err != nil {
					return err
				}
				go func() {
					n := 0
					ended <- db.Update(t.Context(), func(tx engine.Tx) error {
						if n++; n > 1 {
							return errors.New("the other one was run again")
						}
						return tt.other(tx)
					})
				}()
				waits(t, url)
				return tt.then(tx)
			})
			if other := <-ended; err != nil || tries > 1 || engine.CodeOf(other) != tt.code {
				t.Errorf("%d tries, %v; the other gave %v", tries, err, other)
			}
		})
	}
}

// waits returns when an update waits for another one's lock.
func waits(t *testing.T, url string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = c.Close(t.Context()) }()
	for began := time.Now(); time.Since(began) < 10*time.Second; runtime.Gosched() {
		var n int
		err := c.QueryRow(t.Context(), `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).Scan(&n)
		if err != nil || n > 0 {
			if err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Error("nobody waited")
}
