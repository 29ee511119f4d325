package webchat

import (
	"sync"

	"parley/engine"
)

const (
	maxSockets = 20_000 // with long polls
	maxTabs    = 10     // of one visitor, each with a socket or a long poll
)

// sockets counts what stays open, so that it is bounded and can be joined.
type sockets struct {
	mu     sync.Mutex
	closed bool
	total  int
	tabs   map[string]int // by visitor
	open   sync.WaitGroup
}

func newSockets() *sockets { return &sockets{tabs: map[string]int{}} }

// enter counts one more; Unavailable when there are too many or the server closes.
func (s *sockets) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.total >= maxSockets {
		return engine.Errorf(engine.Unavailable, "The chat is busy. Try again in a moment.")
	}
	s.total++
	s.open.Add(1)
	return nil
}

func (s *sockets) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total--
	s.open.Done()
}

// join counts one more of the visitor and says whether there is room.
func (s *sockets) join(visitor string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tabs[visitor] >= maxTabs {
		return false
	}
	s.tabs[visitor]++
	return true
}

func (s *sockets) part(visitor string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tabs[visitor]--; s.tabs[visitor] == 0 {
		delete(s.tabs, visitor)
	}
}

func (s *sockets) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.open.Wait()
}
