package sqlite_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/storage/sqlite"
	"parley/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB) engine.Store { return openDir(t, t.TempDir()) }

func openDir(t testing.TB, dir string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir})
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

func TestContracts(t *testing.T) { storagetest.Run(t, open) }
