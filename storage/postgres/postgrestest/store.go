package postgrestest

import (
	"testing"

	"parley/storage/postgres"
)

// Store opens a store on a database of its own, which is closed when the test ends.
func Store(t testing.TB) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), Open(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
