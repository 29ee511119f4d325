package breaker_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions"
	"parley/engine/versions/breaker"
)

// Whatever people and the breaker do, in whatever order: what serves new
// conversations is stored and not held, and the history tells how it came so.
func TestVersionsHoldTheirInvariants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	bare := func(b engine.Bundle) (versions.Version, error) {
		return versions.Version{Bundle: b, Brand: engine.Brand{ID: b.Brand, Name: b.Files["brand.yaml"]}}, nil
	}
	w.Versions.Read = bare
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		id := fmt.Sprintf("brand-%d", runs)
		hashes := []string{"aaaaaa", "bbbbbb", "cccccc", "dddddd"}
		hash := rapid.SampledFrom(hashes)
		by := versions.By{Actor: "agent:ana"}
		stored := map[string]bool{}
		was := map[string]bool{} // has been active
		get := func() engine.Brand {
			return enginetest.Read(w, func(tx engine.Tx) (engine.Brand, error) { return tx.Brands().Get(id) })
		}
		// expected says that an error is a refusal, and never a failure of ours.
		expected := func(err error) bool {
			switch engine.CodeOf(err) {
			case "":
				return true
			case engine.Conflict, engine.NotFound:
				return false
			}
			t.Fatal(err)
			return false
		}
		push := func(h string) {
			_, err := w.Versions.Push(w.T.Context(), engine.Bundle{Hash: h, Brand: id, Files: map[string]string{"brand.yaml": h}}, by)
			stored[h] = expected(err)
		}
		push(hash.Draw(t, "first"))
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				b := get()
				_, activeHeld := b.Held[b.Version]
				_, canaryHeld := b.Held[b.Canary.Version]
				switch {
				case b.Version != "" && (activeHeld || !stored[b.Version] || b.Name != b.Version):
					t.Fatalf("the active version is wrong: %+v", b)
				case b.Canary.Version != "" && (canaryHeld || b.Canary.Version == b.Version || !stored[b.Canary.Version] || b.Canary.Share < 1 || b.Canary.Share > 99):
					t.Fatalf("the canary is wrong: %+v", b)
				case b.Canary.Version == "" && b.Canary.Share != 0:
					t.Fatalf("a share of nothing: %+v", b)
				}
				was[b.Version] = true
			},
			"push": func(t *rapid.T) { push(hash.Draw(t, "hash")) },
			"activate": func(t *rapid.T) {
				h := hash.Draw(t, "hash")
				if _, err := w.Versions.Activate(w.T.Context(), id, h, by); expected(err) && get().Version != h {
					t.Fatalf("%s is not active", h)
				}
			},
			"roll back": func(t *rapid.T) {
				from := get().Version
				back, err := w.Versions.RollBack(w.T.Context(), id, by)
				if b := get(); expected(err) && (b.Version != back || back == from || !was[back] || b.Held[from] == "") {
					t.Fatalf("back from %s to %s: %+v", from, back, b)
				}
			},
			"canary": func(t *rapid.T) {
				expected(w.Versions.Canary(w.T.Context(), id, hash.Draw(t, "hash"), rapid.IntRange(1, 99).Draw(t, "share"), by))
			},
			"stop":    func(*rapid.T) { expected(w.Versions.StopCanary(w.T.Context(), id, by)) },
			"release": func(t *rapid.T) { expected(w.Versions.Release(w.T.Context(), id, hash.Draw(t, "hash"), by)) },
			"fail": func(t *rapid.T) {
				w.Clock.Advance(time.Millisecond)
				k := breaker.Breaker{Policy: breaker.Policy{MinSessions: 1, MaxRate: 0, Window: time.Minute}, Read: bare}
				h := hash.Draw(t, "hash")
				before := get()
				w.Update(func(tx engine.Tx) error {
					s := engine.Session{ID: w.ID(), Brand: id, Conversation: id, Version: h, State: engine.SessionParked, CreatedAt: w.Clock.Now()}
					if err := tx.Sessions().Add(s); err != nil {
						return err
					}
					return k.Failed(tx, id, h, w.Clock.Now())
				})
				after := get()
				if after.Canary.Version == h && h != "" {
					t.Fatalf("a failing canary goes on: %+v", after)
				}
				if before.Version != after.Version && (before.Version != h || !was[after.Version] || after.Held[h] == "") {
					t.Fatalf("%s failed, and %+v became %+v", h, before, after)
				}
			},
		})
	})
}
