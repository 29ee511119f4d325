package storagetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parley/engine"
)

func testValues(_ *testing.T, f fixture) {
	get := func(brand string, now int) func(engine.Tx) (engine.Value, error) {
		return func(t engine.Tx) (engine.Value, error) { return t.Values().Get(brand, "k", at(now)) }
	}
	put := func(v engine.Value, now int) int64 {
		return written(f, v, false, now)
	}
	v := engine.Value{Brand: "acme", Key: "k", Data: []byte(`{"n":1}`)}
	f.missing(func(t engine.Tx) error { _, err := get("acme", 0)(t); return err })
	f.equal(put(v, 0), int64(1))
	v.Version = 1
	f.equal(read(f, get("acme", 99)), v)
	f.missing(func(t engine.Tx) error { _, err := get("beta", 0)(t); return err })
	f.equal(put(engine.Value{Brand: "beta", Key: "k", Data: []byte(`0`)}, 0), int64(1))

	v.Data, v.ExpiresAt = []byte(`"two"`), at(10)
	f.equal(put(v, 1), int64(2))
	v.Version = 2
	f.equal(read(f, get("acme", 9)), v)
	f.missing(func(t engine.Tx) error { _, err := get("acme", 10)(t); return err })
	f.equal(put(v, 10), int64(1)) // what has expired does not count
	f.equal(put(engine.Value{Brand: "acme", Key: "other", Data: []byte(`1`), ExpiresAt: at(20)}, 10), int64(1))
	f.equal(put(engine.Value{Brand: "acme", Key: "lasting", Data: []byte(`1`)}, 10), int64(1))

	count := func(t engine.Tx) (int, error) { return t.Values().Count("acme") }
	f.equal(read(f, count), 3)
	expire := func(now, limit, want int) {
		f.update(func(t engine.Tx) error {
			n, err := t.Values().Expire(at(now), limit)
			if n != want {
				f.t.Errorf("expired %d, want %d", n, want)
			}
			return err
		})
	}
	expire(9, 10, 0)
	expire(30, 1, 1) // the one that ended first
	f.equal(read(f, count), 2)
	expire(30, 10, 1)
	expire(30, 10, 0)
	f.equal(read(f, func(t engine.Tx) (engine.Value, error) { return t.Values().Get("acme", "lasting", at(30)) }).Version, int64(1))
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Values().Remove("gamma", "k") })
	f.update(func(t engine.Tx) error { return t.Values().Remove("acme", "lasting") })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Values().Remove("acme", "lasting") })
	f.equal(read(f, count), 0)
	f.equal(read(f, get("beta", 30)).Data, []byte(`0`))
}

// written puts a value and gives its version.
func written(f fixture, v engine.Value, check bool, now int) int64 {
	f.t.Helper()
	var version int64
	f.update(func(t engine.Tx) (err error) {
		version, err = t.Values().Put(v, check, at(now))
		return err
	})
	return version
}

func testValueCheck(_ *testing.T, f fixture) {
	v := func(version int64) engine.Value {
		return engine.Value{Brand: "acme", Key: "k", Data: []byte(fmt.Sprint(version)), Version: version, ExpiresAt: at(100)}
	}
	conflict := func(version int64, now int) {
		f.t.Helper()
		f.refuse(engine.Conflict, func(t engine.Tx) error {
			_, err := t.Values().Put(v(version), true, at(now))
			return err
		})
	}
	conflict(1, 0) // missing
	conflict(-1, 0)
	f.equal(written(f, v(0), true, 0), int64(1))
	conflict(0, 1)
	conflict(2, 1)
	f.equal(written(f, v(1), true, 1), int64(2))
	conflict(1, 2)
	conflict(2, 100) // expired
	f.equal(written(f, v(0), true, 100), int64(1))
}

// testValueRace: of all who saw the same version, one writes.
func testValueRace(t *testing.T, f fixture) {
	errs := concurrently(16, func(i int) error {
		return f.store.Update(context.Background(), func(t engine.Tx) error {
			_, err := t.Values().Put(engine.Value{Brand: "acme", Key: "k", Data: []byte(fmt.Sprint(i))}, true, at(0))
			return err
		})
	})
	if n := count(errs, engine.Conflict); n != 15 {
		t.Fatalf("%d of 16 were refused: %v", n, errs)
	}
}

func testFollowups(t *testing.T, f fixture) {
	next := func(t engine.Tx) (time.Time, error) { return t.Followups().Next() }
	if n := read(f, next); !n.IsZero() {
		t.Fatalf("nothing is planned, and next is %v", n)
	}
	plan := func(id, consumer, name string, ms int) engine.Followup {
		return engine.Followup{
			ID: id, Brand: "acme", Consumer: consumer, Channel: "acme.sms", Address: "+1", At: at(ms),
			FollowupData: engine.FollowupData{Name: name, Bot: "concierge", State: []byte(`{"n":1}`)},
		}
	}
	a, b, c := plan("f1", "ann", "review", 30), plan("f2", "ann", "bill", 10), plan("f3", "bob", "review", 20)
	c.Bot, c.State = "", nil
	f.update(func(t engine.Tx) error { return add([]engine.Followup{a, b, c}, t.Followups().Add) })
	due := func(ms, limit int) []engine.Followup {
		return read(f, func(t engine.Tx) ([]engine.Followup, error) { return t.Followups().Due(at(ms), limit) })
	}
	f.equal(len(due(9, 10)), 0)
	f.equal(due(20, 10), []engine.Followup{b, c})
	f.equal(due(99, 1), []engine.Followup{b})
	f.equal(read(f, next), at(10))

	again := plan("f4", "ann", "review", 5)
	f.update(func(t engine.Tx) error { return t.Followups().Add(again) })
	f.equal(due(99, 10), []engine.Followup{again, b, c})
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Followups().Add(plan("f4", "ann", "another", 5)) })
	counted := func(brand string) int {
		return read(f, func(t engine.Tx) (int, error) { return t.Followups().Count(brand, "ann") })
	}
	f.equal(counted("acme"), 2)
	f.equal(counted("beta"), 0)
	cancel := func(brand, name string, want bool) {
		f.update(func(t engine.Tx) error {
			was, err := t.Followups().Cancel(brand, "ann", name)
			f.equal(was, want)
			return err
		})
	}
	cancel("beta", "review", false)
	cancel("acme", "review", true)
	cancel("acme", "review", false)
	f.update(func(t engine.Tx) error { return t.Followups().Remove("f2") })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Followups().Remove("f2") })
	f.equal(due(99, 10), []engine.Followup{c})
}

func testVersionChanges(_ *testing.T, f fixture) {
	pushed := engine.VersionChange{Brand: "acme", Version: "h1", Kind: engine.VersionPushed, Actor: "agent:a", At: at(1)}
	canary := engine.VersionChange{Brand: "acme", Version: "h1", Kind: engine.VersionCanary, Share: 5, Actor: "token:ci", Note: "try it", At: at(1)}
	other := engine.VersionChange{Brand: "beta", Version: "h1", Kind: engine.VersionActivated, Actor: "system", At: at(1)}
	f.update(func(t engine.Tx) error {
		return add([]engine.VersionChange{pushed, other, canary}, t.VersionChanges().Add)
	})
	list := func(brand string, limit int) []engine.VersionChange {
		return read(f, func(t engine.Tx) ([]engine.VersionChange, error) { return t.VersionChanges().List(brand, limit) })
	}
	f.equal(list("acme", 10), []engine.VersionChange{canary, pushed})
	f.equal(list("acme", 1), []engine.VersionChange{canary})
	f.equal(list("beta", 10), []engine.VersionChange{other})
	f.equal(len(list("gamma", 10)), 0)
}

func testFaults(_ *testing.T, f fixture) {
	group := func(brand, id string, ms int) engine.FaultGroup {
		return engine.FaultGroup{
			Brand: brand, ID: id, Last: at(ms),
			Fault: engine.Fault{Kind: "error", Message: "no such field", File: "bots/a.lua", Line: 3, Bot: "a", Version: "h1", Step: ms},
		}
	}
	f.update(func(t engine.Tx) error {
		for _, r := range []struct {
			brand, id, conversation string
			at                      int
		}{{"acme", "g1", "c1", 10}, {"acme", "g1", "c2", 20}, {"acme", "g1", "c1", 30}, {"acme", "g2", "c1", 15}, {"beta", "g1", "c9", 40}} {
			if err := t.Faults().Record(group(r.brand, r.id, r.at), r.conversation); err != nil {
				return err
			}
		}
		return nil
	})
	g1, g2 := group("acme", "g1", 10), group("acme", "g2", 15)
	g1.Conversations, g1.Count, g1.First, g1.Last, g1.Sample = 2, 3, at(10), at(30), "c1"
	g2.Conversations, g2.Count, g2.First, g2.Sample = 1, 1, at(15), "c1"
	list := func(since, limit int) []engine.FaultGroup {
		return read(f, func(t engine.Tx) ([]engine.FaultGroup, error) { return t.Faults().List("acme", at(since), limit) })
	}
	f.equal(list(0, 10), []engine.FaultGroup{g1, g2})
	f.equal(list(16, 10), []engine.FaultGroup{g1})
	f.equal(list(0, 1), []engine.FaultGroup{g1})
	f.equal(read(f, func(t engine.Tx) (engine.FaultGroup, error) { return t.Faults().Get("acme", "g2") }), g2)
	f.missing(func(t engine.Tx) error { _, err := t.Faults().Get("beta", "g2"); return err })
	of := func(brand string, limit int) []string {
		return read(f, func(t engine.Tx) ([]string, error) { return t.Faults().Conversations(brand, "g1", limit) })
	}
	f.equal(of("acme", 10), []string{"c1", "c2"})
	f.equal(of("acme", 1), []string{"c1"})
	f.equal(of("beta", 10), []string{"c9"})
}
