package terminal

import (
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"parley/botscripts/example"
	"parley/engine"
	"parley/engine/attendance"
	"parley/gateway/app"
	"parley/gateway/config"
	"parley/gateway/folder"
	"parley/gateway/signin"
)

// However much time passes in a talk, all parts have the same, and its agent has not vanished.
func TestTheAgentOfATalkStays(t *testing.T) {
	t.Parallel()
	brand, problems := folder.BrandReader(os.LookupEnv).Load(example.FS())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	talk := &Terminal{Out: io.Discard, Brand: brand}
	if _, err := talk.prepare(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	a, err := app.New(t.Context(), app.Options{
		Config: config.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", Senders: 1, Turns: 1},
		Log:    slog.New(slog.DiscardHandler), Out: io.Discard, Folder: &talk.Brand, Clock: talk.clock.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := a.Signin.AddUser(t.Context(), engine.User{Brand: "acme", Email: terminalAgent, Name: "Robin", Role: engine.RoleAdmin, Slots: 1}, signin.NewPassword()); err != nil {
		t.Fatal(err)
	}
	for _, d := range []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute, 48 * time.Hour} {
		before := talk.clock.now()
		if err := talk.pass(t.Context(), a.Parts, before.Add(d)); err != nil {
			t.Fatal(err)
		}
		now := talk.clock.now()
		if now.Before(before.Add(d)) {
			t.Errorf("it is %s, %s after %s", now, d, before)
		}
		err := a.Store.View(t.Context(), func(tx engine.Tx) error {
			me, err := tx.Users().ByEmail(terminalAgent)
			if err != nil {
				return err
			}
			me.AssignedAt = me.PresenceSince.Add(time.Second) // she took it
			if why := attendance.Gone(&me, engine.DeskSettings{}, now, began); why != "" {
				t.Errorf("after %s she is gone: %s", d, why)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
