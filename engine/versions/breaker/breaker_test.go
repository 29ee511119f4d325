package breaker_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/botscripts"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions"
	"parley/engine/versions/breaker"
	"parley/storage/sqlite/sqlitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newWorld has one active version, v1, whose bot is lua.
func newWorld(t testing.TB, lua string) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	return enginetest.New(t, store, botscripts.New(botscripts.Config{})).Publish(lua)
}

const (
	brand = enginetest.Brand
	one   = `return function(chat) chat:ask "one?" chat:say "One." end`
	two   = `return function(chat) chat:ask "two?" chat:say "Two." end`
	three = `return function(chat) chat:ask "three?" end`
)

// sessions adds conversations with a session of the version; the failed ones
// are told to the breaker, as a failed turn does.
func sessions(w *enginetest.World, k breaker.Breaker, version string, all, failed int) {
	w.T.Helper()
	for i := range all {
		id := w.WriteAs(enginetest.Web, engine.Inbound{From: w.ID(), ProviderID: w.ID(), Content: engine.Content{Text: "hi"}}).Conversation.ID
		w.Update(func(tx engine.Tx) error {
			s := engine.Session{ID: w.ID(), Brand: brand, Conversation: id, Bot: "main", Version: version, State: engine.SessionDone, CreatedAt: w.Clock.Now()}
			if i >= all-failed {
				s.State = engine.SessionParked
			}
			if err := tx.Sessions().Add(s); err != nil {
				return err
			}
			if s.State == engine.SessionParked {
				return k.Failed(tx, brand, version, w.Clock.Now())
			}
			return nil
		})
	}
}

func strict() breaker.Breaker {
	return breaker.Breaker{Policy: breaker.Policy{MinSessions: 10, MaxRate: 0.2, Window: time.Hour}, Read: enginetest.Named}
}

func TestBreakerGoesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Clock.Advance(time.Minute)
	w.Push("version-2", two)
	w.Activate("version-2")
	sessions(w, strict(), "version-2", 9, 9)
	if b := w.Stored(); b.Version != "version-2" {
		t.Fatal("it went back after too few conversations")
	}
	sessions(w, strict(), "v1", 30, 30) // an old version's failures are not the new one's
	sessions(w, strict(), "version-2", 1, 1)
	b := w.Stored()
	if b.Version != "v1" || b.Name != "Acme" || !strings.HasPrefix(b.Held["version-2"], "10 of 10 conversations failed in ") {
		t.Errorf("it is %+v", b)
	}
	last := w.History()
	if last[len(last)-1] != "tripped version-2" {
		t.Errorf("the history is %v", last)
	}
	// Failures of a version that serves nobody any more change nothing.
	sessions(w, strict(), "version-2", 20, 20)
	if got := w.History(); len(got) != len(last) {
		t.Errorf("the history is %v", got)
	}
	events := enginetest.Read(w, func(tx engine.Tx) ([]engine.Event, error) {
		return tx.Events().List(engine.EventFilter{Brand: brand, Limit: 10_000})
	})
	told := ""
	for _, e := range events {
		if e.Kind == engine.EventPublished {
			told = string(e.Data)
		}
	}
	if !strings.Contains(told, `"kind":"tripped"`) || !strings.Contains(told, "back to v1") {
		t.Errorf("the last event tells %s", told)
	}
}

func TestBreakerStopsACanary(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Push("version-2", two)
	if err := w.Versions.Canary(t.Context(), brand, "version-2", 10, versions.By{}); err != nil {
		t.Fatal(err)
	}
	sessions(w, strict(), "version-2", 20, 5)
	b := w.Stored()
	if b.Version != "v1" || b.Canary.Version != "" || b.Held["version-2"] == "" {
		t.Errorf("it is %+v", b)
	}
	// Released and tried again, it is judged by what it does from now on.
	w.Clock.Advance(time.Minute)
	if err := w.Versions.Release(t.Context(), brand, "version-2", versions.By{}); err != nil {
		t.Fatal(err)
	}
	if err := w.Versions.Canary(t.Context(), brand, "version-2", 10, versions.By{}); err != nil {
		t.Fatal(err)
	}
	sessions(w, strict(), "version-2", 9, 9)
	if b := w.Stored(); b.Canary.Version != "version-2" {
		t.Errorf("what it did before it was released counts: %+v", b)
	}
	sessions(w, strict(), "version-2", 1, 1)
	if b := w.Stored(); b.Canary.Version != "" {
		t.Errorf("it is %+v", b)
	}
}

func TestBreakerKeepsTheOnlyVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Clock.Advance(time.Minute)
	sessions(w, strict(), "v1", 30, 30)
	if b := w.Stored(); b.Version != "v1" || len(b.Held) > 0 {
		t.Errorf("it is %+v", b)
	}
	if got := fmt.Sprint(w.History()); got != "[activated v1 tripped v1]" {
		t.Errorf("the history is %s", got)
	}
}

// An earlier version whose settings cannot be read any more still takes over
// with its bots. A canary beside it goes on.
func TestBreakerWithoutTheOldSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Push("version-2", two)
	w.Activate("version-2")
	w.Push("version-3", three)
	if err := w.Versions.Canary(t.Context(), brand, "version-3", 10, versions.By{}); err != nil {
		t.Fatal(err)
	}
	sessions(w, breaker.Breaker{Policy: strict().Policy, Read: func(b engine.Bundle) (v versions.Version, err error) {
		return v, engine.Errorf(engine.Invalid, "TOKEN is not set")
	}}, "version-2", 10, 10)
	b := w.Stored()
	if b.Version != "v1" || b.Name != "Acme version-2" || b.Canary.Version != "version-3" || b.Held["version-2"] == "" {
		t.Errorf("it is %+v", b)
	}
}

// The whole way: a version that breaks on every other conversation serves new
// ones until it has failed too often; after that they get the one before.
func TestBreakerOverRealTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Dialog.Failed = strict().Failed
	w.Clock.Advance(time.Minute)
	w.Push("version-2", `return function(chat)
		if chat.opening.text == "odd" then error "it broke" end
		chat:ask "two?"
	end`)
	w.Activate("version-2")
	served := map[string]int{}
	for i := range 40 {
		word := []string{"even", "odd"}[i%2]
		c := w.Visitor(fmt.Sprintf("v%d", i), word)
		s := w.Session(c.ID)
		served[s.Version]++
		if failed := s.State == engine.SessionParked; failed != (s.Version == "version-2" && word == "odd") {
			t.Fatalf("conversation %d is %s on %s", i, s.State, s.Version)
		}
		if s.State == engine.SessionParked && c.Owner != engine.OwnerQueue {
			t.Errorf("nobody gets conversation %d: %+v", i, c)
		}
		w.Clock.Advance(time.Second) // what dialog remembers of a brand is a second old at most
	}
	if served["version-2"] != 10 || served["v1"] != 30 {
		t.Errorf("they were served by %v", served)
	}
	groups, err := w.Versions.Faults(t.Context(), brand, w.Clock.Now().Add(-time.Hour), 10)
	if err != nil || len(groups) != 1 || groups[0].Conversations != 5 || groups[0].Fault.Version != "version-2" {
		t.Fatalf("the faults are %+v, %v", groups, err)
	}
	g, met, err := w.Versions.Fault(t.Context(), brand, groups[0].ID, 3)
	if err != nil || len(met) != 3 || g.Sample != met[0] {
		t.Errorf("%+v, %v, %v", g, met, err)
	}
}
