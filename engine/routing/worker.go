package routing

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

const (
	sweepEvery = 2 * time.Second
	// pause between two rounds of passes, so that a burst of signals is one pass.
	pause = 10 * time.Millisecond
	// maxRounds bounds one pass over a brand; what is left waits for the next.
	maxRounds = 8
)

// Config is what a Worker works with. All fields are required.
type Config struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	Catalog *catalog.Catalog
	Writer  conversation.Writer
	Log     *slog.Logger
}

// Worker finds agents for waiting conversations. Any number of them may work
// on one store, in one process or in many.
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

// Run works until ctx ends, and then returns nil. It is woken by TopicRouting,
// by the end of an offer's time and, in case a signal was lost, every 2 s.
func (w *Worker) Run(ctx context.Context) error {
	defer w.cfg.Bus.Subscribe(engine.TopicRouting, w.note)()
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	expiry := time.NewTimer(0)
	defer expiry.Stop()
	expires := make(map[string]time.Time) // brand → when its first offer ends

	w.note(engine.Signal{})
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
					w.note(engine.Signal{Key: brand})
				}
			}
		}
		for _, brand := range w.take(ctx) {
			first, err := w.pass(ctx, brand)
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				w.cfg.Log.Error("routing failed", "brand", brand, "error", err)
			}
			delete(expires, brand)
			if !first.IsZero() {
				expires[brand] = first
			}
		}
		if first := earliest(expires); !first.IsZero() {
			expiry.Reset(max(pause, first.Sub(w.cfg.Clock())))
		}
		if !sleep(ctx, pause) {
			return nil
		}
	}
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

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// note remembers a brand to look at.
func (w *Worker) note(s engine.Signal) {
	w.mu.Lock()
	w.dirty[cmp.Or(s.Key, s.Brand)] = true
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
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
	brands := make([]string, 0, len(dirty))
	for b := range dirty {
		brands = append(brands, b)
	}
	slices.Sort(brands)
	return brands
}

// pass serves one brand until nothing is left to decide, and says when the
// brand's first offer ends (zero: none is out).
func (w *Worker) pass(ctx context.Context, brand string) (time.Time, error) {
	failed := make(map[string]bool) // conversations that one pass tries only once
	var p picture
	for range maxRounds {
		err := w.cfg.Store.View(ctx, func(tx engine.Tx) (err error) {
			p, err = look(tx, brand, w.cfg.Clock(), failed)
			return err
		})
		if err != nil {
			return time.Time{}, fmt.Errorf("read the queue: %w", err)
		}
		if lapsed := p.lapsed(); len(lapsed) > 0 {
			for part := range slices.Chunk(lapsed, chunk) {
				if err := w.cfg.Store.Update(ctx, func(tx engine.Tx) error { return endLapsed(tx, w.cfg.Clock(), part) }); err != nil {
					return time.Time{}, fmt.Errorf("end offers: %w", err)
				}
			}
			continue
		}
		if wants := p.wantsOver(); len(wants) > 0 {
			for part := range slices.Chunk(wants, chunk) {
				if err := w.cfg.Store.Update(ctx, func(tx engine.Tx) error { return endWants(tx, w.cfg.Clock(), part) }); err != nil {
					return time.Time{}, fmt.Errorf("end transfers to one agent: %w", err)
				}
			}
			continue
		}
		matched := Match(p.snap)
		if len(matched) == 0 {
			break
		}
		w.carryOut(ctx, brand, p, matched, failed)
		if ctx.Err() != nil {
			break
		}
	}
	return p.expires(), nil
}

func (w *Worker) carryOut(ctx context.Context, brand string, p picture, matched []Assignment, failed map[string]bool) {
	tasks := make([]task, len(matched))
	entries := make(map[string]engine.QueueEntry, len(p.snap.Waiting))
	for _, e := range p.snap.Waiting {
		entries[e.Conversation] = e
	}
	for i, a := range matched {
		tasks[i] = task{a, entries[a.Conversation]}
	}
	for part := range slices.Chunk(tasks, chunk) {
		if w.carry(ctx, brand, part) == nil {
			continue
		}
		// One of them spoils the transaction for all: find it.
		for i, t := range part {
			err := w.carry(ctx, brand, part[i:i+1])
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				failed[t.Conversation] = true
				w.cfg.Log.Error("assignment failed", "brand", brand, "conversation", t.Conversation, "agent", t.Agent, "error", err)
			}
		}
	}
}

func (w *Worker) carry(ctx context.Context, brand string, tasks []task) error {
	return w.cfg.Store.Update(ctx, func(tx engine.Tx) error {
		entry, err := w.cfg.Catalog.Within(tx, brand)
		if err != nil {
			return err
		}
		return carrier{tx: tx, now: w.cfg.Clock(), writer: w.cfg.Writer, entry: entry}.carryOut(tasks)
	})
}
