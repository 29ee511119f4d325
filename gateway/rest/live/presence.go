package live

import (
	"context"
	"encoding/json"
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

// Touch notes a sign of life. An agent who was not there, and is not offline, is
// back: the team sees it and routing looks for work.
func (s *Server) Touch(ctx context.Context, u engine.User) error {
	now := s.Clock()
	if !s.seen.due(u.ID, now) {
		return nil
	}
	back := !u.There(now) && u.Presence != engine.Offline
	data, err := json.Marshal(engine.PresenceData{Agent: u.ID, Presence: u.Presence, Seen: true, Reason: u.PresenceReason})
	if err != nil {
		return err
	}
	err = s.Store.Update(ctx, func(tx engine.Tx) error {
		if s.sockets.has(u.ID) {
			if err := tx.Attendance().Here(u.Brand, u.ID, s.Process, now); err != nil {
				return err
			}
		}
		if err := tx.Users().Seen(u.Brand, u.ID, now); err != nil || !back {
			return err
		}
		tx.Wake(engine.Signal{Topic: engine.TopicRouting, Brand: u.Brand, Key: u.Brand})
		return tx.Events().Add(&engine.Event{At: now, Brand: u.Brand, Kind: engine.EventPresence, Actor: "agent:" + u.ID, Data: data})
	})
	if err != nil {
		s.seen.forget(u.ID)
	}
	return err
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
		t := time.NewTimer(s.Times.Grace)
		defer t.Stop()
		select {
		case <-s.closing.Done():
			return // the restarted gateway sees by SeenAt who is there
		case <-t.C:
		}
		if !s.sockets.absent(k.user.ID, absence) || !k.person {
			return
		}
		// The next sign of life counts at once, whether it comes before or after.
		s.seen.forget(k.user.ID)
		defer s.seen.forget(k.user.ID)
		if err := s.Desk.Gone(s.closing, k.user, s.Process); err != nil && s.closing.Err() == nil {
			s.Log.Error("an agent has left", "agent", k.user.ID, "error", err)
		}
	})
}

// Forget lets the user's next sign of life count at once.
func (s *Server) Forget(user string) { s.seen.forget(user) }

// SignedOut ends the live sockets of a browser session that is over. Who is nowhere
// else signed in and connected is gone.
func (s *Server) SignedOut(ctx context.Context, u engine.User, login string) error {
	s.sockets.end(login)
	s.seen.forget(u.ID)
	return s.leave(ctx, u, login)
}

// leave makes somebody who has signed out absent, unless another browser session
// of hers is connected to this process or to another.
func (s *Server) leave(ctx context.Context, u engine.User, login string) error {
	if s.sockets.elsewhere(u.ID, login) {
		return nil
	}
	other := false
	err := s.Store.Update(ctx, func(tx engine.Tx) error {
		if err := tx.Attendance().Left(u.Brand, u.ID, s.Process); err != nil {
			return err
		}
		last, err := tx.Attendance().Last(u.Brand, u.ID)
		other = s.Clock().Sub(last) < engine.PresenceTTL
		return err
	})
	if err != nil || other {
		return err
	}
	return s.Desk.SignedOut(ctx, u)
}
