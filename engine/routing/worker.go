package routing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/lease"
)

const (
	sweepEvery = 2 * time.Second
	// pause between two rounds of passes, so that a burst of signals is one pass.
	pause = 10 * time.Millisecond
	// maxRounds bounds one pass over a brand; what is left waits for the next.
	maxRounds = 8
	// atOnce is how many brands are served at a time: a large queue delays no other one.
	atOnce = 4
	// later is when a brand is looked at again that another process serves: it may have
	// read its queue before what this one was woken for.
	later = 100 * time.Millisecond
)

// Config is what a Worker works with. All fields but Leases are required.
type Config struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	Catalog *catalog.Catalog
	Writer  conversation.Writer
	Log     *slog.Logger
	Leases  *lease.Keeper // nil for a process that is alone on its store
}

// Worker finds agents for waiting conversations. Any number of them may work
// on one store, in one process or in many: one at a time serves a brand.
type Worker struct {
	cfg Config

	mu    sync.Mutex
	dirty map[string]bool // brands whose queue or agents changed; "" for all
	wake  chan struct{}
}

// New makes a worker; Run starts it.
func New(cfg Config) *Worker {
	return &Worker{cfg: cfg, dirty: make(map[string]bool), wake: make(chan struct{}, 1)}
}

// Run works until ctx ends, and then returns nil. It is woken by TopicRouting and TopicBrand,
// by the end of an offer's time and, in case a signal was lost, every 2 s.
func (w *Worker) Run(ctx context.Context) error {
	defer w.cfg.Bus.Subscribe(engine.TopicRouting, w.note)()
	defer w.cfg.Bus.Subscribe(engine.TopicBrand, w.note)()
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	expiry := time.NewTimer(0)
	defer expiry.Stop()
	expires := make(map[string]time.Time) // brand → when its first offer ends

	w.note(engine.Signal{})
	passes := make(chan passed, atOnce)
	running := make(map[string]bool)
	defer func() {
		for range len(running) {
			<-passes
		}
	}()
	var waiting []string
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.wake:
		case <-sweep.C:
			w.note(engine.Signal{})
		case <-expiry.C:
			for brand, at := range expires {
				if !w.cfg.Clock().Before(at) {
					delete(expires, brand)
					w.note(engine.Signal{Key: brand})
				}
			}
		case p := <-passes:
			delete(running, p.brand)
			delete(expires, p.brand)
			if !p.again.IsZero() {
				expires[p.brand] = p.again
			}
		}
		for _, brand := range w.take(ctx) {
			if !slices.Contains(waiting, brand) {
				waiting = append(waiting, brand)
			}
		}
		began := len(running)
		waiting = slices.DeleteFunc(waiting, func(brand string) bool {
			if running[brand] || len(running) == atOnce {
				return false
			}
			running[brand] = true
			go func() { passes <- passed{brand, w.serve(ctx, brand)} }()
			return true
		})
		if first := earliest(expires); !first.IsZero() {
			expiry.Reset(max(pause, first.Sub(w.cfg.Clock())))
		}
		if len(running) > began && !engine.Sleep(ctx, pause) {
			return nil
		}
	}
}

// passed is a brand that was served, and when to look at it again: zero for when
// something happens.
type passed struct {
	brand string
	again time.Time
}

// serve serves a brand, unless another process does.
func (w *Worker) serve(ctx context.Context, brand string) (again time.Time) {
	again, err := w.leased(ctx, brand)
	if errors.Is(err, lease.ErrLost) {
		return w.cfg.Clock().Add(later)
	}
	if err != nil && ctx.Err() == nil {
		w.cfg.Log.Error("routing failed", "brand", brand, "error", err)
	}
	return again
}

func (w *Worker) leased(ctx context.Context, brand string) (again time.Time, err error) {
	if w.cfg.Leases != nil { // who is not needed takes none
		queue, err := engine.View(ctx, w.cfg.Store, func(tx engine.Tx) (map[string]int, error) { return tx.Queue().Waiting(brand) })
		if err != nil || len(queue) == 0 {
			return time.Time{}, err
		}
	}
	held, err := w.cfg.Leases.Take(ctx, "routing "+brand)
	if err != nil {
		return time.Time{}, err
	}
	if held == nil {
		return time.Time{}, lease.ErrLost
	}
	again, err = w.pass(ctx, brand, held)
	if rerr := held.Release(context.WithoutCancel(ctx)); err == nil {
		err = rerr
	}
	return again, err
}

func earliest(m map[string]time.Time) time.Time {
	var first time.Time
	for _, at := range m {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// note remembers a brand to look at.
func (w *Worker) note(s engine.Signal) {
	w.mu.Lock()
	w.dirty[cmp.Or(s.Key, s.Brand)] = true
	w.mu.Unlock()
	engine.Poke(w.wake)
}

// take gives the brands to look at now.
func (w *Worker) take(ctx context.Context) []string {
	w.mu.Lock()
	dirty := w.dirty
	w.dirty = make(map[string]bool)
	w.mu.Unlock()
	if dirty[""] {
		delete(dirty, "")
		err := w.cfg.Store.View(ctx, func(tx engine.Tx) error {
			all, err := tx.Queue().Brands()
			for _, b := range all {
				dirty[b] = true
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			w.cfg.Log.Error("routing cannot list brands", "error", err)
		}
	}
	return slices.Sorted(maps.Keys(dirty))
}

// pass serves one brand until nothing is left to decide, and says when the
// brand's first offer ends (zero: none is out).
func (w *Worker) pass(ctx context.Context, brand string, held *lease.Held) (time.Time, error) {
	failed := make(map[string]bool) // conversations that one pass tries only once
	var p picture
	for range maxRounds {
		err := held.Renew(ctx)
		if err != nil {
			return time.Time{}, err
		}
		p, err = engine.View(ctx, w.cfg.Store, func(tx engine.Tx) (picture, error) { return look(tx, brand, w.cfg.Clock(), failed) })
		if err != nil {
			return time.Time{}, fmt.Errorf("read the queue: %w", err)
		}
		if lapsed := p.lapsed(); len(lapsed) > 0 {
			for part := range slices.Chunk(lapsed, chunk) {
				if err := w.update(ctx, held, func(tx engine.Tx) error { return endLapsed(tx, w.cfg.Clock(), part) }); err != nil {
					return time.Time{}, fmt.Errorf("end offers: %w", err)
				}
			}
			continue
		}
		if wants := p.wantsOver(); len(wants) > 0 {
			for part := range slices.Chunk(wants, chunk) {
				if err := w.update(ctx, held, func(tx engine.Tx) error { return endWants(tx, w.cfg.Clock(), part) }); err != nil {
					return time.Time{}, fmt.Errorf("end transfers to one agent: %w", err)
				}
			}
			continue
		}
		matched := Match(p.snap)
		if len(matched) == 0 {
			break
		}
		if err := w.carryOut(ctx, brand, held, p, matched, failed); err != nil {
			return time.Time{}, err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return p.expires(), nil
}

// update writes what is decided under a lease, as long as this process has it.
func (w *Worker) update(ctx context.Context, held *lease.Held, fn func(engine.Tx) error) error {
	return w.cfg.Store.Update(ctx, func(tx engine.Tx) error {
		if err := held.Check(tx); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (w *Worker) carryOut(ctx context.Context, brand string, held *lease.Held, p picture, matched []Assignment, failed map[string]bool) error {
	tasks := make([]task, len(matched))
	entries := make(map[string]engine.QueueEntry, len(p.snap.Waiting))
	for _, e := range p.snap.Waiting {
		entries[e.Conversation] = e
	}
	for i, a := range matched {
		tasks[i] = task{a, entries[a.Conversation]}
	}
	for part := range slices.Chunk(tasks, chunk) {
		err := held.Renew(ctx)
		if err == nil {
			err = w.carry(ctx, brand, held, part)
		}
		if err == nil {
			continue
		}
		// One of them spoils the transaction for all: find it.
		for i, t := range part {
			err := w.carry(ctx, brand, held, part[i:i+1])
			if ctx.Err() != nil {
				return nil
			}
			if errors.Is(err, lease.ErrLost) {
				return err
			}
			if err != nil {
				failed[t.Conversation] = true
				w.cfg.Log.Error("assignment failed", "brand", brand, "conversation", t.Conversation, "agent", t.Agent, "error", err)
			}
		}
	}
	return nil
}

func (w *Worker) carry(ctx context.Context, brand string, held *lease.Held, tasks []task) error {
	return w.update(ctx, held, func(tx engine.Tx) error {
		entry, err := w.cfg.Catalog.Within(tx, brand)
		if err != nil {
			return err
		}
		return carrier{tx: tx, now: w.cfg.Clock(), writer: w.cfg.Writer, entry: entry}.carryOut(tasks)
	})
}
