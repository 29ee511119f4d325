package receive_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

// world is a world with silent bots.
func world(t testing.TB) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	return enginetest.New(t, store, nil).Seed(nil)
}

func equal(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("expected (-), got (+):\n%s", diff)
	}
}

// all lists the brand's conversations.
func all(w *enginetest.World) []engine.Conversation {
	return enginetest.Read(w, func(tx engine.Tx) ([]engine.Conversation, error) {
		return tx.Conversations().List(engine.ConversationFilter{Brand: enginetest.Brand, Limit: 200})
	})
}

func in(id, text string) engine.Inbound {
	return engine.Inbound{From: enginetest.Address, ProviderID: id, Content: engine.Content{Text: text}}
}
