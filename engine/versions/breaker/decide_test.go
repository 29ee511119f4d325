package breaker

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/versions"
)

func TestTrips(t *testing.T) {
	t.Parallel()
	p := DefaultPolicy()
	for _, c := range []struct {
		all, failed int
		want        bool
	}{
		{0, 0, false}, {19, 19, false}, {20, 4, false}, {20, 5, true}, {100, 20, false}, {100, 21, true}, {1000, 0, false},
	} {
		if got := p.Trips(c.all, c.failed); got != c.want {
			t.Errorf("%d of %d: %t", c.failed, c.all, got)
		}
	}
	if (Policy{}).Trips(0, 0) {
		t.Error("nothing trips a policy without bounds")
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	at := func(kind engine.VersionChangeKind, version string, minutes int) engine.VersionChange {
		return engine.VersionChange{Kind: kind, Version: version, At: noon.Add(time.Duration(minutes) * time.Minute)}
	}
	// newest first
	two := []engine.VersionChange{at("activated", "v2", -120), at("pushed", "v2", -130), at("activated", "v1", -1000)}
	active := engine.Brand{Version: "v2"}
	for _, c := range []struct {
		name    string
		brand   engine.Brand
		version string
		history []engine.VersionChange
		want    tripPlan // since zero stands for the window's begin
	}{
		{"an old version", active, "v1", two, tripPlan{}},
		{"the active one", active, "v2", two, tripPlan{kind: goBack, back: "v1"}},
		{"the first one", engine.Brand{Version: "v1"}, "v1", two[2:], tripPlan{kind: keep}},
		{"without a history", active, "v2", nil, tripPlan{kind: keep}},
		{"the one before is held", engine.Brand{Version: "v2", Held: map[string]string{"v1": "bad"}}, "v2", two, tripPlan{kind: keep}},
		{"past a held one", engine.Brand{Version: "v3", Held: map[string]string{"v2": "bad"}}, "v3",
			append([]engine.VersionChange{at("activated", "v3", -90)}, two...), tripPlan{kind: goBack, back: "v1"}},
		{"the canary", engine.Brand{Version: "v1", Canary: engine.Canary{Version: "v2", Share: 5}}, "v2", nil, tripPlan{kind: stopCanary}},
		{"the active one beside a canary", engine.Brand{Version: "v2", Canary: engine.Canary{Version: "v3", Share: 5}}, "v2", two, tripPlan{kind: goBack, back: "v1"}},
		{"activated lately", active, "v2", []engine.VersionChange{at("activated", "v2", -10), two[2]}, tripPlan{goBack, "v1", noon.Add(-10 * time.Minute)}},
		{"released lately", engine.Brand{Version: "v1", Canary: engine.Canary{Version: "v2", Share: 5}}, "v2",
			[]engine.VersionChange{at("canary", "v2", -5), at("released", "v2", -6), at("tripped", "v2", -20)}, tripPlan{stopCanary, "", noon.Add(-5 * time.Minute)}},
		{"told already", engine.Brand{Version: "v1"}, "v1", []engine.VersionChange{at("tripped", "v1", -20), two[2]}, tripPlan{}},
		{"told long ago", engine.Brand{Version: "v1"}, "v1", []engine.VersionChange{at("tripped", "v1", -90), two[2]}, tripPlan{kind: keep}},
		{"a canary was never active", engine.Brand{Version: "v1"}, "v1", []engine.VersionChange{at("stopped", "v2", -5), at("canary", "v2", -9), two[2]}, tripPlan{kind: keep}},
		{"back to what was gone back to", engine.Brand{Version: "v3"}, "v3",
			[]engine.VersionChange{at("activated", "v3", -70), at("rolled_back", "v1", -80), at("activated", "v2", -90)}, tripPlan{kind: goBack, back: "v1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.want.kind != nothing && c.want.since.IsZero() {
				c.want.since = noon.Add(-time.Hour)
			}
			if got := decide(c.brand, c.version, c.history, noon.Add(-time.Hour)); got != c.want {
				t.Errorf("it decides %+v, want %+v", got, c.want)
			}
		})
	}
}

// Whatever happened before: it never goes back to the failing version, to a
// held one or to one that was never active, and leaves other versions alone.
func TestDecideNeverMakesItWorse(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		version := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		kind := rapid.SampledFrom([]engine.VersionChangeKind{
			engine.VersionPushed, engine.VersionActivated, engine.VersionRolledBack, engine.VersionCanary, engine.VersionStopped, engine.VersionTripped, engine.VersionReleased,
		})
		b := engine.Brand{Version: version.Draw(t, "active")}
		if rapid.Bool().Draw(t, "canary") {
			b.Canary = engine.Canary{Version: version.Draw(t, "canary version"), Share: 10}
		}
		for _, h := range rapid.SliceOfN(version, 0, 3).Draw(t, "held") {
			versions.Hold(&b, h, "bad", nil)
		}
		var history []engine.VersionChange
		active := map[string]bool{}
		for i := range rapid.IntRange(0, 12).Draw(t, "changes") {
			r := engine.VersionChange{Version: version.Draw(t, "version"), Kind: kind.Draw(t, "kind"), At: noon.Add(-time.Duration(i*10) * time.Minute)}
			history = append(history, r)
			active[r.Version] = active[r.Version] || r.Kind == engine.VersionActivated || r.Kind == engine.VersionRolledBack
		}
		failing := version.Draw(t, "failing")
		since := noon.Add(-time.Hour)
		plan := decide(b, failing, history, since)
		_, held := b.Held[plan.back]
		serves := failing == b.Version || failing == b.Canary.Version
		switch {
		case plan.kind != nothing && !serves:
			t.Fatalf("%s serves nobody, but %+v", failing, plan)
		case plan.kind == goBack && (plan.back == failing || held || !active[plan.back]):
			t.Fatalf("it goes back to %+v", plan)
		case plan.kind == stopCanary && failing == b.Version:
			t.Fatalf("the active version is no canary: %+v", plan)
		case plan.kind != goBack && plan.back != "":
			t.Fatalf("it goes nowhere: %+v", plan)
		case plan.kind != nothing && plan.since.Before(since):
			t.Fatalf("it looks back too far: %+v", plan)
		}
	})
}
