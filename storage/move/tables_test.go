package move_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/storage/move"
	"parley/storage/postgres/postgrestest"
)

// TestEveryTable is moved, or it is said that it is not. The tables of both databases are
// held to be the same elsewhere.
func TestEveryTable(t *testing.T) {
	t.Parallel()
	c, err := pgx.Connect(t.Context(), postgrestest.Open(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	rows, err := c.Query(t.Context(), `select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
		and not relispartition and relname !~ '^(goose_db_version|event_base|open_changes|search.*)$' order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	have, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	known := move.Stays()
	for _, table := range move.Tables() {
		known = append(known, table.Name)
	}
	slices.Sort(known)
	if !slices.Equal(have, known) {
		t.Errorf("there are %v, and of %v it is known what becomes of them", have, known)
	}
}
