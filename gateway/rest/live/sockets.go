package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"parley/engine"
)

// maxPerUser bounds the live sockets of one user or token, and as many long polls.
const maxPerUser = 20

const tryAgain = 5 * time.Second

var (
	errSignedOut = errors.New("signed out")
	errNotMine   = errors.New("a page of somebody who has signed out here") // another one has signed in since
)

// sockets knows the live sockets of this process, by user and by who holds them.
type sockets struct {
	mu     sync.Mutex
	all    map[*socket]struct{}
	byUser map[string]*attendance
	polls  map[string]int // that wait, by user
	closed bool
	joined sync.WaitGroup
}

// attendance counts a user's sockets, and how often the last one has closed.
type attendance struct{ sockets, absences int }

type socket struct {
	user   engine.User
	person bool
	holder string // browser session or token
	end    context.CancelCauseFunc
}

func newSockets() *sockets {
	return &sockets{all: map[*socket]struct{}{}, byUser: map[string]*attendance{}, polls: map[string]int{}}
}

// add registers a socket; leave and joined.Done must be called after it.
func (s *sockets) add(k *socket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.byUser[k.user.ID]
	switch {
	case s.closed:
		return engine.Errorf(engine.Unavailable, "The gateway is stopping.")
	case a != nil && a.sockets >= maxPerUser:
		return engine.Errorf(engine.RateLimited, "You have %d live connections already. Close one and try again.", maxPerUser).In(tryAgain)
	case a == nil:
		a = &attendance{}
		s.byUser[k.user.ID] = a
	}
	s.all[k] = struct{}{}
	a.sockets++
	s.joined.Add(1)
	return nil
}

// poll counts a long poll of a user, until done is called.
func (s *sockets) poll(user string) (done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.polls[user] >= maxPerUser {
		return nil, engine.Errorf(engine.RateLimited, "You have %d long polls waiting already. Try again when one has ended.", maxPerUser).In(tryAgain)
	}
	s.polls[user]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.polls[user]--; s.polls[user] == 0 {
			delete(s.polls, user)
		}
	}, nil
}

// leave removes a socket and says whether it was the user's last, and which
// absence begins.
func (s *sockets) leave(k *socket) (last bool, absence int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, k)
	a := s.byUser[k.user.ID]
	if a.sockets--; a.sockets > 0 {
		return false, 0
	}
	a.absences++
	return true, a.absences
}

// has says whether the user has a socket here.
func (s *sockets) has(user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.byUser[user]
	return a != nil && a.sockets > 0
}

// alone says whether the user has one socket here.
func (s *sockets) alone(user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.byUser[user]
	return a != nil && a.sockets == 1
}

// elsewhere says whether the user has a socket that another browser session holds.
func (s *sockets) elsewhere(user, holder string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.all {
		if k.user.ID == user && k.person && k.holder != holder {
			return true
		}
	}
	return false
}

// absent says whether the absence still lasts, and forgets the user if so. Whose
// page polls is there: whether polls end, SeenAt tells.
func (s *sockets) absent(user string, absence int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.byUser[user]
	if a == nil || a.sockets > 0 || a.absences != absence {
		return false
	}
	delete(s.byUser, user)
	return s.polls[user] == 0
}

// end cuts the sockets of one browser session or token.
func (s *sockets) end(holder string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.all {
		if k.holder == holder {
			k.end(errSignedOut)
		}
	}
}

// refuse lets no more sockets in.
func (s *sockets) refuse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}
