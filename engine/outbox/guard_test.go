package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/enginetest"
	"parley/engine/outbox"
)

// broken panics at the first look-up.
type broken struct {
	engine.Connector
	lookups atomic.Int32
}

func (b *broken) Reconcile(ctx context.Context, ch engine.Channel, out engine.Outbound, known func(string) bool) (engine.Receipt, error) {
	if b.lookups.Add(1) == 1 {
		panic("boom")
	}
	return b.Connector.(engine.Reconciler).Reconcile(ctx, ch, out, known)
}

// TestPanicsEndOneTry: wherever an item's turn panics, the process and everybody
// else go on, and the item does, too.
func TestPanicsEndOneTry(t *testing.T) {
	t.Run("look-up", func(t *testing.T) {
		play(t, func(w world) {
			w.Delivery.Connectors["phone"] = &broken{Connector: w.Delivery.Connectors["phone"]}
			w.Provider.Answer = func(_ context.Context, out engine.Outbound, _ int) (bool, error) {
				if out.Content.Text == "lost" {
					return true, enginetest.Refuse(engine.SendUnsure)
				}
				return true, nil
			}
			all := w.Queue(w.Write("hi").Conversation.ID, "lost", "next")
			stop := w.run()
			defer stop()
			w.await(time.Minute, w.states(all[1], engine.Sent))
			w.equal([]string{"lost", "next"}, w.Provider.Taken())
		})
	})
	t.Run("outside call", func(t *testing.T) {
		play(t, func(w world) {
			w.Delivery.Fetch = func(context.Context, outbox.Call) outbox.Answer { panic("boom") }
			id := w.Write("hi").Conversation.ID
			w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/"})
			stop := w.run()
			defer stop()
			w.equal("unavailable", w.once(id).Error)
			w.await(time.Minute, w.states(w.Queue(id, "still here")[0], engine.Sent))
		})
	})
	t.Run("before the send", func(t *testing.T) {
		play(t, func(w world) {
			callback, first := w.Delivery.CallbackURL, true
			w.Delivery.CallbackURL = func(channel, item string) string {
				if first {
					first = false
					panic("boom")
				}
				return callback(channel, item)
			}
			m := w.Queue(w.Write("hi").Conversation.ID, "hello")[0]
			stop := w.run()
			defer stop()
			w.await(20*time.Minute, w.states(m, engine.Sent))
			w.equal([]string{"hello"}, w.Provider.Taken())
		})
	})
}

// TestWaitingForASlotIsNoTry: who waits again and again for a slot has not
// tried, and is not nearer to being given up.
func TestWaitingForASlotIsNoTry(t *testing.T) {
	play(t, func(w world) {
		w.Delivery.Parallel = 1
		began := 0
		w.Provider.Answer = func(_ context.Context, out engine.Outbound, attempt int) (bool, error) {
			if out.Content.Text == "slow" {
				began++
				time.Sleep(50 * time.Second) // longer than anybody waits for a slot
				return true, nil
			}
			if attempt == 1 {
				return false, enginetest.Refuse(engine.SendRetry)
			}
			return true, nil
		}
		var slow []engine.Message
		for _, from := range []string{"+15550011", "+15550012", "+15550013", "+15550014"} {
			c := w.WriteAs(enginetest.Phone, engine.Inbound{From: from, Content: engine.Content{Text: "hi"}}).Conversation
			slow = append(slow, w.Queue(c.ID, "slow", "slow", "slow")...)
		}
		m := w.Queue(w.Write("hi").Conversation.ID, "patient")[0]
		stop := w.run()
		defer stop()
		w.await(time.Hour, w.states(m, engine.Sent))
		w.await(time.Hour, w.states(slow[len(slow)-1], engine.Sent))
		w.equal(12, began)
		items := enginetest.Read(w.World, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Of(m.ID) })
		w.equal([]int{1, 1}, []int{len(items), items[0].Tries})
	})
}

// stubborn is a store whose next writes fail.
type stubborn struct {
	engine.Store
	fail atomic.Int32
}

func (s *stubborn) Update(ctx context.Context, fn func(engine.Tx) error) error {
	if s.fail.Add(-1) >= 0 {
		return errors.New("the disk is full")
	}
	return s.Store.Update(ctx, fn)
}

// TestTakingOverThatFailsIsTold, and tried again.
func TestTakingOverThatFailsIsTold(t *testing.T) {
	play(t, func(w world) {
		m := w.Queue(w.Write("hi").Conversation.ID, "cut off")[0]
		w.Update(func(tx engine.Tx) error {
			_, err := tx.Outbox().Claim(time.Now(), time.Now().Add(10*time.Second), 10)
			return err
		})
		store := &stubborn{Store: w.Store}
		store.fail.Store(2)
		var log bytes.Buffer
		w.Delivery.Store, w.Delivery.Log = store, slog.New(slog.NewTextHandler(&log, nil))
		stop := w.run()
		w.await(10*time.Minute, w.states(m, engine.Sent))
		stop()
		if s := log.String(); !strings.Contains(s, "taking over a send") || !strings.Contains(s, "the disk is full") {
			t.Errorf("it is not told: %s", s)
		}
	})
}

// TestRemovedChannelHasNoCircuit: nothing waits for a channel that is gone.
func TestRemovedChannelHasNoCircuit(t *testing.T) {
	play(t, func(w world) {
		w.Provider.Answer = func(context.Context, engine.Outbound, int) (bool, error) {
			return false, enginetest.Refuse(engine.SendAuth)
		}
		m := w.Queue(w.Write("hi").Conversation.ID, "one")[0]
		stop := w.run()
		defer stop()
		w.await(10*time.Second, func() bool { return w.Provider.Attempts("") == 1 })
		w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, nil) })
		w.await(10*time.Second, w.states(m, engine.Failed))
		w.equal("The channel was removed.", w.Message(m.ID).Failure)
		w.View(func(tx engine.Tx) error {
			left, err := tx.Circuits().List("")
			w.equal(0, len(left))
			return err
		})
	})
}

// TestWrongCredentialsAreTold: once, and once more when they are right.
func TestWrongCredentialsAreTold(t *testing.T) {
	play(t, func(w world) {
		wrong := atomic.Bool{}
		wrong.Store(true)
		w.Provider.Answer = func(context.Context, engine.Outbound, int) (bool, error) {
			if wrong.Load() {
				return false, enginetest.Refuse(engine.SendAuth)
			}
			return true, nil
		}
		var seen atomic.Int32
		w.Delivery.Watch = func(all []engine.Circuit) { seen.Store(int32(len(all))) }
		m := w.Queue(w.Write("hi").Conversation.ID, "one")[0]
		stop := w.run()
		defer stop()
		told := func() (n int) {
			w.View(func(tx engine.Tx) error {
				all, err := tx.Events().List(engine.EventFilter{Brand: enginetest.Brand, Limit: 1000})
				for _, ev := range all {
					if ev.Kind == engine.EventChannel {
						n++
					}
				}
				return err
			})
			return n
		}
		w.await(5*time.Second, func() bool { return told() == 1 && seen.Load() == 1 })
		time.Sleep(30 * time.Minute)
		w.equal(1, told())
		if n := w.Provider.Attempts(""); n < 5 || n > 20 {
			t.Errorf("it was probed %d times in half an hour", n)
		}
		wrong.Store(false)
		w.await(6*time.Minute, w.states(m, engine.Sent))
		w.await(5*time.Second, func() bool { return told() == 2 && seen.Load() == 0 })
	})
}

// TestCallWaitsForTheStore: a brand that cannot be read is no answer to a bot's
// outside call; the call is made when it can.
func TestCallWaitsForTheStore(t *testing.T) {
	play(t, func(w world) {
		var made atomic.Int32
		w.Delivery.Fetch = func(context.Context, outbox.Call) outbox.Answer {
			made.Add(1)
			return status(200)
		}
		id := w.Write("hi").Conversation.ID
		w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/"})
		store := &unreadable{Store: w.Store}
		store.fail.Store(3)
		w.Delivery.Catalog = catalog.New(store, w.Bus, w.Clock.Now, time.Second)
		stop := w.run()
		defer stop()
		w.equal(200, w.once(id).Status)
		w.equal(int32(1), made.Load())
	})
}

// unreadable is a store whose next reads fail.
type unreadable struct {
	engine.Store
	fail atomic.Int32
}

func (s *unreadable) View(ctx context.Context, fn func(engine.Tx) error) error {
	if s.fail.Add(-1) >= 0 {
		return errors.New("the disk is gone")
	}
	return s.Store.View(ctx, fn)
}

// TestOnePoisonedMessageHoldsNobodyUp: a message that the provider always fails
// on keeps its own conversation, and no other.
func TestOnePoisonedMessageHoldsNobodyUp(t *testing.T) {
	play(t, func(w world) {
		w.Provider.Answer = func(_ context.Context, out engine.Outbound, _ int) (bool, error) {
			if out.Content.Text == "poison" {
				return false, enginetest.Refuse(engine.SendRetry)
			}
			return true, nil
		}
		w.Queue(w.Write("hi").Conversation.ID, "poison")
		stop := w.run()
		defer stop()
		time.Sleep(10 * time.Minute)
		synctest.Wait() // the circuit is open, as nothing else was sent
		for _, from := range []string{"+15550011", "+15550012"} {
			c := w.WriteAs(enginetest.Phone, engine.Inbound{From: from, Content: engine.Content{Text: "hi"}}).Conversation
			w.await(65*time.Second, w.states(w.Queue(c.ID, "hello")[0], engine.Sent))
		}
	})
}
