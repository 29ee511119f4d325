package blackbox_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/engine/outbox"
	"parley/gateway/api"
)

// secondLua is conciergeLua after an edit that a replay of an old journal
// would not survive.
func secondLua() string {
	return strings.NewReplacer(
		"Hi, I'm Robin, a bot.", "Hello, Robin again.",
		`chat:ask("What is your order number?"`, `chat:ask("Which order is it?"`,
		"Noted: ", "Thank you: ",
	).Replace(conciergeLua)
}

const (
	early = "+14155550201" // writes before the change, and waits in a question
	late  = "+14155550202" // writes after it
)

var earlyHeard = []string{"Hi, I'm Robin, a bot.", "What is your order number?"}

// goOn takes the waiting consumer to the end of the first version.
func goOn(w *world) {
	w.t.Helper()
	w.says(early, "no idea")
	w.says(early, "4711")
	w.says(early, "It squeaks.")
	w.hears(early, append(slices.Clone(earlyHeard), "Digits, please.", "What is wrong with it?", "Noted: It squeaks.")...)
}

// A question waits over a crash.
func TestWaitSurvivesRestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, usual, map[string]string{"concierge.lua": conciergeLua})
	w.start()
	w.says(early, "hello")
	w.hears(early, earlyHeard...)
	w.kill()
	w.start()
	goOn(w)
	w.stop()
}

// An edit of the bot serves new conversations; who waits stays with the version that asked.
func TestWaitSurvivesEdit(t *testing.T) {
	t.Parallel()
	w, ana, _ := staffed(t, usual)
	w.says(early, "hello")
	w.hears(early, earlyHeard...)

	_, after := ana.list()
	w.write("bots/concierge.lua", secondLua())
	published := false
	for !published {
		var events []api.Event
		if events, after = ana.events(after, "30"); len(events) == 0 {
			t.Fatal("the edit was not loaded within 30 s")
		}
		published = slices.ContainsFunc(events, func(e api.Event) bool { return e.Kind == api.EventKindPublished })
	}
	w.says(late, "hello")
	w.hears(late, "Hello, Robin again.", "Which order is it?")
	goOn(w)
	w.says(late, "4712")
	w.says(late, "It rattles.")
	w.hears(late, "Hello, Robin again.", "Which order is it?", "What is wrong with it?", "Thank you: It rattles.")
	w.stop()
}

// The gateway comes back with another version of the folder.
func TestWaitSurvivesUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, usual, map[string]string{"concierge.lua": conciergeLua})
	w.start()
	w.says(early, "hello")
	w.hears(early, earlyHeard...)
	w.stop()
	w.write("bots/concierge.lua", secondLua())
	w.start()
	w.says(late, "hello")
	w.hears(late, "Hello, Robin again.", "Which order is it?")
	w.stop()
	w.view(func(tx engine.Tx) error {
		versions := map[string]bool{}
		for _, address := range []string{early, late} {
			conv, err := tx.Conversations().OpenByAddress(channelID, address)
			if err != nil {
				return err
			}
			s, err := tx.Sessions().Current(conv.ID)
			if err != nil {
				return err
			}
			versions[s.Version] = true
		}
		if len(versions) != 2 {
			t.Error("both sessions are pinned to one version")
		}
		return nil
	})
	w.start()
	goOn(w)
	w.stop()
}

// The process is killed while it looks up a send whose answer was lost. The
// next one looks it up again soon, and does not wait for the lost look-up's end.
func TestLookUpIsCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	w := newWorld(t, twiliotest.Config{}, map[string]string{"concierge.lua": conciergeLua})
	asked, release := make(chan struct{}, 100), make(chan struct{})
	door := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			asked <- struct{}{}
			select {
			case <-release:
			case <-r.Context().Done():
				return
			}
		}
		w.fake.Handler().ServeHTTP(rw, r)
	}))
	t.Cleanup(door.Close)
	w.reaches(door.URL)
	w.fake.FailNext(1, twiliotest.Fault{DropAfter: true})
	w.start()
	w.says(early, "hello")
	w.hears(early, earlyHeard[0])
	await := func() {
		t.Helper()
		select {
		case <-asked:
		case <-time.After(patience):
			t.Fatal("the lost answer was not looked up")
		}
	}
	await()
	began := time.Now()
	w.kill()
	close(release)
	w.start()
	w.hears(early, earlyHeard...)
	t.Logf("went on %v after the look-up began", time.Since(began))
	if time.Since(began) > outbox.DefaultPolicy().Lease-time.Second {
		t.Error("the conversation waited for a look-up that nobody does any more")
	}
	w.stop()
}
