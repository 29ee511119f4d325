package timers_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/timers"
	"parley/storage/sqlite/sqlitetest"
)

func add(w *enginetest.World, id, conversation string, at time.Time) {
	w.Update(func(tx engine.Tx) error {
		return tx.Timers().Add(engine.Timer{ID: id, Brand: enginetest.Brand, Conversation: conversation, Session: "s1", Step: 4, At: at})
	})
}

func fired(w *enginetest.World, id string) (n int) {
	for _, e := range w.Inbox(id) {
		if e.Kind == engine.InboxTimer && e.Session == "s1" && e.Step == 4 {
			n++
		}
	}
	return n
}

func world(t *testing.T) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	return enginetest.New(t, store, nil).Seed(nil)
}

func TestFire(t *testing.T) {
	t.Parallel()
	w := world(t)
	open := w.Write("hi").Conversation.ID
	closed := w.WriteAs(enginetest.Phone, engine.Inbound{From: "+15550009", Content: engine.Content{Text: "STOP"}}).Conversation.ID
	now := w.Clock.Now()
	add(w, "t0", "removed", now.Add(-time.Hour)) // what concerns nobody must not hold up the others
	add(w, "t1", closed, now)
	add(w, "t2", open, now)
	add(w, "t3", open, now.Add(time.Millisecond))
	pause := fire(t, w)
	if fired(w, open) != 1 || fired(w, closed) != 0 || pause != time.Millisecond {
		t.Fatalf("fired %d and %d, next in %s", fired(w, open), fired(w, closed), pause)
	}
	if c := w.Conversation(open); !c.Ready || c.LastInbox != 2 {
		t.Errorf("ready %t, last inbox %d", c.Ready, c.LastInbox)
	}
	w.Clock.Advance(time.Millisecond)
	if pause = fire(t, w); fired(w, open) != 2 || pause != time.Second {
		t.Errorf("fired %d, next in %s", fired(w, open), pause)
	}
	add(w, "t4", open, w.Clock.Now().Add(time.Hour))
	if pause = fire(t, w); pause != time.Second {
		t.Errorf("sleeps for %s although another process may set a nearer one", pause)
	}
}

func fire(t *testing.T, w *enginetest.World) time.Duration {
	t.Helper()
	pause, err := w.Timers.Fire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return pause
}

func TestManyAreFiredOnceByManyWorkers(t *testing.T) {
	t.Parallel()
	const n = 600 // more than two batches
	w := world(t)
	id := w.Write("hi").Conversation.ID
	for i := range n {
		add(w, fmt.Sprint("t", i), id, w.Clock.Now())
	}
	errs := make(chan error, 3)
	for range cap(errs) {
		go func() {
			_, err := w.Timers.Fire(context.Background())
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if fired(w, id) != n {
		t.Errorf("fired %d of %d", fired(w, id), n)
	}
}

func TestRunSleepsUntilItIsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.Clock.Real = true
		w.Receiver.Hold = true
		id := w.Write("hi").Conversation.ID
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Timers.Run(ctx) }()
		synctest.Wait()
		add(w, "t1", id, time.Now().Add(10*time.Second))
		w.Bus.Publish(engine.Signal{Topic: engine.TopicTimers})
		time.Sleep(10*time.Second - time.Millisecond)
		synctest.Wait()
		if fired(w, id) != 0 {
			t.Error("it fired early")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if fired(w, id) != 1 {
			t.Error("it did not fire in time")
		}
		add(w, "t2", id, time.Now().Add(10*time.Second)) // nobody tells
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if fired(w, id) != 2 {
			t.Error("it did not find what nobody told")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// broken fails the updates of some timers.
type broken struct {
	engine.Store
	mu    sync.Mutex
	fails map[string]bool
	tried map[string]int
}

type brokenTx struct {
	engine.Tx
	s *broken
}

type brokenTimers struct {
	engine.Timers
	s *broken
}

func (s *broken) Update(ctx context.Context, fn func(engine.Tx) error) error {
	return s.Store.Update(ctx, func(tx engine.Tx) error { return fn(brokenTx{tx, s}) })
}

func (t brokenTx) Timers() engine.Timers { return brokenTimers{t.Tx.Timers(), t.s} }

func (t brokenTimers) Remove(id string) error {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.s.tried[id]++
	if t.s.fails[id] {
		return engine.Errorf(engine.Internal, "this row is damaged")
	}
	return t.Timers.Remove(id)
}

// TestFailingOnesHoldUpNobody: more failing timers than a batch has, all due
// before the others; they are tried again later and later, and fire when they can.
func TestFailingOnesHoldUpNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const failing = 300 // more than a batch
		w := world(t)
		w.Clock.Real = true
		w.Receiver.Hold = true
		id := w.Write("hi").Conversation.ID
		store := &broken{Store: w.Store, fails: map[string]bool{}, tried: map[string]int{}}
		for i := range failing {
			name := fmt.Sprint("bad", i)
			store.fails[name] = true
			add(w, name, id, time.Now().Add(-time.Hour))
		}
		add(w, "good1", id, time.Now())
		add(w, "good2", id, time.Now().Add(10*time.Second))
		worker := &timers.Worker{Store: store, Bus: w.Bus, Clock: w.Timers.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- worker.Run(ctx) }()
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if fired(w, id) != 1 {
			t.Errorf("fired %d behind those that fail", fired(w, id))
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if fired(w, id) != 2 {
			t.Errorf("fired %d", fired(w, id))
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		store.mu.Lock()
		if n := store.tried["bad0"]; n < 5 || n > 14 { // 1 s, 2 s, 4 s … 5 min
			t.Errorf("tried %d times", n)
		}
		clear(store.fails)
		store.mu.Unlock()
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		if fired(w, id) != failing+2 {
			t.Errorf("fired %d in the end", fired(w, id))
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// counting counts what updates take off the plan, and what they find gone.
type counting struct {
	engine.Store
	mu         sync.Mutex
	took, gone int
}

type countingTx struct {
	engine.Tx
	s *counting
}

type countingTimers struct {
	engine.Timers
	s *counting
}

func (s *counting) Update(ctx context.Context, fn func(engine.Tx) error) error {
	return s.Store.Update(ctx, func(tx engine.Tx) error { return fn(countingTx{tx, s}) })
}

func (t countingTx) Timers() engine.Timers { return countingTimers{t.Tx.Timers(), t.s} }

func (t countingTimers) Remove(id string) error {
	err := t.Timers.Remove(id)
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.s.took++; err != nil {
		t.s.gone++
	}
	return err
}

// TestProcessesShareTheWork: of three processes each does what no other one does, and
// none begins what another has done.
func TestProcessesShareTheWork(t *testing.T) {
	t.Parallel()
	const n = 600
	w := world(t)
	store := &counting{Store: w.Store}
	id := w.Write("hi").Conversation.ID
	for i := range n {
		add(w, fmt.Sprint("t", i), id, w.Clock.Now())
	}
	errs := make(chan error, 3)
	for range cap(errs) {
		process := &timers.Worker{Store: store, Bus: w.Bus, Clock: w.Clock.Now, Log: slog.New(slog.DiscardHandler)}
		go func() {
			_, err := process.Fire(context.Background())
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if fired(w, id) != n || store.took != n || store.gone != 0 {
		t.Errorf("fired %d of %d, tried %d, %d of them done by another", fired(w, id), n, store.took, store.gone)
	}
}
