package live

import (
	"context"
	"sync"
	"time"

	"parley/engine"
)

// touchEvery bounds how often a sign of life is written.
const touchEvery = 15 * time.Second

// seen remembers when each user's sign of life was written last.
type seen struct {
	mu sync.Mutex
	at map[string]time.Time
}

func newSeen() *seen { return &seen{at: map[string]time.Time{}} }

// due says whether to write, and notes that it happens.
func (s *seen) due(user string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.at[user]) < touchEvery {
		return false
	}
	s.at[user] = now
	return true
}

func (s *seen) forget(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.at, user)
}

// Touch notes a sign of life.
func (s *Server) Touch(ctx context.Context, u engine.User) error {
	if !s.seen.due(u.ID, s.Clock()) {
		return nil
	}
	err := s.Desk.Seen(ctx, u, s.process, s.sockets.has(u.ID))
	if err != nil {
		s.seen.forget(u.ID)
	}
	return err
}

// arrive tells all processes that the user is connected to this one: one that loses her
// a moment later must know.
func (s *Server) arrive(ctx context.Context, k *socket) error {
	if !k.person || !s.sockets.alone(k.user.ID) {
		return nil
	}
	s.seen.forget(k.user.ID)
	return s.Touch(ctx, k.user)
}

// depart ends a socket's registration. When it was the agent's last, the agent
// has left after a grace for reloads.
func (s *Server) depart(k *socket) {
	defer s.sockets.joined.Done()
	last, absence := s.sockets.leave(k)
	if !last {
		return
	}
	s.leaving.Go(func() {
		if !engine.Sleep(s.closing, s.Times.Grace) {
			return // the restarted gateway sees by SeenAt who is there
		}
		if !s.sockets.absent(k.user.ID, absence) || !k.person {
			return
		}
		// The next sign of life counts at once, whether it comes before or after.
		s.seen.forget(k.user.ID)
		defer s.seen.forget(k.user.ID)
		if err := s.Desk.Gone(s.closing, k.user, s.process); err != nil && s.closing.Err() == nil {
			s.Log.Error("an agent has left", "agent", k.user.ID, "error", err)
		}
	})
}

// Forget lets the user's next sign of life count at once.
func (s *Server) Forget(user string) { s.seen.forget(user) }

// SignedOut ends the live sockets of a browser session that is over. Who is not
// connected by another one is gone.
func (s *Server) SignedOut(ctx context.Context, u engine.User, login string) error {
	s.sockets.end(login)
	s.seen.forget(u.ID)
	if s.sockets.elsewhere(u.ID, login) {
		return nil
	}
	return s.Desk.SignedOut(ctx, u, s.process)
}
