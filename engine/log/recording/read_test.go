package recording_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/log/recording"
	"parley/storage/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestNoLongerKept: a conversation whose first events are gone has no recording, which
// would be one of half a conversation.
func TestNoLongerKept(t *testing.T) {
	t.Parallel()
	store, began := memory.New(), time.UnixMilli(1_800_000_000_000)
	convs := map[string]engine.Conversation{}
	err := store.Update(t.Context(), func(tx engine.Tx) error {
		for i, id := range []string{"old", "new"} {
			at := began.Add(time.Duration(i) * time.Hour)
			c := engine.Conversation{ID: id, Brand: "acme", Address: id, State: engine.Open, Owner: engine.OwnerBot, CreatedAt: at}
			convs[id] = c
			if err := tx.Conversations().Add(c); err != nil {
				return err
			}
			if err := tx.Sessions().Add(engine.Session{ID: id, Brand: "acme", Conversation: id, CreatedAt: at}); err != nil {
				return err
			}
			if err := tx.Events().Add(&engine.Event{At: at, Brand: "acme", Conversation: id, Kind: engine.EventMessage}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	reads := func(want map[string]bool) {
		t.Helper()
		for id, is := range want {
			traits := func(string) engine.Traits { return 0 }
			if _, ok, err := recording.Read(t.Context(), store, traits, convs[id]); err != nil || ok != is {
				t.Errorf("%s: there is a recording: %v, %v", id, ok, err)
			}
		}
	}
	reads(map[string]bool{"old": true, "new": true})
	err = store.Update(t.Context(), func(tx engine.Tx) error {
		_, err := tx.Events().Drop(began.Add(time.Minute), 10)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	reads(map[string]bool{"old": false, "new": true})
}
