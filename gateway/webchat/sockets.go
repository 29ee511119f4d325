package webchat

import (
	"sync"
	"time"

	"parley/engine"
)

const maxTabs = 10 // of one visitor, each with a socket or a long poll

// room is how many sockets and long polls may be open.
type room struct {
	all     int // of the process
	network int // from one network
	silent  int // from one network, before their hello
	mute    int // of the process, before their hello
}

func usualRoom() room { return room{all: 20_000, network: 2_000, silent: 200, mute: 2_000} }

// sockets counts what stays open, so that it is bounded and can be joined.
type sockets struct {
	room room
	wait time.Duration // until who found no room may try again

	mu        sync.Mutex
	closed    bool
	total     int
	mute      int
	tabs      map[string]int // by visitor
	byNetwork map[string]crowd
	open      sync.WaitGroup
}

// crowd is who is there from one network.
type crowd struct{ open, silent int }

// seat is one socket or long poll that is open.
type seat struct {
	s       *sockets
	network string
	silent  bool
}

func newSockets(wait time.Duration) *sockets {
	return &sockets{room: usualRoom(), wait: wait, tabs: map[string]int{}, byNetwork: map[string]crowd{}}
}

// enter counts one more from a network, which is silent until greet. Errors:
// Unavailable when there are too many or the server closes, RateLimited when there
// are too many from there.
func (s *sockets) enter(network string, silent bool) (*seat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	here := s.byNetwork[network]
	switch {
	case s.closed, s.total >= s.room.all, silent && s.mute >= s.room.mute:
		return nil, engine.Errorf(engine.Unavailable, "The chat is busy. Try again in a moment.").In(s.wait)
	case here.open >= s.room.network, silent && here.silent >= s.room.silent:
		return nil, engine.Errorf(engine.RateLimited, "Too many chats are open from your network. Try again in a moment.").In(s.wait)
	}
	s.total++
	here.open++
	if silent {
		s.mute++
		here.silent++
	}
	s.byNetwork[network] = here
	s.open.Add(1)
	return &seat{s, network, silent}, nil
}

// greet says that somebody showed a token.
func (k *seat) greet() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.hush()
}

// hush ends the silence. The lock is held.
func (k *seat) hush() {
	if !k.silent {
		return
	}
	k.silent = false
	k.s.mute--
	here := k.s.byNetwork[k.network]
	here.silent--
	k.s.byNetwork[k.network] = here
}

func (k *seat) leave() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.hush()
	k.s.total--
	here := k.s.byNetwork[k.network]
	if here.open--; here.open == 0 {
		delete(k.s.byNetwork, k.network)
	} else {
		k.s.byNetwork[k.network] = here
	}
	k.s.open.Done()
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
