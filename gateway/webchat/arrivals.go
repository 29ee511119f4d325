package webchat

import (
	"sync"

	"parley/engine"
)

// arrival tells, on every machine, that a visitor has opened a conversation:
// before the first one there is no consumer to subscribe to.
func arrival(ch engine.Channel, address string) engine.Signal {
	return engine.Signal{Topic: engine.TopicArrival, Brand: ch.Brand, Key: ch.ID + "/" + address}
}

// arrivals are the sockets and long polls that wait for their visitor's first message.
type arrivals struct {
	mu      sync.Mutex
	waiting map[string]map[chan struct{}]struct{}
}

func newArrivals() *arrivals { return &arrivals{waiting: map[string]map[chan struct{}]struct{}{}} }

// await gives a channel that gets a value when the visitor arrives.
func (a *arrivals) await(key string) (arrived <-chan struct{}, cancel func()) {
	ch := make(chan struct{}, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting[key] == nil {
		a.waiting[key] = map[chan struct{}]struct{}{}
	}
	a.waiting[key][ch] = struct{}{}
	return ch, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.waiting[key], ch)
		if len(a.waiting[key]) == 0 {
			delete(a.waiting, key)
		}
	}
}

func (a *arrivals) tell(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for ch := range a.waiting[key] {
		engine.Poke(ch)
	}
}
