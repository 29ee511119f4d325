package postgres_test

import (
	"slices"
	"testing"
	"time"

	"parley/engine"
	"parley/storage/postgres"
	"parley/storage/postgres/postgrestest"
)

func drop(t *testing.T, db *postgres.DB, before time.Time) (n int) {
	t.Helper()
	err := db.Update(t.Context(), func(tx engine.Tx) (err error) {
		n, err = tx.Events().Drop(before, 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDropParts: a part of the log goes as a whole when nobody needs it, and who reads in
// it reads on.
func TestDropParts(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	first, c := openURL(t, url), connect(t, url)
	note(t, first, "a")
	note(t, first, "b")
	_, last := notes(t, first, 0)
	exec(t, c, `update event_base set base = 1 << 27`)
	db := openURL(t, url) // writes two parts later
	written, later := time.UnixMilli(1), time.UnixMilli(2)
	if n := drop(t, db, later); n != 0 {
		t.Errorf("%d of the newest events are gone", n)
	}
	note(t, db, "c")
	if n := drop(t, db, written); n != 0 {
		t.Errorf("%d events that are too young are gone", n)
	}
	var seen []string
	err := db.View(t.Context(), func(tx engine.Tx) error {
		for after := engine.Cursor(0); ; {
			page, err := tx.Events().List(engine.EventFilter{After: after, Limit: 1})
			if err != nil || len(page) == 0 {
				return err
			}
			after, seen = engine.Cursor(page[0].Seq), append(seen, page[0].Actor)
			if len(seen) == 1 {
				if n := drop(t, db, later); n != 0 {
					t.Errorf("%d events are gone under who reads them", n)
				}
			}
		}
	})
	if err != nil || !slices.Equal(seen, []string{"a", "b", "c"}) {
		t.Errorf("read %v, %v", seen, err)
	}
	var behind engine.Position
	project := func(to engine.Cursor) {
		t.Helper()
		next := engine.Position{Version: 1, At: to}
		if err := db.Update(t.Context(), func(tx engine.Tx) error { return tx.Projections().Move("p", behind, next) }); err != nil {
			t.Fatal(err)
		}
		behind = next
	}
	project(last - 1)
	if n := drop(t, db, later); n != 0 {
		t.Errorf("%d events are gone that a projection has not read", n)
	}
	project(last)
	exec(t, c, `begin`)
	exec(t, c, `select pg_current_xact_id()`) // may still write: newer numbers only, and so it is in nobody's way
	if n := drop(t, db, later); n == 0 {
		t.Error("the part is still there")
	}
	exec(t, c, `commit`)
	if n := drop(t, db, later); n != 0 {
		t.Errorf("%d events of the part in use are gone", n)
	}
	gone, err := engine.View(t.Context(), db, func(tx engine.Tx) (engine.RetentionMark, error) { return tx.Events().Gone() })
	if err != nil || gone.N != int64(last) || !gone.At.Equal(written) {
		t.Errorf("gone are those up to %+v, %v", gone, err)
	}
	note(t, db, "d")
	if left, _ := notes(t, db, 0); !slices.Equal(left, []string{"c", "d"}) {
		t.Errorf("left are %v", left)
	}
	var parts string
	if err := c.QueryRow(t.Context(), `select string_agg(relname, ' ' order by relname) from pg_class where relname ~ '^events_[0-9]+$'`).Scan(&parts); err != nil || parts != "events_2 events_3" {
		t.Errorf("parts are %s, %v", parts, err)
	}
}
