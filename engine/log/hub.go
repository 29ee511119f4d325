package log

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
)

var (
	// ErrSlow ends a follower that did not keep up; it goes on from its last cursor.
	ErrSlow = errors.New("log: the reader is too slow")
	// ErrStopped ends followers when the hub stops.
	ErrStopped error = engine.Errorf(engine.Unavailable, "The gateway is stopping.")
)

const (
	pollEvery  = time.Second
	tailPage   = 512 // events read at once for the tail
	ownersSize = 8192
	passQueue  = 256
	// Bounds of the memory that followers take. The team has its own: visitors, of
	// whom anybody can be many, never keep an agent out.
	maxVisitors = 20_000
	maxTeam     = 10_000
)

// Config is what a Hub works with. All fields are required.
type Config struct {
	Store engine.Store
	Bus   engine.Bus
	Log   *slog.Logger
}

// Hub reads the end of the log once and keeps it for all followers. Use New, then Run.
type Hub struct {
	cfg    Config
	wake   chan struct{}
	passes chan engine.Signal
	ready  chan struct{} // closed when the tail is known
	owners *owners       // only Run uses it

	mu      sync.Mutex
	recent  recent
	subs    map[audience]map[*Follower]struct{}
	count   struct{ visitors, team int } // of those in subs
	room    struct{ visitors, team int } // how many may be there
	stopped bool
}

// audience is what a follower listens to.
type audience struct {
	brand    string
	visitor  bool   // not the whole brand, but what concerns
	consumer string // this one; "" for a visitor whom nobody knows yet
}

// New makes a hub; followers wait until Run has found the end of the log.
func New(cfg Config) *Hub {
	h := &Hub{
		cfg: cfg, wake: make(chan struct{}, 1), passes: make(chan engine.Signal, passQueue),
		ready: make(chan struct{}), owners: newOwners(ownersSize), subs: make(map[audience]map[*Follower]struct{}),
	}
	h.room.visitors, h.room.team = maxVisitors, maxTeam
	return h
}

// Run follows the log until ctx ends, and then returns nil with all
// followers ended. It may run once.
func (h *Hub) Run(ctx context.Context) error {
	known := false
	defer func() { h.stop(known) }()
	defer h.cfg.Bus.Subscribe(engine.TopicEvents, func(engine.Signal) {
		engine.Poke(h.wake)
	})()
	defer h.cfg.Bus.Subscribe(engine.TopicPass, func(s engine.Signal) {
		select {
		case h.passes <- s:
		default: // passing remarks may be lost
		}
	})()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		err := h.read(ctx, &known)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			h.cfg.Log.Error("live cannot read the event log", "error", err)
		}
	idle:
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-h.wake:
				if h.listened() {
					break idle
				}
			case <-poll.C:
				break idle
			case s := <-h.passes:
				h.pass(ctx, s)
			}
		}
	}
}

// read catches up with the log; the first time it only finds its end.
func (h *Hub) read(ctx context.Context, known *bool) error {
	if !*known {
		last, err := h.end(ctx)
		if err != nil {
			return err
		}
		h.mu.Lock()
		h.recent.floor, h.recent.tail = last, last
		h.mu.Unlock()
		*known = true
		close(h.ready)
	}
	for {
		if skipped, err := h.skip(ctx); skipped || err != nil {
			return err
		}
		page, err := h.next(ctx)
		if err != nil {
			return err
		}
		h.fanOut(page)
		if len(page) < tailPage {
			return nil
		}
	}
}

// skip moves to the end of the log now and then while nobody listens, so that a busy
// night without agents is not read for nothing. Who comes later reads the log itself
// up to there.
func (h *Hub) skip(ctx context.Context) (bool, error) {
	if h.listened() {
		return false, nil
	}
	last, err := h.end(ctx)
	if err != nil {
		return false, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.subs) > 0 {
		return false, nil // somebody came meanwhile and counts on the tail
	}
	if last != h.recent.tail {
		h.recent = recent{floor: last, tail: last}
	}
	return true, nil
}

// listened says whether anybody listens. Who begins to reads the log first, so that
// nobody needs what the hub did not read before.
func (h *Hub) listened() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs) > 0
}

func (h *Hub) end(ctx context.Context) (engine.Cursor, error) {
	last, err := engine.View(ctx, h.cfg.Store, func(tx engine.Tx) (engine.Cursor, error) { return tx.Events().Last() })
	if err != nil {
		return 0, fmt.Errorf("find the end: %w", err)
	}
	return last, nil
}

// next reads the events after the tail, and whose they are.
func (h *Hub) next(ctx context.Context) (page []entry, err error) {
	after := h.recent.tail // only Run writes it
	err = h.cfg.Store.View(ctx, func(tx engine.Tx) error {
		events, err := tx.Events().List(engine.EventFilter{After: after, Limit: tailPage})
		if err != nil {
			return err
		}
		page = make([]entry, len(events))
		for i, e := range events {
			who, err := h.owner(tx, conversation{e.Brand, e.Conversation})
			if err != nil {
				return err
			}
			page[i] = entry{e, who}
		}
		return nil
	})
	return page, err
}

// owner looks up whose conversation it is; "" for none.
func (h *Hub) owner(tx engine.Tx, c conversation) (string, error) {
	if c.id == "" {
		return "", nil
	}
	if who, ok := h.owners.get(c); ok {
		return who, nil
	}
	conv, err := tx.Conversations().Get(c.brand, c.id)
	if engine.CodeOf(err) == engine.NotFound {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find the consumer: %w", err)
	}
	h.owners.put(c, conv.Consumer)
	return conv.Consumer, nil
}

func (h *Hub) fanOut(page []entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range page {
		h.recent.add(e)
		h.each(e.Brand, e.consumer, func(f *Follower) { f.notice(engine.Cursor(e.Seq)) })
	}
}

// each calls fn for all who may see what concerns the brand and the consumer. The
// lock is held.
func (h *Hub) each(brand, consumer string, fn func(*Follower)) {
	for f := range h.subs[audience{brand: brand}] {
		fn(f)
	}
	if consumer != "" {
		for f := range h.subs[audience{brand, true, consumer}] {
			fn(f)
		}
	}
}

// pass fans a passing remark out.
func (h *Hub) pass(ctx context.Context, sig engine.Signal) {
	who, err := engine.View(ctx, h.cfg.Store, func(tx engine.Tx) (string, error) {
		return h.owner(tx, conversation{sig.Brand, sig.Key})
	})
	if err != nil {
		if ctx.Err() == nil {
			h.cfg.Log.Warn("live dropped a passing remark", "error", err)
		}
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.each(sig.Brand, who, func(f *Follower) { f.hear(sig) })
}

func (h *Hub) stop(known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	if !known {
		close(h.ready) // who waits for it learns that there will be nothing
	}
	for _, all := range h.subs {
		for f := range all {
			f.wake()
		}
	}
}
