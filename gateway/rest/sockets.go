package rest

import (
	"context"
	"sync"

	"parley/engine"
)

// maxPerUser bounds the live sockets of one user.
const maxPerUser = 20

// sockets knows the live sockets of this process, by user and by browser session.
type sockets struct {
	mu     sync.Mutex
	all    map[*socket]struct{}
	byUser map[string]int
	closed bool
	joined sync.WaitGroup
}

type socket struct {
	user  engine.User
	login string
	end   context.CancelCauseFunc
}

func newSockets() *sockets {
	return &sockets{all: map[*socket]struct{}{}, byUser: map[string]int{}}
}

// add registers a socket; leave must be called after it.
func (s *sockets) add(k *socket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return engine.Errorf(engine.Unavailable, "The gateway is stopping.")
	case s.byUser[k.user.ID] >= maxPerUser:
		return engine.Errorf(engine.RateLimited, "You have %d live connections already.", maxPerUser)
	}
	s.all[k] = struct{}{}
	s.byUser[k.user.ID]++
	s.joined.Add(1)
	return nil
}

// leave removes a socket and says whether it was the user's last.
func (s *sockets) leave(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, k)
	s.joined.Done()
	if s.byUser[k.user.ID]--; s.byUser[k.user.ID] > 0 {
		return false
	}
	delete(s.byUser, k.user.ID)
	return true
}

// connected says whether the user has a socket here.
func (s *sockets) connected(user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byUser[user] > 0
}

// end cuts the sockets of one browser session.
func (s *sockets) end(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.all {
		if k.login == login && login != "" {
			k.end(errSignedOut)
		}
	}
}

// close cuts all sockets and waits for them.
func (s *sockets) close() {
	s.mu.Lock()
	s.closed = true
	for k := range s.all {
		k.end(errStopping)
	}
	s.mu.Unlock()
	s.joined.Wait()
}
