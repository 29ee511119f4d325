package postgres_test

import (
	"testing"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/storage/postgres"
	"parley/storage/postgres/postgrestest"
	"parley/storage/storagetest"
)

func TestMain(m *testing.M) {
	// The cluster that the tests share ends with the process.
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}

// openURL opens one more store on a database.
func openURL(t testing.TB, url string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), url)
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

func open(t testing.TB) engine.Store { return postgrestest.Store(t) }

func TestContracts(t *testing.T) { storagetest.Run(t, open) }
