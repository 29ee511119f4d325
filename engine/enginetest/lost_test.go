package enginetest_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/enginetest"
	"parley/engine/log"
	"parley/engine/routing"
	"parley/storage/sqlite/sqlitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// greeter says hello, and hands over to a person at the second message.
type greeter struct{}

func (greeter) Traits(string) engine.Traits { return 0 }

func (g greeter) Bot(string, string, func() (engine.Bundle, error)) (engine.Bot, error) {
	return g, nil
}

func (greeter) Step(t engine.Turn) (engine.Outcome, error) {
	if t.First == nil {
		return engine.Outcome{State: engine.SessionDone, UsedInput: true, Effects: []engine.Effect{{Handoff: &engine.HandoffEffect{}}}}, nil
	}
	return engine.Outcome{
		State: engine.SessionWaiting, UsedInput: true, Effects: []engine.Effect{{Say: &engine.Content{Text: "hello"}}},
		Wait: engine.Wait{Kind: engine.WaitMessage, Step: t.Session.Steps},
	}, nil
}

// Every worker finds its work without a single wake-up, and within seconds:
// a signal may be lost on its way to another process, and a process between its
// commit and its signal.
func TestEverySignalIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := enginetest.New(t, sqlitetest.Open(t), greeter{}).Seed(nil)
		w.Clock.Real = true
		deaf := bus.New() // nobody publishes here
		quiet := slog.New(slog.DiscardHandler)
		known := catalog.New(w.Store, deaf, w.Clock.Now, time.Second)
		w.Dialog.Bus, w.Delivery.Bus, w.Timers.Bus, w.Followup.Bus = deaf, deaf, deaf, deaf
		w.Dialog.Catalog, w.Delivery.Catalog = known, known
		hub := log.New(log.Config{Store: w.Store, Bus: deaf, Log: quiet})
		router := routing.New(routing.Config{Store: w.Store, Bus: deaf, Clock: w.Clock.Now, Catalog: known, Writer: w.Writer, Log: quiet})

		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for _, run := range []func(context.Context) error{w.Dialog.Run, w.Delivery.Run, w.Timers.Run, w.Followup.Run, hub.Run, router.Run} {
			group.Go(func() {
				if err := run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		defer group.Wait()
		defer cancel()
		synctest.Wait()
		live, err := hub.Follow(ctx, log.Filter{Brand: enginetest.Brand})
		if err != nil {
			t.Fatal(err)
		}
		defer live.Close()
		drain(t, live)

		within := func(d time.Duration, what string, done func() bool) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if !done() {
				t.Errorf("no %s after %s", what, d)
			}
		}
		const poll = time.Second + 100*time.Millisecond
		id := w.Write("hi").Conversation.ID
		within(poll, "event", func() bool { return drain(t, live) > 0 })
		within(conversation.LeftFor+poll, "answer of the bot and its send", func() bool { return slices.Equal(w.Provider.Taken(), []string{"hello"}) })

		who := w.Conversation(id).Consumer
		w.Update(func(tx engine.Tx) error {
			return errors.Join(
				tx.Timers().Add(engine.Timer{ID: "t1", Brand: enginetest.Brand, Conversation: id, Session: "s1", Step: 4, At: time.Now().Add(3 * time.Second)}),
				tx.Followups().Add(engine.Followup{
					ID: "f1", Brand: enginetest.Brand, Channel: "acme.gone", Consumer: who, Address: enginetest.Address, // so that it is over at once
					At: time.Now().Add(3 * time.Second), FollowupData: engine.FollowupData{Name: "care"},
				}),
			)
		})
		within(3*time.Second+10*time.Millisecond, "timer or follow-up at its time", func() bool {
			return enginetest.Read(w, func(tx engine.Tx) (bool, error) {
				timer, err := tx.Timers().Next()
				if err != nil {
					return false, err
				}
				next, err := tx.Followups().Next()
				return timer.IsZero() && next.IsZero(), err
			})
		})

		w.Agent("ana", engine.RoleAgent, "care")
		w.Write("a person, please")
		within(conversation.LeftFor+poll+2*time.Second, "agent", func() bool {
			c := w.Conversation(id)
			return c.Owner == engine.OwnerAgent || enginetest.Read(w, func(tx engine.Tx) (bool, error) {
				q, err := tx.Queue().Get(id)
				return q.OfferedTo == "ana", err
			})
		})

		before, err := known.Brand(ctx, enginetest.Brand)
		if err != nil {
			t.Fatal(err)
		}
		w.Configure(func(s *engine.BrandSettings) { s.BotName = "Eve" })
		within(poll, "change of the brand", func() bool {
			after, err := known.Brand(ctx, enginetest.Brand)
			return err == nil && before.Brand.Settings.BotName == "Ava" && after.Brand.Settings.BotName == "Eve"
		})
	})
}

// drain takes what the follower has and counts the events.
func drain(t *testing.T, f *log.Follower) (n int) {
	t.Helper()
	for {
		select {
		case <-f.C:
		default:
			return n
		}
		b, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += len(b.Items)
	}
}
