package postgres_test

import (
	"testing"

	"parley/engine"
	"parley/storage/postgres"
	"parley/storage/postgres/postgrestest"
)

// A crash takes the numbers of transactions that nothing on the disk knows, and the next
// ones get them: that such a number was committed says nothing of a commit before the crash.
func TestANumberIsGivenAwayAgain(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.New(t, postgrestest.Settings{Durable: true})
	url := cluster.Open(t)
	db := openURL(t, url)
	raw := connect(t, url)
	number := `select pg_current_xact_id()::text::bigint`
	var before, after string
	var lost, next int64
	exec(t, raw, `begin`)
	if err := raw.QueryRow(t.Context(), number).Scan(&lost); err != nil {
		t.Fatal(err)
	}
	if err := raw.QueryRow(t.Context(), `select `+postgres.ServerLife).Scan(&before); err != nil {
		t.Fatal(err)
	}
	cluster.Kill(t)
	cluster.Start(t)
	raw = connect(t, url)
	for next < lost {
		if err := raw.QueryRow(t.Context(), number).Scan(&next); err != nil {
			t.Fatal(err)
		}
	}
	if err := raw.QueryRow(t.Context(), `select `+postgres.ServerLife).Scan(&after); err != nil {
		t.Fatal(err)
	}
	if err := db.Lost(t.Context(), lost, after); err != nil {
		t.Errorf("number %d is not given away again: %v", lost, err)
	}
	if err := db.Lost(t.Context(), lost, before); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("a commit that a crash took away has become: %v", err)
	}
}
