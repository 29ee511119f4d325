package routing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/conversation"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// Two workers share one store while 200 conversations come in, 20 agents come
// and go, accept, decline and close. After every commit of anybody, nobody may
// have more than his slots, and no conversation may have two owners.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const conversations, agents, slots = 200, 20, 3
	w := newWorld(t, engine.Skill{ID: "care"}, engine.Skill{ID: "sales", AcceptSeconds: 3600, Weight: 1.5, Fallback: "care"})
	for i := range agents {
		w.addAgent(engine.User{ID: agentName(i), Skills: [][]string{{"care"}, {"sales"}, {"care", "sales"}}[i%3], Slots: slots, AutoAccept: i%4 == 0})
	}
	defer w.start()()
	defer w.start()()

	var wg sync.WaitGroup
	wg.Go(func() { // consumers
		for i := range conversations {
			err := w.store.Update(t.Context(), func(tx engine.Tx) error {
				id := fmt.Sprintf("c%03d", i)
				return putWaiting(tx, id, []string{"care", "sales"}[i%2], id, w.clock())
			})
			if err != nil {
				t.Error(err)
				return
			}
			w.wake()
		}
	})
	stop := make(chan struct{})
	wg.Go(func() { w.comeAndGo(stop, agents) })
	wg.Go(func() { w.answer(stop, slots) })

	w.await(func() bool {
		var open int
		w.view(func(tx engine.Tx) (err error) {
			open, err = tx.Conversations().Count(engine.ConversationFilter{Brand: brand, State: engine.Closed})
			return err
		})
		return open == conversations
	})
	close(stop)
	wg.Wait()

	// Between two of its waits, a conversation was given to one agent only.
	owned := make(map[string]string)
	for _, e := range w.events() {
		if e.Kind != engine.EventOwner {
			continue
		}
		d := decode[engine.ConversationData](t, e)
		if prev := owned[e.Conversation]; prev != "" {
			t.Fatalf("%s went to %s and to %s", e.Conversation, prev, d.Agent)
		}
		owned[e.Conversation] = d.Agent
	}
	if len(owned) != conversations {
		t.Errorf("%d of %d conversations found an agent", len(owned), conversations)
	}
}

func agentName(i int) string { return fmt.Sprintf("g%02d", i) }

// comeAndGo switches agents' presence at random; the last act brings all back.
func (w *world) comeAndGo(stop chan struct{}, agents int) {
	rng := rand.New(rand.NewPCG(1, 2))
	for {
		select {
		case <-stop:
			return
		default:
		}
		id := agentName(rng.IntN(agents))
		err := w.store.Update(w.t.Context(), func(tx engine.Tx) error {
			u, err := tx.Users().Get(brand, id)
			if err != nil {
				return err
			}
			if u.Presence != engine.Online {
				return tx.Users().SetPresence(brand, id, engine.Online, w.clock())
			}
			if _, err := conversation.Withdraw(tx, w.clock(), brand, id); err != nil {
				return err
			}
			return tx.Users().SetPresence(brand, id, engine.Away, w.clock())
		})
		if err != nil {
			w.t.Error(err)
			return
		}
		w.wake()
	}
}

var errFull = errors.New("over capacity")

// answer plays all agents: accepts or declines offers, closes what is theirs,
// and checks the capacity in the same transaction.
func (w *world) answer(stop chan struct{}, slots float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	for {
		select {
		case <-stop:
			return
		default:
		}
		dice := rng.IntN(4)
		err := w.store.Update(w.t.Context(), func(tx engine.Tx) error {
			load, err := tx.Conversations().Load(brand)
			if err != nil {
				return err
			}
			for id, l := range load {
				if l > slots {
					return fmt.Errorf("%w: %s has %v of %v", errFull, id, l, slots)
				}
			}
			entries, err := tx.Queue().List(brand)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if e.OfferedTo == "" {
					continue
				}
				if dice == 0 {
					return conversation.EndOffer(tx, w.clock(), e, "declined")
				}
				c, err := tx.Conversations().Get(brand, e.Conversation)
				if err != nil {
					return err
				}
				u, err := tx.Users().Get(brand, e.OfferedTo)
				if err != nil {
					return err
				}
				return w.assign(tx, c, u)
			}
			mine, err := tx.Conversations().List(engine.ConversationFilter{Brand: brand, State: engine.Open, Owner: engine.OwnerAgent, Limit: 3})
			if err != nil {
				return err
			}
			for _, c := range mine {
				c.State, c.Owner, c.Agent = engine.Closed, engine.OwnerNone, ""
				if err := tx.Conversations().Save(&c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			w.t.Error(err)
			return
		}
		w.wake()
		w.bus.Publish(engine.Signal{Topic: engine.TopicEvents})
	}
}
