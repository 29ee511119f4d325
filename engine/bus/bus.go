package bus

import (
	"slices"
	"sync"

	"parley/engine"
)

// Bus is an engine.Bus inside one process. Use New.
type Bus struct {
	mu   sync.Mutex
	subs map[engine.Topic][]*subscriber // a published slice is never written again
}

type subscriber struct{ fn func(engine.Signal) }

// New makes an empty bus.
func New() *Bus {
	return &Bus{subs: make(map[engine.Topic][]*subscriber)}
}

// Publish calls every subscriber of the topic, in the order they subscribed, on
// the caller's goroutine. No lock is held meanwhile, so a subscriber may use the bus.
func (b *Bus) Publish(s engine.Signal) {
	b.mu.Lock()
	subs := b.subs[s.Topic]
	b.mu.Unlock()
	for _, sub := range subs {
		sub.fn(s)
	}
}

// Subscribe calls fn for each signal of the topic until cancel is called. A
// Publish that has begun before cancel may still call fn once. Calling cancel
// again does nothing.
func (b *Bus) Subscribe(topic engine.Topic, fn func(engine.Signal)) (cancel func()) {
	sub := &subscriber{fn: fn}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subs[topic] = append(slices.Clone(b.subs[topic]), sub)
	return func() { b.remove(topic, sub) }
}

func (b *Bus) remove(topic engine.Topic, sub *subscriber) {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := slices.DeleteFunc(slices.Clone(b.subs[topic]), func(s *subscriber) bool { return s == sub })
	if len(left) == 0 {
		delete(b.subs, topic)
		return
	}
	b.subs[topic] = left
}
