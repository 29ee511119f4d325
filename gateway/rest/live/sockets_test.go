package live

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

// TestWhoPollsIsNotAbsent: where a proxy lets no socket live, the end of one is no
// absence of somebody whose page polls.
func TestWhoPollsIsNotAbsent(t *testing.T) {
	t.Parallel()
	for name, polls := range map[string]bool{"who polls": true, "who does not": false} {
		s := newSockets()
		k := &socket{user: engine.User{ID: "u1"}}
		if err := s.add(k); err != nil {
			t.Fatal(err)
		}
		if polls {
			done, err := s.poll("u1")
			if err != nil {
				t.Fatal(err)
			}
			defer done()
		}
		last, absence := s.leave(k)
		if absent := s.absent("u1", absence); !last || absent == polls {
			t.Errorf("%s: last %v, absent %v", name, last, absent)
		}
		s.joined.Done()
	}
}
