package outbox

import (
	"errors"
	"sync"

	"parley/engine"
)

// reads lets those who ask at about the same time read in one snapshot, which
// is made after the last of them has asked: a claim begins many sends at once.
type reads struct {
	mu      sync.Mutex
	waiting []*ask
	busy    bool // somebody reads, and calls the next
}

type ask struct {
	item engine.OutboxItem // that is to be sent
	fn   func(*glance) error
	err  error
	done chan bool // false: it is this one's turn to read
}

var errNotRead = errors.New("the read for several ended early")

// glance is one such snapshot. Most who ask send on the same channel.
type glance struct {
	engine.Tx
	circuits map[string]engine.Circuit // that were read; zero where there is none
}

// circuit gives a channel's; zero when there is none.
func (g *glance) circuit(channel string) (engine.Circuit, error) {
	if c, ok := g.circuits[channel]; ok {
		return c, nil
	}
	c, err := g.Circuits().Get(channel)
	if err = engine.UnlessGone(err); err == nil {
		g.circuits[channel] = c
	}
	return c, err
}

// do runs fn, which looks before an item is sent, in a View, with what others ask meanwhile.
func (r *reads) do(view func(func(engine.Tx) error) error, item engine.OutboxItem, fn func(*glance) error) error {
	a := &ask{item: item, fn: fn, err: errNotRead, done: make(chan bool, 1)}
	r.mu.Lock()
	r.waiting = append(r.waiting, a)
	wait := r.busy
	r.busy = true
	r.mu.Unlock()
	if wait && <-a.done {
		return a.err
	}
	r.mu.Lock()
	all := r.waiting
	r.waiting = nil
	r.mu.Unlock()
	defer r.next(a, all) // also when fn panics
	err := view(func(tx engine.Tx) error {
		items := make([]engine.OutboxItem, len(all))
		for i, o := range all {
			items[i] = o.item
		}
		tx.AheadOfSends(items)
		g := &glance{tx, map[string]engine.Circuit{}}
		for _, o := range all {
			o.err = o.fn(g)
		}
		return nil
	})
	if err != nil {
		for _, o := range all {
			o.err = err
		}
	}
	return a.err
}

// next tells those that were read for, and lets one of the others read.
func (r *reads) next(a *ask, all []*ask) {
	r.mu.Lock()
	r.busy = len(r.waiting) > 0
	if r.busy {
		r.waiting[0].done <- false
	}
	r.mu.Unlock()
	for _, o := range all {
		if o != a {
			o.done <- true
		}
	}
}
