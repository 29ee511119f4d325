package natsbus

import (
	"sync"

	"parley/engine"
)

// outgoing is what waits to be published, in order and bounded. A wake-up that
// waits already is as good as two; remarks with data are kept one by one.
type outgoing struct {
	mu      sync.Mutex
	frames  []frame
	waiting map[mark]struct{} // wake-ups in frames
	wake    chan struct{}
}

type frame struct {
	topic engine.Topic
	raw   []byte
}

// mark is a wake-up without data.
type mark struct {
	topic      engine.Topic
	brand, key string
}

// maxWaiting bounds outgoing.
const maxWaiting = 4096

func newOutgoing() *outgoing {
	return &outgoing{waiting: map[mark]struct{}{}, wake: make(chan struct{}, 1)}
}

// put takes a signal and says what became of it.
func (o *outgoing) put(s engine.Signal) result {
	m, bare := mark{s.Topic, s.Brand, s.Key}, len(s.Data) == 0
	o.mu.Lock()
	defer o.mu.Unlock()
	if bare {
		if _, ok := o.waiting[m]; ok {
			return merged
		}
	}
	if len(o.frames) >= maxWaiting {
		return full
	}
	raw, ok := encode(s)
	if !ok {
		return tooLarge
	}
	if bare {
		o.waiting[m] = struct{}{}
	}
	o.frames = append(o.frames, frame{s.Topic, raw})
	engine.Poke(o.wake)
	return taken
}

// take gives all that waits.
func (o *outgoing) take() []frame {
	o.mu.Lock()
	defer o.mu.Unlock()
	frames := o.frames
	o.frames = nil
	clear(o.waiting)
	return frames
}
