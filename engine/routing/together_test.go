package routing_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/lease"
	"parley/engine/routing"
	"parley/storage/memory"
)

// sleeper is a process's store: the process may be put to sleep before it writes.
type sleeper struct {
	engine.Store
	mu      sync.Mutex
	asleep  chan struct{} // closed when it has fallen asleep; nil for no sleep
	awake   chan struct{}
	refused int // updates that found another one's lease
	looks   int
}

func (s *sleeper) View(ctx context.Context, fn func(engine.Tx) error) error {
	return s.Store.View(ctx, func(tx engine.Tx) error { return fn(watched{tx, s}) })
}

type watched struct {
	engine.Tx
	s *sleeper
}

// Queue counts who reads a queue to serve it.
func (t watched) Queue() engine.Queue { return watchedQueue{t.Tx.Queue(), t.s} }

type watchedQueue struct {
	engine.Queue
	s *sleeper
}

func (q watchedQueue) List(brand string) ([]engine.QueueEntry, error) {
	q.s.mu.Lock()
	q.s.looks++
	q.s.mu.Unlock()
	return q.Queue.List(brand)
}

func (s *sleeper) Update(ctx context.Context, fn func(engine.Tx) error) error {
	s.mu.Lock()
	asleep, awake, looked := s.asleep, s.awake, s.looks > 0
	if looked {
		s.asleep = nil
	}
	s.mu.Unlock()
	if looked && asleep != nil { // it has decided, and is stopped before it writes that
		close(asleep)
		<-awake
	}
	err := s.Store.Update(ctx, fn)
	if engine.CodeOf(err) == engine.Conflict {
		s.mu.Lock()
		s.refused++
		s.mu.Unlock()
	}
	return err
}

// process runs a router as a process of its own.
func (w *world) process(name string, store engine.Store) (stop func()) {
	worker := routing.New(routing.Config{
		Store: store, Bus: w.bus, Clock: w.clock, Catalog: catalog.New(store, w.bus, w.clock, time.Second), Writer: w.writer, Log: slog.New(slog.DiscardHandler),
		Leases: &lease.Keeper{Store: store, Clock: w.clock, Holder: name},
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- worker.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}
}

func together(t *testing.T, fn func(*world)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorldOn(t, memory.New(), engine.Skill{ID: "care", Name: "Care"})
		w.now = time.Time{}
		fn(w)
	})
}

func (w *world) waits(n int) {
	w.update(func(tx engine.Tx) error {
		for i := range n {
			id := fmt.Sprintf("c%04d", i)
			if err := putWaiting(tx, id, "care", id, w.clock()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) assigned() (n int) {
	for _, e := range w.events() {
		if e.Kind == engine.EventOwner {
			n++
		}
	}
	return n
}

// TestOneRouterAtATime: three processes that are woken at once serve a queue together,
// each conversation goes to one agent once, and none of them writes what another has
// decided meanwhile.
func TestOneRouterAtATime(t *testing.T) {
	together(t, func(w *world) {
		var stores []*sleeper
		for i := range 3 {
			s := &sleeper{Store: w.store}
			stores = append(stores, s)
			defer w.process(fmt.Sprint("process ", i), s)()
		}
		synctest.Wait()
		w.waits(200)
		w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 150})
		w.addAgent(engine.User{ID: "bob", Skills: []string{"care"}, Slots: 150})
		time.Sleep(3 * time.Second)
		synctest.Wait()
		refused := 0
		for _, s := range stores {
			refused += s.refused
		}
		if n := w.assigned(); n != 200 || refused != 0 {
			t.Errorf("%d assignments of 200 conversations, %d updates came too late", n, refused)
		}
	})
}

// TestAnotherTakesOver within two seconds when the process is gone that had the lease.
func TestAnotherTakesOver(t *testing.T) {
	together(t, func(w *world) {
		defer w.process("two", w.store)()
		defer w.process("three", w.store)()
		synctest.Wait()
		w.update(func(tx engine.Tx) error { // the first one dies in the middle of its work
			_, err := tx.Leases().Take("routing "+brand, "one", w.clock(), w.clock().Add(lease.Term))
			return err
		})
		w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 3})
		w.waits(1)
		time.Sleep(time.Second)
		synctest.Wait()
		if n := w.assigned(); n != 0 {
			t.Errorf("%d assignments under another process's lease", n)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := w.assigned(); n != 1 {
			t.Errorf("%d assignments two seconds later", n)
		}
	})
}

// TestWhoSleptWritesNothing: a process that is stopped between what it decided and
// writing it, and wakes up when another one has served the queue.
func TestWhoSleptWritesNothing(t *testing.T) {
	together(t, func(w *world) {
		first := &sleeper{Store: w.store, asleep: make(chan struct{}), awake: make(chan struct{})}
		asleep := first.asleep
		defer w.process("one", first)()
		synctest.Wait()
		w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 30})
		w.waits(20)
		<-asleep
		defer w.process("two", w.store)()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		before := w.story()
		if n := w.assigned(); n != 20 {
			t.Errorf("%d assignments two seconds after the first process was stopped", n)
		}
		close(first.awake)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if after := w.story(); len(after) != len(before) || first.refused == 0 {
			t.Errorf("the log has %d entries, before it woke up %d; %d updates were refused", len(after), len(before), first.refused)
		}
	})
}

// TestALargeQueueDelaysNoOther brand's.
func TestALargeQueueDelaysNoOther(t *testing.T) {
	together(t, func(w *world) {
		w.update(func(tx engine.Tx) error {
			if err := tx.Brands().Save(engine.Brand{ID: "small", Name: "Small"}); err != nil {
				return err
			}
			return tx.Brands().SaveSkills("small", []engine.Skill{{Brand: "small", ID: "care", Name: "Care"}})
		})
		slow := &sleeper{Store: w.store, asleep: make(chan struct{}), awake: make(chan struct{})}
		asleep := slow.asleep
		defer w.process("one", slow)()
		synctest.Wait()
		w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 3})
		w.waits(1)
		<-asleep // the brand's pass takes long
		w.update(func(tx engine.Tx) error {
			now := w.clock()
			u := engine.User{ID: "sam", Brand: "small", Email: "sam@small.example", Role: engine.RoleAgent, Presence: engine.Online, SeenAt: now, Skills: []string{"care"}, Slots: 3}
			c := engine.Conversation{ID: "s1", Brand: "small", Channel: "small.web", Kind: "webchat", Consumer: "p", State: engine.Open, Owner: engine.OwnerQueue, Skill: "care", CreatedAt: now, LastAt: now}
			if err := tx.Users().Save(u); err != nil {
				return err
			}
			if err := tx.Conversations().Add(c); err != nil {
				return err
			}
			return tx.Queue().Put(engine.QueueEntry{Conversation: "s1", Brand: "small", Skill: "care", EnteredAt: now})
		})
		time.Sleep(time.Second)
		synctest.Wait()
		w.view(func(tx engine.Tx) error {
			c, err := tx.Conversations().Get("small", "s1")
			if c.Owner != engine.OwnerAgent {
				t.Errorf("the small brand's conversation is with the %s", c.Owner)
			}
			return err
		})
		close(slow.awake)
	})
}
