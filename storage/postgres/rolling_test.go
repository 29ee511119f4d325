package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"parley/engine"
	"parley/storage/postgres/postgrestest"
)

// TestGoesOnBesideANewerVersion: a process works on while a newer one adds to the tables,
// with what it has prepared. A newer version only adds; what it no longer needs goes a
// version later.
func TestGoesOnBesideANewerVersion(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	db := openURL(t, url)
	raw := connect(t, url)
	add := func(n int) error {
		return db.Update(context.Background(), func(tx engine.Tx) error {
			c := engine.Conversation{ID: fmt.Sprint("c", n), Brand: "acme", Channel: "acme.sms", Consumer: "ann", Address: fmt.Sprint("+", n), State: engine.Open, Owner: engine.OwnerBot}
			if err := tx.Conversations().Add(c); err != nil {
				return err
			}
			if err := tx.Events().Add(&engine.Event{Brand: "acme", Conversation: c.ID, Kind: engine.EventMessage}); err != nil {
				return err
			}
			return tx.Conversations().Save(&c)
		})
	}
	read := func(n int) error {
		return db.View(context.Background(), func(tx engine.Tx) error {
			c, err := tx.Conversations().Get("acme", fmt.Sprint("c", n))
			if err == nil && c.Rev != 1 {
				err = fmt.Errorf("%s has the revision %d", c.ID, c.Rev)
			}
			return err
		})
	}
	const each = 40
	var group sync.WaitGroup
	defer group.Wait()
	for worker := range 4 {
		group.Go(func() {
			for i := range each {
				n := worker*each + i
				if err := add(n); err != nil {
					t.Errorf("adding %d: %v", n, err)
				}
				if err := read(n); err != nil {
					t.Errorf("reading %d: %v", n, err)
				}
			}
		})
	}
	for i := range 5 {
		exec(t, raw, fmt.Sprintf(`alter table conversations add column later%d text not null default 'x'`, i))
		exec(t, raw, fmt.Sprintf(`alter table events add column later%d bigint not null default 0`, i))
		exec(t, raw, fmt.Sprintf(`create index later%d on conversations (brand, later%d)`, i, i))
		exec(t, raw, fmt.Sprintf(`create table laters%d (id text primary key)`, i))
	}
}
