package dialog_test

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// listener is a bot that keeps what it hears.
type listener struct {
	mu    sync.Mutex
	heard []engine.Content
	turns int
}

func (l *listener) step(t engine.Turn) (engine.Outcome, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turns++
	c := t.First
	if t.Input != nil {
		c = new(engine.Content)
		if err := json.Unmarshal(t.Input.Data, c); err != nil {
			return engine.Outcome{}, err
		}
	}
	l.heard = append(l.heard, *c)
	return engine.Outcome{State: engine.SessionWaiting, UsedInput: true, Wait: engine.Wait{Kind: engine.WaitMessage, Step: t.Session.Steps}}, nil
}

func (l *listener) texts() (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.heard {
		out = append(out, c.Text)
	}
	return out
}

func gathering(w *enginetest.World, seconds float64) *enginetest.World {
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		if err != nil {
			return err
		}
		b.Settings.Gather = seconds
		return tx.Brands().Save(b)
	})
	return w
}

func TestABurstIsOneMessage(t *testing.T) {
	t.Parallel()
	bot := &listener{}
	w := gathering(scripted(t, bot.step), 1.5)
	c := w.Say("hi")
	w.Clock.Advance(time.Second)
	w.WriteAs(enginetest.Phone, engine.Inbound{From: enginetest.Address, ProviderID: w.ID(), Content: engine.Content{
		Media: []engine.Media{{Kind: "image", URL: "https://x.example/1"}}, Picked: &engine.Choice{ID: "a"},
	}})
	w.WriteAs(enginetest.Phone, engine.Inbound{From: enginetest.Address, ProviderID: w.ID(), Content: engine.Content{
		Text: "my bike", Media: []engine.Media{{Kind: "image", URL: "https://x.example/2"}}, Location: &engine.Location{Lat: 1},
	}})
	w.Clock.Advance(1499 * time.Millisecond)
	w.Visit(c.ID)
	if bot.turns != 0 || !w.Conversation(c.ID).Ready {
		t.Fatalf("after %d turns, ready %t", bot.turns, w.Conversation(c.ID).Ready)
	}
	w.Clock.Advance(time.Millisecond)
	w.Visit(c.ID)
	equal(t, []engine.Content{{
		Text: "hi\nmy bike", Media: []engine.Media{{Kind: "image", URL: "https://x.example/1"}, {Kind: "image", URL: "https://x.example/2"}},
		Picked: &engine.Choice{ID: "a"}, Location: &engine.Location{Lat: 1},
	}}, bot.heard)
	if c = w.Conversation(c.ID); c.Ready || len(w.Inbox(c.ID)) != 0 {
		t.Errorf("ready %t with %+v", c.Ready, w.Inbox(c.ID))
	}
}

// The window ends by itself, also when the process that opened it has died.
func TestTheWindowEndsByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bot := &listener{}
		w := gathering(scripted(t, bot.step), 2)
		w.Clock.Real = true
		run := func() (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- w.Dialog.Run(ctx) }()
			return func() {
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
		}
		stop := run()
		synctest.Wait()
		began := time.Now()
		w.Write("one")
		time.Sleep(1500 * time.Millisecond)
		w.Write("two")
		time.Sleep(1999 * time.Millisecond)
		synctest.Wait()
		equal(t, 0, len(bot.texts()))
		time.Sleep(time.Millisecond)
		synctest.Wait()
		equal(t, []string{"one\ntwo"}, bot.texts())
		if took := time.Since(began); took != 3500*time.Millisecond {
			t.Errorf("it took %s", took)
		}
		w.Write("three")
		time.Sleep(time.Second)
		stop()
		stop = run()
		await(t, func() bool { return slices.Equal(bot.texts(), []string{"one\ntwo", "three"}) })
		stop()
	})
}
