package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/sqlite"
)

// world is a world in which the bots are silent and time is virtual.
type world struct {
	*enginetest.World
	t *testing.T
}

// play runs fn in virtual time. The store is on disk as always.
func play(t *testing.T, fn func(w world)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		w := world{enginetest.New(t, store, nil).Seed(nil), t}
		w.Clock.Real = true
		w.Receiver.Hold = true
		fn(w)
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// run starts a delivery worker; stop ends it and waits for its sends.
func (w world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Delivery.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
}

// await lets virtual time pass until done, and says how much did.
func (w world) await(limit time.Duration, done func() bool) time.Duration {
	w.t.Helper()
	began := time.Now()
	for time.Since(began) < limit {
		synctest.Wait()
		if done() {
			return time.Since(began)
		}
		time.Sleep(max(100*time.Millisecond, limit/10_000))
	}
	w.t.Fatalf("it did not come to pass in %s", limit)
	return 0
}

func (w world) state(m engine.Message) engine.DeliveryState { return w.Message(m.ID).State }

func (w world) states(m engine.Message, want engine.DeliveryState) func() bool {
	return func() bool { return w.state(m) == want }
}

func (w world) equal(want, got any) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Fatalf("expected (-), got (+):\n%s", diff)
	}
}

func TestSendsInOrder(t *testing.T) {
	play(t, func(w world) {
		// The first send of "one" fails; "two" and "three" must wait for it.
		w.Provider.Answer = func(_ context.Context, out engine.Outbound, attempt int) (bool, error) {
			if out.Content.Text == "one" && attempt < 3 {
				return false, enginetest.Refuse(engine.SendRetry)
			}
			return true, nil
		}
		id := w.Write("hi").Conversation.ID
		stop := w.run()
		defer stop()
		all := w.Queue(id, "one", "two|three", "four")
		w.await(time.Minute, w.states(all[2], engine.Sent))
		w.equal([]string{"one", "two", "three", "four"}, w.Provider.Taken())
		for _, m := range all {
			w.equal(engine.Sent, w.state(m))
		}
		out := w.Provider.Outbound()[0]
		if out.To != enginetest.Address || out.CallbackURL != "https://parley.example/hooks/acme.phone?item="+out.Item {
			t.Errorf("sent %+v", out)
		}
	})
}

func TestConversationsDoNotWaitForEachOther(t *testing.T) {
	play(t, func(w world) {
		release := make(chan struct{})
		w.Provider.Answer = func(_ context.Context, out engine.Outbound, _ int) (bool, error) {
			if out.Content.Text == "slow" {
				<-release
			}
			return true, nil
		}
		w.Delivery.Parallel = 2
		slow := w.Write("hi").Conversation.ID
		stop := w.run()
		held := w.Queue(slow, "slow", "after slow")
		var last engine.Message
		for i := range 10 {
			c := w.WriteAs(enginetest.Web, engine.Inbound{From: fmt.Sprint("v", i), Content: engine.Content{Text: "hi"}}).Conversation
			last = w.Queue(c.ID, fmt.Sprint("quick ", i))[0]
		}
		w.await(10*time.Second, w.states(last, engine.Sent))
		w.equal(10, len(w.Provider.Taken()))
		close(release)
		w.await(10*time.Second, w.states(held[1], engine.Sent))
		stop()
		w.equal([]string{"slow", "after slow"}, w.Provider.Taken()[10:])
	})
}

func TestOptOutBetweenQueueAndSend(t *testing.T) {
	play(t, func(w world) {
		id := w.Write("hi").Conversation.ID
		m := w.Queue(id, "an offer")[0]
		w.Write("STOP")
		stop := w.run()
		defer stop()
		w.await(10*time.Second, w.states(m, engine.Failed))
		if f := w.Message(m.ID).Failure; f != "The consumer has opted out." {
			t.Errorf("the failure is %q", f)
		}
		w.await(10*time.Second, func() bool { return len(w.Provider.Taken()) == 1 })
		w.equal("You will get no more messages from Acme. Reply START to get them again.", w.Provider.Taken()[0])
		w.Write("START") // has a conversation of its own
		w.await(10*time.Second, func() bool { return len(w.Provider.Taken()) == 2 })
		next := w.Write("hello again").Conversation.ID
		w.await(10*time.Second, w.states(w.Queue(next, "welcome back")[0], engine.Sent))
	})
}

// An opt-out that somebody recorded holds on every channel that goes out to a provider,
// also where STOP is no law.
func TestOptOutIsObeyedEverywhere(t *testing.T) {
	play(t, func(w world) {
		c := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "hi"}}).Conversation
		record := func(out bool) {
			w.Update(func(tx engine.Tx) error {
				return tx.Consumers().AddConsent(engine.Consent{Brand: c.Brand, Channel: c.Channel, Address: c.Address, OptedOut: out, Source: "by phone", By: "agent:ana", At: w.Clock.Now()})
			})
		}
		record(true)
		stop := w.run()
		defer stop()
		m := w.Queue(c.ID, "an offer")[0]
		w.await(10*time.Second, w.states(m, engine.Failed))
		w.equal("The consumer has opted out.", w.Message(m.ID).Failure)
		w.equal(0, len(w.Provider.Taken()))
		record(false)
		w.await(10*time.Second, w.states(w.Queue(c.ID, "welcome back")[0], engine.Sent))
	})
}

func TestLostAnswers(t *testing.T) {
	lost := func(takes bool) func(context.Context, engine.Outbound, int) (bool, error) {
		return func(_ context.Context, out engine.Outbound, attempt int) (bool, error) {
			if out.Content.Text == "lost" && attempt == 1 {
				return takes, enginetest.Refuse(engine.SendUnsure)
			}
			return true, nil
		}
	}
	t.Run("it was sent", func(t *testing.T) {
		play(t, func(w world) {
			w.Provider.Answer = lost(true)
			all := w.Queue(w.Write("hi").Conversation.ID, "lost", "next")
			stop := w.run()
			defer stop()
			w.await(2*time.Second, w.states(all[0], engine.Unknown))
			w.equal(engine.Queued, w.state(all[1]))
			took := w.await(time.Minute, w.states(all[1], engine.Sent))
			w.equal(engine.Sent, w.state(all[0]))
			w.equal([]string{"lost", "next"}, w.Provider.Taken())
			if took < 3*time.Second {
				t.Errorf("it was looked up after %s, when the answer may still be on its way", took)
			}
			if f := w.Message(all[0].ID).Failure; f != "" {
				t.Errorf("a sent message still has the failure %q", f)
			}
		})
	})
	t.Run("it was not", func(t *testing.T) {
		play(t, func(w world) {
			w.Provider.Answer = lost(false)
			all := w.Queue(w.Write("hi").Conversation.ID, "lost", "next")
			stop := w.run()
			defer stop()
			took := w.await(10*time.Minute, w.states(all[1], engine.Sent))
			if took < 5*time.Minute || took > 7*time.Minute {
				t.Errorf("it was sent again after %s", took)
			}
			w.equal([]string{"lost", "next"}, w.Provider.Taken())
			w.equal(3, w.Provider.Attempts(""))
		})
	})
	t.Run("nobody can tell", func(t *testing.T) {
		play(t, func(w world) {
			w.Provider.Answer = lost(true)
			w.Provider.Blind = errors.New("the list is not available")
			w.Delivery.Poll = time.Minute
			all := w.Queue(w.Write("hi").Conversation.ID, "lost", "next")
			stop := w.run()
			defer stop()
			id := all[0].Conversation
			w.await(26*time.Hour, func() bool { return w.Conversation(id).Owner == engine.OwnerQueue })
			w.equal(engine.Unknown, w.state(all[0]))
			if m := w.Message(all[0].ID); m.Failure == "" || w.Provider.Lookups() < 200 || w.Provider.Lookups() > 400 {
				t.Errorf("failure %q after %d look-ups", m.Failure, w.Provider.Lookups())
			}
			w.equal(1, w.Provider.Attempts("")) // never repeated blindly, and nothing out of context
			w.await(time.Minute, w.states(all[1], engine.Failed))
		})
	})
	t.Run("nobody can be asked", func(t *testing.T) {
		play(t, func(w world) {
			w.Provider.Answer = lost(true)
			c := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "hi"}}).Conversation
			all := w.Queue(c.ID, "lost", "next")
			stop := w.run()
			defer stop()
			w.await(time.Minute, w.states(all[1], engine.Sent))
			w.equal(engine.Unknown, w.state(all[0]))
			w.equal(2, w.Provider.Attempts(""))
		})
	})
	t.Run("each time", func(t *testing.T) {
		play(t, func(w world) {
			w.Delivery.Poll = time.Minute
			w.Provider.Answer = func(_ context.Context, out engine.Outbound, _ int) (bool, error) {
				return false, enginetest.Refuse(engine.SendUnsure)
			}
			m := w.Queue(w.Write("hi").Conversation.ID, "lost")[0]
			stop := w.run()
			defer stop()
			w.await(26*time.Hour, w.states(m, engine.Failed))
			if n := w.Provider.Attempts(""); n < 100 || n > 300 {
				t.Errorf("it was tried %d times in a day", n)
			}
		})
	})
}

func TestReceiptThatIsFasterThanTheAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		report engine.StatusUpdate
		answer error
		want   engine.DeliveryState
	}{
		"delivered, then accepted":  {engine.StatusUpdate{State: engine.Delivered}, nil, engine.Delivered},
		"delivered, then lost":      {engine.StatusUpdate{State: engine.Delivered}, enginetest.Refuse(engine.SendUnsure), engine.Delivered},
		"delivered, then try again": {engine.StatusUpdate{State: engine.Delivered}, enginetest.Refuse(engine.SendRetry), engine.Delivered},
		"failed, then accepted":     {engine.StatusUpdate{State: engine.Failed, Message: "no such number"}, nil, engine.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(w world) {
				w.Provider.Answer = func(ctx context.Context, out engine.Outbound, _ int) (bool, error) {
					st := tt.report
					st.Item, st.ProviderID = out.Item, "SM1"
					if err := w.Receiver.Status(ctx, engine.Channel{Brand: enginetest.Brand, ID: enginetest.Phone}, st); err != nil {
						t.Error(err)
					}
					return true, tt.answer
				}
				m := w.Queue(w.Write("hi").Conversation.ID, "hello")[0]
				stop := w.run()
				w.await(5*time.Second, w.states(m, tt.want))
				stop()
				w.equal(tt.want, w.state(m))
				w.equal(tt.report.Message, w.Message(m.ID).Failure)
				w.equal(1, w.Provider.Attempts(""))
				w.equal(0, w.Provider.Lookups())
			})
		})
	}
}

// A process that dies closes its connections: a provider that is well is done within a minute, one that was slow or
// failing may go on.
func TestSendThatIsNeverSettledIsLookedUp(t *testing.T) {
	t.Run("the channel is well", func(t *testing.T) { neverSettled(t, false) })
	t.Run("the provider was slow", func(t *testing.T) { neverSettled(t, true) })
}

func neverSettled(t *testing.T, slow bool) {
	play(t, func(w world) {
		// A process claims and dies: with and without having sent.
		sent := w.Queue(w.Write("hi").Conversation.ID, "sent before the crash", "behind it")
		c := w.WriteAs(enginetest.Phone, engine.Inbound{From: "+15550002", Content: engine.Content{Text: "hi"}}).Conversation
		unsent := w.Queue(c.ID, "not sent before the crash")[0]
		var died []engine.OutboxItem
		w.Update(func(tx engine.Tx) (err error) {
			died, err = tx.Outbox().Claim(time.Now(), time.Now().Add(w.Delivery.Policy.Lease), 10)
			return err
		})
		w.equal(2, len(died))
		ch, _, err := w.Catalog.Channel(w.t.Context(), enginetest.Phone)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Delivery.Connectors["phone"].Send(w.t.Context(), ch, engine.Outbound{Item: died[0].ID, To: died[0].To, Content: died[0].Content}); err != nil {
			t.Fatal(err)
		}
		apart := time.Minute
		if slow {
			apart = w.Delivery.Policy.Apart
			w.Update(func(tx engine.Tx) error {
				return tx.Circuits().Save(engine.Circuit{Brand: enginetest.Brand, Channel: enginetest.Phone, Class: engine.SendUnsure, Failures: 1, Since: time.Now()})
			})
		}
		stop := w.run()
		defer stop()
		took := w.await(10*time.Minute, w.states(unsent, engine.Sent))
		if least := w.Delivery.Policy.Lease + apart; took < least || took > least+2*time.Minute {
			t.Errorf("it was sent again after %s, not after %s", took, least)
		}
		w.await(time.Minute, w.states(sent[1], engine.Sent))
		got := w.Provider.Taken()
		slices.Sort(got)
		w.equal([]string{"behind it", "not sent before the crash", "sent before the crash"}, got)
	})
}

func TestRecoverDoesNotWaitForLeases(t *testing.T) {
	play(t, func(w world) {
		m := w.Queue(w.Write("hi").Conversation.ID, "cut off")[0]
		w.Update(func(tx engine.Tx) error {
			_, err := tx.Outbox().Claim(time.Now(), time.Now().Add(time.Hour), 10)
			return err
		})
		if err := w.Delivery.Recover(w.t.Context()); err != nil {
			t.Fatal(err)
		}
		stop := w.run()
		defer stop()
		took := w.await(10*time.Minute, w.states(m, engine.Sent))
		if took > w.Delivery.Policy.Apart+20*time.Second {
			t.Errorf("it took %s", took)
		}
		w.equal(1, w.Provider.Attempts(""))
	})
}

// napping is the store of a process that is stopped between a claim and its send.
type napping struct {
	engine.Store
	claimed, slept atomic.Bool
}

func (n *napping) Update(ctx context.Context, fn func(engine.Tx) error) error {
	err := n.Store.Update(ctx, fn)
	n.claimed.Store(true)
	return err
}

func (n *napping) View(ctx context.Context, fn func(engine.Tx) error) error {
	if n.claimed.Load() && n.slept.CompareAndSwap(false, true) {
		time.Sleep(10 * time.Minute)
	}
	return n.Store.View(ctx, fn)
}

// A send that wakes up after its lease has ended is not made: the item was looked up
// meanwhile, and sent again.
func TestSleeperDoesNotSend(t *testing.T) {
	play(t, func(w world) {
		m := w.Queue(w.Write("hi").Conversation.ID, "once")[0]
		w.Delivery.Store = &napping{Store: w.Store}
		stop := w.run()
		defer stop()
		w.await(20*time.Minute, w.states(m, engine.Sent))
		time.Sleep(20 * time.Minute)
		w.equal(1, w.Provider.Attempts(""))
	})
}

func TestStopWaitsForSendsInFlight(t *testing.T) {
	play(t, func(w world) {
		began := make(chan struct{})
		w.Provider.Answer = func(ctx context.Context, _ engine.Outbound, _ int) (bool, error) {
			close(began)
			select {
			case <-ctx.Done():
				return false, ctx.Err()
			case <-time.After(8 * time.Second):
				return true, nil
			}
		}
		m := w.Queue(w.Write("hi").Conversation.ID, "in flight")[0]
		stop := w.run()
		<-began
		stop()
		w.equal(engine.Sent, w.state(m))
	})
}

func TestSendThatHangsIsCutAndLookedUp(t *testing.T) {
	play(t, func(w world) {
		w.Provider.Answer = func(ctx context.Context, _ engine.Outbound, attempt int) (bool, error) {
			if attempt == 1 {
				<-ctx.Done()
				return true, ctx.Err() // nobody classified it
			}
			return true, nil
		}
		m := w.Queue(w.Write("hi").Conversation.ID, "hangs")[0]
		stop := w.run()
		defer stop()
		took := w.await(2*time.Minute, w.states(m, engine.Unknown))
		if took < time.Minute || took > w.Delivery.Policy.Lease {
			t.Errorf("it hung for %s", took)
		}
		w.await(time.Minute, w.states(m, engine.Sent))
		w.equal(1, w.Provider.Attempts(""))
	})
}

func TestConnectorThatPanicsHurtsOnlyItself(t *testing.T) {
	play(t, func(w world) {
		w.Provider.Answer = func(_ context.Context, out engine.Outbound, attempt int) (bool, error) {
			if out.Content.Text == "boom" && attempt == 1 {
				panic("boom")
			}
			return true, nil
		}
		all := w.Queue(w.Write("hi").Conversation.ID, "boom", "next")
		stop := w.run()
		defer stop()
		w.await(10*time.Minute, w.states(all[1], engine.Sent))
		w.equal(engine.Sent, w.state(all[0]))
	})
}

func TestRemovedChannelFails(t *testing.T) {
	play(t, func(w world) {
		m := w.Queue(w.Write("hi").Conversation.ID, "to nowhere")[0]
		w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, nil) })
		stop := w.run()
		defer stop()
		w.await(10*time.Second, w.states(m, engine.Failed))
		w.equal("The channel was removed.", w.Message(m.ID).Failure)
	})
}

func TestProvidersOptOutIsRemembered(t *testing.T) {
	play(t, func(w world) {
		w.Provider.Answer = func(context.Context, engine.Outbound, int) (bool, error) {
			return false, enginetest.Refuse(engine.SendOptedOut)
		}
		id := w.Write("hi").Conversation.ID
		all := w.Queue(id, "one", "two")
		stop := w.run()
		defer stop()
		w.await(10*time.Second, w.states(all[1], engine.Failed))
		w.equal(1, w.Provider.Attempts("")) // the second is not even tried
		w.equal(1, len(w.Events(id, engine.EventConsent)))
	})
}

// blind is a store whose views fail while it is blind.
type blind struct {
	engine.Store
	now atomic.Bool
}

func (b *blind) View(ctx context.Context, fn func(engine.Tx) error) error {
	if b.now.Load() {
		return engine.Errorf(engine.Unavailable, "The database cannot be reached.")
	}
	return b.Store.View(ctx, fn)
}

// blindLook is a provider of which our store cannot say, during a look-up, whose a message is.
type blindLook struct {
	engine.Connector
	store *blind
	looks atomic.Int32
}

func (c *blindLook) Reconcile(_ context.Context, _ engine.Channel, _ engine.Outbound, known func(string) bool) (engine.Receipt, error) {
	c.store.now.Store(c.looks.Add(1) <= 15)
	defer c.store.now.Store(false)
	if known("SM1") { // all that the provider has
		return engine.Receipt{}, engine.ErrNotSent{}
	}
	return engine.Receipt{ProviderID: "SM1", State: engine.Sent}, nil
}

// A look-up during which our own store cannot be read denies nothing.
func TestBlindLookUpDeniesNothing(t *testing.T) {
	play(t, func(w world) {
		w.Provider.Answer = func(context.Context, engine.Outbound, int) (bool, error) {
			return true, errors.New("the answer was lost")
		}
		m := w.Queue(w.Write("hi").Conversation.ID, "once")[0]
		store := &blind{Store: w.Store}
		w.Delivery.Store = store
		w.Delivery.Connectors = map[engine.ChannelKind]engine.Connector{"phone": &blindLook{Connector: w.Delivery.Connectors["phone"], store: store}}
		stop := w.run()
		defer stop()
		w.await(30*time.Minute, w.states(m, engine.Sent))
		time.Sleep(20 * time.Minute)
		w.equal(1, w.Provider.Attempts(""))
	})
}
