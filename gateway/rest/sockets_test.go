package rest

import (
	"testing"

	"parley/engine"
)

// TestPollsOfOneUser: a user's long polls are bounded, and nobody else's.
func TestPollsOfOneUser(t *testing.T) {
	t.Parallel()
	s := newSockets()
	var all []func()
	for range maxPerUser {
		done, err := s.poll("u1")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, done)
	}
	if _, err := s.poll("u1"); engine.CodeOf(err) != engine.RateLimited {
		t.Errorf("one more: %v", err)
	}
	done, err := s.poll("u2")
	if err != nil {
		t.Fatalf("another user: %v", err)
	}
	done()
	for _, done := range all {
		done()
	}
	if len(s.polls) != 0 {
		t.Errorf("left are %v", s.polls)
	}
}
