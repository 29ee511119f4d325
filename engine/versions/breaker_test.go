package versions_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions"
)

// sessions adds conversations with a session of the bundle; the failed ones
// are told to the breaker, as a failed turn does.
func (w *world) sessions(k versions.Breaker, bundle string, all, failed int) {
	w.T.Helper()
	for i := range all {
		id := w.WriteAs(enginetest.Web, engine.Inbound{From: w.ID(), ProviderID: w.ID(), Content: engine.Content{Text: "hi"}}).Conversation.ID
		w.Update(func(tx engine.Tx) error {
			s := engine.Session{ID: w.ID(), Brand: brand, Conversation: id, Bot: "main", Bundle: bundle, State: engine.SessionDone, CreatedAt: w.Clock.Now()}
			if i >= all-failed {
				s.State = engine.SessionParked
			}
			if err := tx.Sessions().Add(s); err != nil {
				return err
			}
			if s.State == engine.SessionParked {
				return k.Failed(tx, brand, bundle, w.Clock.Now())
			}
			return nil
		})
	}
}

func breaker() versions.Breaker {
	return versions.Breaker{Policy: versions.Policy{MinSessions: 10, MaxRate: 0.2, Window: time.Hour}, Read: settings}
}

func TestBreakerGoesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Clock.Advance(time.Minute)
	w.push("version-2", two)
	w.activate("version-2")
	w.sessions(breaker(), "version-2", 9, 9)
	if b := w.brand(); b.Bundle != "version-2" {
		t.Fatal("it went back after too few conversations")
	}
	w.sessions(breaker(), "v1", 30, 30) // an old version's failures are not the new one's
	w.sessions(breaker(), "version-2", 1, 1)
	b := w.brand()
	if b.Bundle != "v1" || b.Name != "Acme" || !strings.HasPrefix(b.Held["version-2"], "10 of 10 conversations failed in ") {
		t.Errorf("it is %+v", b)
	}
	last := w.history()
	if last[len(last)-1] != "tripped version-2" {
		t.Errorf("the history is %v", last)
	}
	// Failures of a version that serves nobody any more change nothing.
	w.sessions(breaker(), "version-2", 20, 20)
	if got := w.history(); len(got) != len(last) {
		t.Errorf("the history is %v", got)
	}
	events := enginetest.Read(w.World, func(tx engine.Tx) ([]engine.Event, error) {
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
	w.push("version-2", two)
	if err := w.versions.Canary(t.Context(), brand, "version-2", 10, versions.By{}); err != nil {
		t.Fatal(err)
	}
	w.sessions(breaker(), "version-2", 20, 5)
	b := w.brand()
	if b.Bundle != "v1" || b.Canary.Bundle != "" || b.Held["version-2"] == "" {
		t.Errorf("it is %+v", b)
	}
	// Released and tried again, it is judged by what it does from now on.
	w.Clock.Advance(time.Minute)
	if err := w.versions.Release(t.Context(), brand, "version-2", versions.By{}); err != nil {
		t.Fatal(err)
	}
	if err := w.versions.Canary(t.Context(), brand, "version-2", 10, versions.By{}); err != nil {
		t.Fatal(err)
	}
	w.sessions(breaker(), "version-2", 9, 9)
	if b := w.brand(); b.Canary.Bundle != "version-2" {
		t.Errorf("what it did before it was released counts: %+v", b)
	}
	w.sessions(breaker(), "version-2", 1, 1)
	if b := w.brand(); b.Canary.Bundle != "" {
		t.Errorf("it is %+v", b)
	}
}

func TestBreakerKeepsTheOnlyVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Clock.Advance(time.Minute)
	w.sessions(breaker(), "v1", 30, 30)
	if b := w.brand(); b.Bundle != "v1" || len(b.Held) > 0 {
		t.Errorf("it is %+v", b)
	}
	if got := fmt.Sprint(w.history()); got != "[activated v1 tripped v1]" {
		t.Errorf("the history is %s", got)
	}
}

// An earlier version whose settings cannot be read any more still takes over
// with its bots. A canary beside it goes on.
func TestBreakerWithoutTheOldSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.push("version-2", two)
	w.activate("version-2")
	w.push("version-3", three)
	if err := w.versions.Canary(t.Context(), brand, "version-3", 10, versions.By{}); err != nil {
		t.Fatal(err)
	}
	w.sessions(versions.Breaker{Policy: breaker().Policy, Read: func(b engine.Bundle) (v versions.Version, err error) {
		return v, engine.Errorf(engine.Invalid, "TOKEN is not set")
	}}, "version-2", 10, 10)
	b := w.brand()
	if b.Bundle != "v1" || b.Name != "Acme version-2" || b.Canary.Bundle != "version-3" || b.Held["version-2"] == "" {
		t.Errorf("it is %+v", b)
	}
}

// The whole way: a version that breaks on every other conversation serves new
// ones until it has failed too often; after that they get the one before.
func TestBreakerOverRealTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Dialog.Failed = breaker().Failed
	w.Clock.Advance(time.Minute)
	w.push("version-2", `return function(chat)
		if chat.opening.text == "odd" then error "it broke" end
		chat:ask "two?"
	end`)
	w.activate("version-2")
	served := map[string]int{}
	for i := range 40 {
		word := []string{"even", "odd"}[i%2]
		c := w.visitor(fmt.Sprintf("v%d", i), word)
		s := w.Session(c.ID)
		served[s.Bundle]++
		if failed := s.State == engine.SessionParked; failed != (s.Bundle == "version-2" && word == "odd") {
			t.Fatalf("conversation %d is %s on %s", i, s.State, s.Bundle)
		}
		if s.State == engine.SessionParked && c.Owner != engine.OwnerQueue {
			t.Errorf("nobody gets conversation %d: %+v", i, c)
		}
		w.Clock.Advance(time.Second) // what dialog remembers of a brand is a second old at most
	}
	if served["version-2"] != 10 || served["v1"] != 30 {
		t.Errorf("they were served by %v", served)
	}
	groups, err := w.versions.Faults(t.Context(), brand, w.Clock.Now().Add(-time.Hour), 10)
	if err != nil || len(groups) != 1 || groups[0].Conversations != 5 || groups[0].Fault.Bundle != "version-2" {
		t.Fatalf("the faults are %+v, %v", groups, err)
	}
	g, met, err := w.versions.Fault(t.Context(), brand, groups[0].ID, 3)
	if err != nil || len(met) != 3 || g.Sample != met[0] {
		t.Errorf("%+v, %v, %v", g, met, err)
	}
}
