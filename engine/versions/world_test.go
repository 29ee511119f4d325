package versions_test

import (
	"testing"

	"go.uber.org/goleak"

	"parley/botscripts"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const brand = enginetest.Brand

// newWorld has one active version, v1, whose bot is lua.
func newWorld(t testing.TB, lua string) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	return enginetest.New(t, store, botscripts.New(botscripts.Config{})).Publish(lua)
}
