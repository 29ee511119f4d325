package versions_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions"
)

const (
	one   = `return function(chat) chat:ask "one?" chat:say "One." end`
	two   = `return function(chat) chat:ask "two?" chat:say "Two." end`
	three = `return function(chat) chat:ask "three?" end`
)

func TestVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	ctx := t.Context()
	written := 0
	w.Bus.Subscribe(engine.TopicBrand, func(engine.Signal) { written++ })
	w.Push("version-2", two)
	w.Push("version-3", three)
	if b := w.Stored(); b.Version != "v1" || b.Name != "Acme" {
		t.Errorf("a push activated: %+v", b)
	}
	if fresh, err := w.Versions.Push(ctx, enginetest.Bundle("version-2", two), versions.By{}); fresh || err != nil {
		t.Errorf("the same again: %t, %v", fresh, err)
	}
	w.Activate("version-2")
	if b := w.Stored(); b.Version != "version-2" || b.Name != "Acme version-2" {
		t.Errorf("the settings are another version's: %+v", b)
	}
	if changed, err := w.Versions.Activate(ctx, brand, "version-2", versions.By{}); changed || err != nil {
		t.Errorf("the active one again: %t, %v", changed, err)
	}
	w.Activate("version-3")
	back, err := w.Versions.RollBack(ctx, brand, versions.By{Actor: "agent:ana", Note: "it was rude"})
	if err != nil || back != "version-2" || w.Stored().Held["version-3"] != "it was rude" {
		t.Fatalf("back to %q, %v, %+v", back, err, w.Stored())
	}
	_, err = w.Versions.Activate(ctx, brand, "version-3", versions.By{})
	w.Refused(engine.Conflict, "it was rude", err)
	w.Refused(engine.Conflict, "it was rude", w.Versions.Canary(ctx, brand, "version-3", 10, versions.By{}))
	if back, err = w.Versions.RollBack(ctx, brand, versions.By{}); err != nil || back != "v1" || w.Stored().Name != "Acme" {
		t.Fatalf("back to %q, %v", back, err)
	}
	_, err = w.Versions.RollBack(ctx, brand, versions.By{})
	w.Refused(engine.Conflict, "no earlier version", err)
	if err := w.Versions.Release(ctx, brand, "version-3", versions.By{}); err != nil {
		t.Fatal(err)
	}
	w.Refused(engine.Conflict, "not held", w.Versions.Release(ctx, brand, "version-3", versions.By{}))
	w.Activate("version-3")
	want := []string{
		"activated v1", "pushed version-2", "pushed version-3", "activated version-2", "activated version-3", "rolled_back version-2",
		"rolled_back v1", "released version-3", "activated version-3",
	}
	if diff := cmp.Diff(want, w.History()); diff != "" {
		t.Error(diff)
	}
	events := enginetest.Read(w, func(tx engine.Tx) ([]engine.Event, error) {
		return tx.Events().List(engine.EventFilter{Brand: brand, Limit: 100})
	})
	var d engine.PublishData
	if len(events) != len(want) || json.Unmarshal(events[5].Data, &d) != nil || events[5].Kind != engine.EventPublished ||
		d != (engine.PublishData{Version: "version-2", Kind: engine.VersionRolledBack, Actor: "agent:ana", Note: "it was rude"}) {
		t.Errorf("%d events, the sixth tells %+v", len(events), d)
	}
	if written != len(want)-3+1 { // all but the first and the pushes, and one that changed nothing
		t.Errorf("it was told %d times", written)
	}
}

func TestVersionsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	ctx := t.Context()
	broken := enginetest.Bundle("version-b", one)
	broken.Files["brand.yaml"] = "broken"
	_, err := w.Versions.Push(ctx, broken, versions.By{})
	w.Refused(engine.Invalid, "it is broken", err)
	w.Push("version-c", "return function(chat")
	_, err = w.Versions.Activate(ctx, brand, "version-c", versions.By{})
	w.Refused(engine.Invalid, "This version cannot answer on acme.phone: bots/main.lua:1", err)
	w.Refused(engine.Invalid, "cannot answer", w.Versions.Canary(ctx, brand, "version-c", 5, versions.By{}))
	nobody := enginetest.Bundle("version-n", one)
	nobody.Files = map[string]string{"brand.yaml": "Acme", "bots/other.lua": one}
	if _, err := w.Versions.Push(ctx, nobody, versions.By{}); err != nil {
		t.Fatal(err)
	}
	_, err = w.Versions.Activate(ctx, brand, "version-n", versions.By{})
	w.Refused(engine.Invalid, `no bot "main"`, err)
	_, err = w.Versions.Activate(ctx, brand, "nothing", versions.By{})
	w.Refused(engine.NotFound, "", err)
	_, err = w.Versions.Activate(ctx, "other", "v1", versions.By{})
	w.Refused(engine.NotFound, "", err)
	_, err = w.Versions.RollBack(ctx, "other", versions.By{})
	w.Refused(engine.NotFound, "", err)
	for _, share := range []int{-1, 0, 100} {
		w.Refused(engine.Invalid, "share", w.Versions.Canary(ctx, brand, "v1", share, versions.By{}))
	}
	w.Refused(engine.Conflict, "is active", w.Versions.Canary(ctx, brand, "v1", 5, versions.By{}))
	w.Refused(engine.Conflict, "no canary", w.Versions.StopCanary(ctx, brand, versions.By{}))
	if got := w.History(); len(got) != 3 {
		t.Errorf("refusals were recorded: %v", got)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Push("version-2", two)
	w.Push("version-3", two)
	w.Push("another-4", two)
	if err := w.Versions.Canary(t.Context(), brand, "version-3", 5, versions.By{}); err != nil {
		t.Fatal(err)
	}
	for prefix, want := range map[string]string{
		"v1": "v1", "version-2": "version-2", "anothe": "another-4", "active": "v1", "canary": "version-3",
	} {
		if got, err := w.Versions.Find(t.Context(), brand, prefix); got != want || err != nil {
			t.Errorf("%q is %q, %v", prefix, got, err)
		}
	}
	for prefix, want := range map[string]struct {
		code  engine.Code
		words string
	}{
		"version": {engine.Invalid, "more than one"}, "anoth": {engine.Invalid, "at least 6"}, "nothing": {engine.NotFound, `"nothing"`}, "": {engine.Invalid, "at least"},
	} {
		_, err := w.Versions.Find(t.Context(), brand, prefix)
		w.Refused(want.code, want.words, err)
	}
}

// A version from before bundles held brand.yaml keeps the settings as they are.
func TestActivateWithoutSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Update(func(tx engine.Tx) error {
		return tx.Bundles().Add(engine.Bundle{Hash: "plain", Brand: brand, Files: map[string]string{"bots/main.lua": two}, CreatedAt: w.Clock.Now()})
	})
	w.Activate("plain")
	if b := w.Stored(); b.Name != "Acme" || b.Version != "plain" {
		t.Errorf("it is %+v", b)
	}
}

func TestPushMakesABrand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	b := enginetest.Bundle("version-2", two)
	b.Brand = "shop"
	if fresh, err := w.Versions.Push(t.Context(), b, versions.By{}); !fresh || err != nil {
		t.Fatalf("%t, %v", fresh, err)
	}
	made := enginetest.Read(w, func(tx engine.Tx) (engine.Brand, error) { return tx.Brands().Get("shop") })
	if made.Version != "" || made.Name != "Acme version-2" {
		t.Errorf("it is %+v", made)
	}
	err := w.Versions.Canary(t.Context(), "shop", "version-2", 5, versions.By{})
	w.Refused(engine.Conflict, "No version is active", err)
}

// A canary gets its share of new conversations; those that wait stay where they are.
func TestCanary(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	waiting := w.Visitor("first", "hi")
	w.Push("version-2", two)
	if err := w.Versions.Canary(t.Context(), brand, "version-2", 50, versions.By{Note: "try"}); err != nil {
		t.Fatal(err)
	}
	heard := map[string]int{}
	for i := range 40 {
		c := w.Visitor(strings.Repeat("v", i+1), "hi")
		lines := w.Lines(c.ID)
		heard[lines[len(lines)-1]]++
		if s := w.Session(c.ID); (s.Version == "version-2") != (lines[len(lines)-1] == "bot: two?") {
			t.Errorf("the session is of %s", s.Version)
		}
	}
	if heard["bot: one?"] < 5 || heard["bot: two?"] < 5 || heard["bot: one?"]+heard["bot: two?"] != 40 {
		t.Errorf("they heard %v", heard)
	}
	o, err := w.Versions.Overview(t.Context(), brand, w.Clock.Now().Add(-time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Versions) != 2 || len(o.History) != 3 {
		t.Fatalf("it shows %+v", o)
	}
	for _, l := range o.Versions {
		total := l.Total()
		switch l.Hash {
		case "v1":
			if !l.Active || l.Share != 0 || total.Conversations != heard["bot: one?"]+1 || total.Waiting != total.Conversations {
				t.Errorf("the active one is %+v", l)
			}
		default:
			if l.Active || l.Share != 50 || total.Conversations != heard["bot: two?"] {
				t.Errorf("the canary is %+v", l)
			}
		}
	}
	if err := w.Versions.StopCanary(t.Context(), brand, versions.By{}); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		c := w.Visitor(strings.Repeat("w", i+1), "hi")
		if s := w.Session(c.ID); s.Version != "v1" {
			t.Errorf("without a canary it runs %s", s.Version)
		}
	}
	w.Push("version-3", three)
	if err := w.Versions.Canary(t.Context(), brand, "version-3", 10, versions.By{}); err != nil {
		t.Fatal(err)
	}
	w.Activate("version-2")
	history := w.History()
	if diff := cmp.Diff([]string{"canary version-3 10%", "stopped version-3", "activated version-2"}, history[len(history)-3:]); diff != "" || w.Stored().Canary.Version != "" {
		t.Error(diff)
	}
	c := w.Visitor("first", "yes") // who came first is answered by the version that asked
	if c.ID != waiting.ID || !cmp.Equal(w.Lines(c.ID), []string{"consumer: hi", "bot: one?", "consumer: yes", "bot: One."}) {
		t.Errorf("who waited sees %v", w.Lines(c.ID))
	}
}

// Who tries a draft talks to it, and nobody else does.
func TestDraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Push("version-2", two)
	id := w.WriteAs(enginetest.Web, engine.Inbound{From: "tester", ProviderID: "1", Draft: "version-2", Content: engine.Content{Text: "hi"}}).Conversation.ID
	w.Visit(id)
	if c := w.Conversation(id); c.Draft != "version-2" || w.Lines(id)[1] != "bot: two?" {
		t.Errorf("the tester's conversation is %+v, %v", c, w.Lines(id))
	}
	if c := w.Visitor("other", "hi"); c.Draft != "" || w.Lines(c.ID)[1] != "bot: one?" {
		t.Errorf("another conversation is %+v", c)
	}
}

// A version that was made of another one takes its place, and no other's.
func TestReplace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.Push("version-2", two)
	w.Push("version-3", three)
	nothing := func(engine.Tx) error { return nil }
	w.Refused(engine.Conflict, "became active meanwhile", w.Versions.Replace(t.Context(), brand, "version-3", "version-2", versions.By{}, nothing))
	failed := engine.Errorf(engine.Invalid, "not so")
	w.Refused(engine.Invalid, "not so", w.Versions.Replace(t.Context(), brand, "v1", "version-2", versions.By{}, func(engine.Tx) error { return failed }))
	if b := w.Stored(); b.Version != "v1" {
		t.Fatalf("%s is active", b.Version)
	}

	// Of many at the same time one wins.
	const tries = 8
	var group sync.WaitGroup
	errs := make([]error, tries)
	for i := range tries {
		group.Go(func() {
			to := []string{"version-2", "version-3"}[i%2]
			errs[i] = w.Versions.Replace(t.Context(), brand, "v1", to, versions.By{}, nothing)
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		w.Refused(engine.Conflict, "became active meanwhile", err)
	}
	if won != 1 {
		t.Errorf("%d of them activated a version", won)
	}
}
