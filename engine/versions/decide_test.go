package versions

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
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
	at := func(kind engine.ReleaseKind, bundle string, minutes int) engine.Release {
		return engine.Release{Kind: kind, Bundle: bundle, At: noon.Add(time.Duration(minutes) * time.Minute)}
	}
	// newest first
	two := []engine.Release{at("activated", "v2", -120), at("pushed", "v2", -130), at("activated", "v1", -1000)}
	active := engine.Brand{Bundle: "v2"}
	for _, c := range []struct {
		name    string
		brand   engine.Brand
		bundle  string
		history []engine.Release
		want    tripPlan // since zero stands for the window's begin
	}{
		{"an old version", active, "v1", two, tripPlan{}},
		{"the active one", active, "v2", two, tripPlan{kind: goBack, back: "v1"}},
		{"the first one", engine.Brand{Bundle: "v1"}, "v1", two[2:], tripPlan{kind: keep}},
		{"without a history", active, "v2", nil, tripPlan{kind: keep}},
		{"the one before is held", engine.Brand{Bundle: "v2", Held: map[string]string{"v1": "bad"}}, "v2", two, tripPlan{kind: keep}},
		{"past a held one", engine.Brand{Bundle: "v3", Held: map[string]string{"v2": "bad"}}, "v3",
			append([]engine.Release{at("activated", "v3", -90)}, two...), tripPlan{kind: goBack, back: "v1"}},
		{"the canary", engine.Brand{Bundle: "v1", Canary: engine.Canary{Bundle: "v2", Share: 5}}, "v2", nil, tripPlan{kind: stopCanary}},
		{"the active one beside a canary", engine.Brand{Bundle: "v2", Canary: engine.Canary{Bundle: "v3", Share: 5}}, "v2", two, tripPlan{kind: goBack, back: "v1"}},
		{"activated lately", active, "v2", []engine.Release{at("activated", "v2", -10), two[2]}, tripPlan{goBack, "v1", noon.Add(-10 * time.Minute)}},
		{"released lately", engine.Brand{Bundle: "v1", Canary: engine.Canary{Bundle: "v2", Share: 5}}, "v2",
			[]engine.Release{at("canary", "v2", -5), at("released", "v2", -6), at("tripped", "v2", -20)}, tripPlan{stopCanary, "", noon.Add(-5 * time.Minute)}},
		{"told already", engine.Brand{Bundle: "v1"}, "v1", []engine.Release{at("tripped", "v1", -20), two[2]}, tripPlan{}},
		{"told long ago", engine.Brand{Bundle: "v1"}, "v1", []engine.Release{at("tripped", "v1", -90), two[2]}, tripPlan{kind: keep}},
		{"a canary was never active", engine.Brand{Bundle: "v1"}, "v1", []engine.Release{at("stopped", "v2", -5), at("canary", "v2", -9), two[2]}, tripPlan{kind: keep}},
		{"back to what was gone back to", engine.Brand{Bundle: "v3"}, "v3",
			[]engine.Release{at("activated", "v3", -70), at("rolled_back", "v1", -80), at("activated", "v2", -90)}, tripPlan{kind: goBack, back: "v1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.want.kind != nothing && c.want.since.IsZero() {
				c.want.since = noon.Add(-time.Hour)
			}
			if got := decide(c.brand, c.bundle, c.history, noon.Add(-time.Hour)); got != c.want {
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
		bundle := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		kind := rapid.SampledFrom([]engine.ReleaseKind{
			engine.ReleasePushed, engine.ReleaseActivated, engine.ReleaseRolled, engine.ReleaseCanary, engine.ReleaseStopped, engine.ReleaseTripped, engine.ReleaseReleased,
		})
		b := engine.Brand{Bundle: bundle.Draw(t, "active")}
		if rapid.Bool().Draw(t, "canary") {
			b.Canary = engine.Canary{Bundle: bundle.Draw(t, "canary bundle"), Share: 10}
		}
		for _, h := range rapid.SliceOfN(bundle, 0, 3).Draw(t, "held") {
			hold(&b, h, "bad", nil)
		}
		var history []engine.Release
		active := map[string]bool{}
		for i := range rapid.IntRange(0, 12).Draw(t, "releases") {
			r := engine.Release{Bundle: bundle.Draw(t, "bundle"), Kind: kind.Draw(t, "kind"), At: noon.Add(-time.Duration(i*10) * time.Minute)}
			history = append(history, r)
			active[r.Bundle] = active[r.Bundle] || r.Kind == engine.ReleaseActivated || r.Kind == engine.ReleaseRolled
		}
		failing := bundle.Draw(t, "failing")
		since := noon.Add(-time.Hour)
		plan := decide(b, failing, history, since)
		_, held := b.Held[plan.back]
		serves := failing == b.Bundle || failing == b.Canary.Bundle
		switch {
		case plan.kind != nothing && !serves:
			t.Fatalf("%s serves nobody, but %+v", failing, plan)
		case plan.kind == goBack && (plan.back == failing || held || !active[plan.back]):
			t.Fatalf("it goes back to %+v", plan)
		case plan.kind == stopCanary && failing == b.Bundle:
			t.Fatalf("the active version is no canary: %+v", plan)
		case plan.kind != goBack && plan.back != "":
			t.Fatalf("it goes nowhere: %+v", plan)
		case plan.kind != nothing && plan.since.Before(since):
			t.Fatalf("it looks back too far: %+v", plan)
		}
	})
}

func TestHeldVersionsAreBounded(t *testing.T) {
	t.Parallel()
	var b engine.Brand
	var history []engine.Release
	for i := range 3 * maxHeld {
		hash := fmt.Sprint(i)
		history = append([]engine.Release{{Bundle: hash}}, history...)
		hold(&b, hash, "bad", history)
	}
	if len(b.Held) != maxHeld || b.Held[fmt.Sprint(3*maxHeld-1)] == "" || b.Held["0"] != "" {
		t.Errorf("%d are held", len(b.Held))
	}
}
