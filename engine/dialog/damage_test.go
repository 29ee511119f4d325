package dialog_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/sqlite"
)

// TestADamagedRow is a fault, once, and a person has the conversation; the worker
// does not come back to it each second.
func TestADamagedRow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		harm   string // of the store, with the conversation's id
		person bool
	}{
		"consumer":         {`update consumers set attributes = '{broken' where id = (select consumer from conversations where id = $1)`, true},
		"missing consumer": {`update conversations set consumer = 'nobody' where id = $1`, true},
		"session":          {`update sessions set wait = '{broken' where conversation = $1`, true},
		"conversation":     {`update conversations set extra = '{broken' where id = $1`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
				if err != nil {
					t.Fatal(err)
				}
				defer func() {
					if err := store.Close(); err != nil {
						t.Error(err)
					}
				}()
				w := enginetest.New(t, store, script(func(turn engine.Turn) (engine.Outcome, error) {
					return engine.Outcome{State: engine.SessionWaiting, UsedInput: true, Wait: engine.Wait{Kind: engine.WaitMessage, Step: turn.Session.Steps}}, nil
				})).Seed(nil)
				w.Clock.Real = true
				id := w.Say("hi").ID
				w.Write("are you there?")
				db, err := sql.Open("sqlite", filepath.Join(dir, "parley.db"))
				if err == nil {
					_, err = db.Exec(c.harm, id)
				}
				if err := errors.Join(err, db.Close()); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- w.Dialog.Run(ctx) }()
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
				groups := enginetest.Read(w, func(tx engine.Tx) ([]engine.FaultGroup, error) {
					return tx.Faults().List(enginetest.Brand, time.Now().Add(-time.Hour), 10)
				})
				if len(groups) != 1 || groups[0].Count != 1 || groups[0].Fault.Kind != "damaged" {
					t.Errorf("the faults are %+v", groups)
				}
				if !c.person {
					return
				}
				conv := w.Conversation(id)
				is(t, conv, engine.Open, engine.OwnerQueue)
				if conv.Ready || len(w.Inbox(id)) != 0 {
					t.Errorf("there is still something to do: %+v", w.Inbox(id))
				}
				if lines := w.Lines(id); !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "note: The bot cannot go on") }) {
					t.Errorf("nobody is told why: %q", lines)
				}
			})
		})
	}
}
