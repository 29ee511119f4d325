package dialog_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/dialog"
	"parley/engine/enginetest"
	"parley/storage/memory"
)

// fleet is processes with workers on one store. What comes in comes in at the first one.
type fleet struct {
	*enginetest.World
	mu    sync.Mutex
	turns map[string]int // of each process
	slow  map[string]time.Duration
}

// process starts another one; it ends with stop, as when it is killed.
func (f *fleet) process(name string, shards int) (stop func()) {
	own := f.Bus
	if name != "one" {
		own = bus.New() // signals of work stay in the process
	}
	step := script(func(t engine.Turn) (engine.Outcome, error) {
		f.mu.Lock()
		f.turns[name]++
		slow := f.slow[name]
		f.mu.Unlock()
		time.Sleep(slow)
		out := engine.Outcome{State: engine.SessionWaiting, UsedInput: true, Wait: engine.Wait{Kind: engine.WaitMessage, Step: t.Session.Steps}}
		if t.Input != nil || t.First != nil {
			out.Effects = append(out.Effects, engine.Effect{Say: text("answer")})
		}
		return out, nil
	})
	d := &dialog.Worker{
		Store: f.Store, Bus: own, Clock: f.Clock.Now, NewID: f.ID, Catalog: catalog.New(f.Store, own, f.Clock.Now, time.Second),
		Writer: f.Writer, Runtime: step, Log: slog.New(slog.DiscardHandler), Shards: shards,
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			f.T.Error(err)
		}
	}
}

func (f *fleet) took() (all int, each map[string]int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	each = map[string]int{}
	for name, n := range f.turns {
		all += n
		each[name] = n
	}
	return all, each
}

func (f *fleet) ready() (n int) {
	f.View(func(tx engine.Tx) error {
		all, err := tx.Ready().List(100_000)
		n = len(all)
		return err
	})
	return n
}

func (f *fleet) writeTo(channel string, n int) {
	for i := range n {
		f.WriteAs(channel, engine.Inbound{From: fmt.Sprint(channel, i), ProviderID: f.ID(), Content: engine.Content{Text: "hi"}})
	}
}

func sailing(t *testing.T, fn func(*fleet)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := enginetest.New(t, memory.New(), nil).Seed(nil)
		w.Clock.Real = true
		fn(&fleet{World: w, turns: map[string]int{}, slow: map[string]time.Duration{}})
	})
}

// TestNobodyRunsAnothersTurn: with three processes each turn is run once, also those
// that wait for the end of a burst.
func TestNobodyRunsAnothersTurn(t *testing.T) {
	for name, gather := range map[string]float64{"at once": 0, "a short burst": 1, "a long one": 7} {
		t.Run(name, func(t *testing.T) {
			sailing(t, func(f *fleet) {
				gathering(f.World, gather)
				for _, process := range []string{"one", "two", "three"} {
					defer f.process(process, 4)()
				}
				const n = 40
				f.writeTo(enginetest.Web, n)
				time.Sleep(30 * time.Second)
				synctest.Wait()
				if all, each := f.took(); all != n || f.ready() != 0 {
					t.Errorf("%d turns of %d conversations, %v; %d wait", all, n, each, f.ready())
				}
			})
		})
	}
}

// TestWhatAProcessLeaves is taken up within 3 s, and each of it once.
func TestWhatAProcessLeaves(t *testing.T) {
	sailing(t, func(f *fleet) {
		stop := f.process("one", 4)
		defer f.process("two", 4)()
		defer f.process("three", 4)()
		stop() // and what comes in there finds nobody
		const n = 600
		f.writeTo(enginetest.Web, n)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		all, each := f.took()
		if all != n || f.ready() != 0 || each["two"] == 0 || each["three"] == 0 {
			t.Errorf("%d turns of %d conversations, %v; %d wait", all, n, each, f.ready())
		}
	})
}

// TestOthersHelp a process that does not get round to its work.
func TestOthersHelp(t *testing.T) {
	sailing(t, func(f *fleet) {
		f.slow["one"], f.slow["two"], f.slow["three"] = 100*time.Millisecond, 10*time.Millisecond, 10*time.Millisecond
		defer f.process("one", 1)()
		defer f.process("two", 2)()
		defer f.process("three", 2)()
		const n = 500 // a minute's work for the first one
		f.writeTo(enginetest.Web, n)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		all, each := f.took()
		if all > n+3 || f.ready() != 0 || each["one"] < 20 || each["two"] < 100 {
			t.Errorf("%d turns of %d conversations, %v; %d wait", all, n, each, f.ready())
		}
	})
}

// TestACrowdOfOneBrand is before nobody else's: neither in a process nor when claims
// are made.
func TestACrowdOfOneBrand(t *testing.T) {
	for name, killed := range map[string]bool{"in its process": false, "of a process that is gone": true} {
		t.Run(name, func(t *testing.T) {
			sailing(t, func(f *fleet) {
				f.Update(func(tx engine.Tx) error {
					b, err := tx.Brands().Get(enginetest.Brand)
					if err != nil {
						return err
					}
					b.ID, b.Name = "small", "Small"
					if err := tx.Bundles().Add(engine.Bundle{Hash: b.Version, Brand: b.ID}); err != nil {
						return err
					}
					if err := tx.Brands().Save(b); err != nil {
						return err
					}
					return tx.Brands().SaveChannels("small", []engine.Channel{{Brand: "small", ID: "small.web", Kind: "web", Bot: "main"}})
				})
				f.slow["one"], f.slow["two"] = 100*time.Millisecond, 100*time.Millisecond
				stop := f.process("one", 1)
				if killed {
					stop()
				} else {
					defer stop()
				}
				const n = 1500
				f.writeTo(enginetest.Web, n)
				f.writeTo("small.web", 3)
				if killed {
					time.Sleep(3 * time.Second)
					defer f.process("two", 1)()
				}
				time.Sleep(2 * time.Second)
				synctest.Wait()
				small := 0
				f.View(func(tx engine.Tx) error {
					all, err := tx.Conversations().List(engine.ConversationFilter{Brand: "small", Limit: 10})
					for _, c := range all {
						if !c.Ready {
							small++
						}
					}
					return err
				})
				if all, _ := f.took(); small != 3 || all > 30 {
					t.Errorf("after %d turns %d of the small brand's 3 are answered", all, small)
				}
			})
		})
	}
}
