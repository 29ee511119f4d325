package postgres_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/engine"
	"parley/storage/postgres"
	"parley/storage/postgres/postgrestest"
)

// note writes an event of its own transaction.
func note(t testing.TB, db *postgres.DB, actor string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx engine.Tx) error {
		return tx.Events().Add(&engine.Event{At: time.UnixMilli(1), Brand: "acme", Kind: engine.EventPresence, Actor: actor, Data: []byte("{}")})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// notes are who wrote an event after a cursor, in the log's order, and where it ends.
func notes(t testing.TB, db *postgres.DB, after engine.Cursor) (actors []string, end engine.Cursor) {
	t.Helper()
	err := db.View(t.Context(), func(tx engine.Tx) error {
		list, err := tx.Events().List(engine.EventFilter{After: after, Limit: 1000})
		if err != nil {
			return err
		}
		for _, e := range list {
			actors, end = append(actors, e.Actor), engine.Cursor(e.Seq)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return actors, end
}

// TestDumpAndRestore: what pg_dump wrote goes on in a server whose transactions have
// lower numbers. What happens there comes after what had happened, for all who follow
// the log from a cursor of before; when the operator says so, from one of what was lost, too.
func TestDumpAndRestore(t *testing.T) {
	t.Parallel()
	from, to := postgrestest.New(t, postgrestest.Settings{}), postgrestest.New(t, postgrestest.Settings{})
	old, fresh, moved := from.Open(t), to.Empty(t), to.Empty(t)
	db, c := openURL(t, old), connect(t, old)
	exec(t, c, `do $$ begin for i in 1..3000 loop perform pg_current_xact_id(); commit; end loop; end $$`)
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprint("before ", i))
		note(t, db, want[i])
	}
	_, cursor := notes(t, db, 0)
	dump := filepath.Join(t.TempDir(), "parley.dump")
	postgrestest.Run(t, "pg_dump", "--format", "custom", "--file", dump, old)
	for i := range 10 {
		note(t, db, fmt.Sprint("lost ", i))
	}
	_, heard := notes(t, db, 0)
	for _, to := range []string{fresh, moved} {
		postgrestest.Run(t, "pg_restore", "--dbname", to, "--no-owner", "--exit-on-error", dump)
	}
	const xid = `select pg_current_xact_id()::text::bigint`
	if low, high := number(t, connect(t, fresh), xid), number(t, c, xid); low+1000 > high {
		t.Fatalf("the new server is at transaction %d, the old one at %d", low, high)
	}

	restored := openURL(t, fresh)
	if got, _ := notes(t, restored, 0); !slices.Equal(got, want) {
		t.Errorf("restored were %q", got)
	}
	after := []string{"after 0", "after 1", "after 2"}
	note(t, restored, after[0])
	second := openURL(t, fresh) // who starts later has nothing to move
	note(t, second, after[1])
	note(t, restored, after[2])
	for _, one := range []*postgres.DB{restored, second} {
		if got, _ := notes(t, one, cursor); !slices.Equal(got, after) {
			t.Errorf("after the cursor come %q", got)
		}
	}
	if got, _ := notes(t, restored, 0); !slices.Equal(got, append(want, after...)) {
		t.Errorf("the log is %q", got)
	}

	// As the guide says, for those who have heard more than the dump holds.
	exec(t, connect(t, moved), `update event_base set base = (select max(seq) >> 14 from events) + 1000000`)
	restored = openURL(t, moved)
	note(t, restored, after[0])
	if got, _ := notes(t, restored, heard); !slices.Equal(got, after[:1]) {
		t.Errorf("after what was lost come %q", got)
	}
}
