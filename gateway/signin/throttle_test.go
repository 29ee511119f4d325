package signin_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"parley/engine"
	"parley/gateway/signin"
)

// quick checks passwords without the work.
func quick(s *signin.Service) (checked *atomic.Int64) {
	checked = new(atomic.Int64)
	s.CheckWith(func(_, p string) bool { checked.Add(1); return p == password })
	return checked
}

// refusal is what a refused sign-in says.
func refusal(t *testing.T, err error) time.Duration {
	t.Helper()
	var e *engine.Error
	if !errors.As(err, &e) || e.Code != engine.RateLimited || e.Retry < time.Second || e.Message == "" {
		t.Fatalf("refused with %v", err)
	}
	return e.Retry
}

func TestGuessingFromManyAddresses(t *testing.T) {
	t.Parallel()
	for name, email := range map[string]string{"an account": "ana@acme.example", "nobody's": "nobody@acme.example"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, c := setup(t, false)
			checked := quick(s)
			guess := func(i int) error {
				_, _, err := s.SignIn(t.Context(), email, "wrong", fmt.Sprintf("10.%d.0.1", i%30))
				return err
			}
			for i := range 150 {
				if err := guess(i); engine.CodeOf(err) != engine.Unauthenticated {
					refusal(t, err)
				}
			}
			if n := checked.Load(); n != 10 {
				t.Errorf("%d of 150 guesses were checked", n)
			}
			for i := range 60 * 60 { // and as often as they like, for an hour
				c.Add(time.Second)
				_ = guess(i)
			}
			if n := checked.Load(); n > 10+120+1 {
				t.Errorf("%d guesses within an hour", n)
			}
		})
	}
}

func TestManyAccountsFromOneAddress(t *testing.T) {
	t.Parallel()
	s, _, c := setup(t, false)
	checked := quick(s)
	for i := range 60 {
		_, _, err := s.SignIn(t.Context(), fmt.Sprintf("u%d@acme.example", i), "wrong", fmt.Sprintf("2001:db8::%x", i+1))
		if engine.CodeOf(err) != engine.Unauthenticated {
			refusal(t, err)
		}
	}
	if n := checked.Load(); n != 20 {
		t.Errorf("%d of 60 were checked", n)
	}
	if _, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "10.0.0.1"); err != nil {
		t.Errorf("another network: %v", err)
	}
	c.Add(time.Second)
	if _, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "2001:db8::1"); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

// TestTheOwnerIsNotLockedOut: who guesses elsewhere does not concern who signs in
// where they did before, and holds up others only for moments.
func TestTheOwnerIsNotLockedOut(t *testing.T) {
	t.Parallel()
	s, _, c := setup(t, false)
	quick(s)
	in := func(ip string) error {
		_, _, err := s.SignIn(t.Context(), "ana@acme.example", password, ip)
		return err
	}
	if err := in("192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	attack := func() {
		for i := range 200 {
			_, _, _ = s.SignIn(t.Context(), "ana@acme.example", "wrong", fmt.Sprintf("10.%d.0.1", i))
		}
	}
	for range 50 {
		attack()
		if err := in("192.0.2.77"); err != nil { // the same network
			t.Fatalf("at home: %v", err)
		}
		c.Add(time.Minute)
	}
	attack()
	if wait := refusal(t, in("198.51.100.1")); wait > 30*time.Second {
		t.Errorf("at a new place she waits %s", wait)
	}
	c.Add(30 * time.Second)
	if err := in("198.51.100.1"); err != nil {
		t.Errorf("half a minute later: %v", err)
	}
	// Her own typing errors do not lock her out for long either.
	for range 7 {
		_, _, _ = s.SignIn(t.Context(), "ana@acme.example", "wrong", "192.0.2.1")
	}
	if wait := refusal(t, in("192.0.2.1")); wait > 3*time.Minute {
		t.Errorf("after typing errors she waits %s", wait)
	}
}

// TestACrowdHoldsNobodyUp: however many strangers want their passwords checked,
// few are at once, few wait, the rest hears so, and regulars go by.
func TestACrowdHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := setup(t, false)
		quick(s)
		if _, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		var at, most atomic.Int64
		s.CheckWith(func(_, p string) bool {
			if p != password {
				if n := at.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second) // a very slow machine
				at.Add(-1)
			}
			return p == password
		})
		var crowd sync.WaitGroup
		var checked, busy atomic.Int64
		for i := range 500 {
			crowd.Go(func() {
				began := time.Now()
				_, _, err := s.SignIn(context.Background(), fmt.Sprintf("u%d@acme.example", i), "wrong", fmt.Sprintf("10.%d.%d.1", i/250, i%250))
				var e *engine.Error
				switch {
				case engine.CodeOf(err) == engine.Unauthenticated:
					checked.Add(1)
				case errors.As(err, &e) && e.Code == engine.Unavailable && e.Retry > 0:
					busy.Add(1)
				default:
					t.Error(err)
				}
				if waited := time.Since(began); waited > 6*time.Second {
					t.Errorf("one waits %s", waited)
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		if _, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "192.0.2.1"); err != nil || time.Since(began) > 0 {
			t.Errorf("a regular waits %s: %v", time.Since(began), err)
		}
		crowd.Wait()
		if most.Load() != 2 || checked.Load() > signin.Strangers || checked.Load()+busy.Load() != 500 {
			t.Errorf("%d at once, %d checked, %d sent away", most.Load(), checked.Load(), busy.Load())
		}
		// Who was sent away has lost nothing.
		s.CheckWith(func(_, p string) bool { return p == password })
		if _, _, err := s.SignIn(t.Context(), "u499@acme.example", "wrong", "10.1.249.1"); engine.CodeOf(err) != engine.Unauthenticated {
			t.Error(err)
		}
	})
}

// another is another process's on the same store.
func another(store engine.Store, c *clock) *signin.Service {
	return signin.New(signin.Deps{Store: store, Clock: c.Now, NewID: uuid.NewString})
}

// TestProcessesCountTogether: three processes on one store let no more guesses through
// than one, also of many at once, and a restart forgets none of them. Where somebody is
// at home all of them know.
func TestProcessesCountTogether(t *testing.T) {
	t.Parallel()
	first, store, c := setup(t, false)
	services := []*signin.Service{first}
	for range 2 {
		services = append(services, another(store, c))
	}
	var checked atomic.Int64
	for _, s := range services {
		s.CheckWith(func(_, p string) bool { checked.Add(1); return p == password })
	}
	if _, _, err := services[1].SignIn(t.Context(), "ana@acme.example", password, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	checked.Store(0)
	var group sync.WaitGroup
	for i := range 45 {
		group.Go(func() {
			_, _, err := services[i%3].SignIn(t.Context(), "ana@acme.example", "wrong", fmt.Sprintf("10.%d.0.1", i))
			if engine.CodeOf(err) != engine.Unauthenticated && engine.CodeOf(err) != engine.RateLimited && engine.CodeOf(err) != engine.Unavailable {
				t.Error(err)
			}
		})
	}
	group.Wait()
	later := another(store, c)
	later.CheckWith(func(_, p string) bool { checked.Add(1); return p == password })
	for i := range 20 {
		_, _, _ = later.SignIn(t.Context(), "ana@acme.example", "wrong", fmt.Sprintf("11.%d.0.1", i))
	}
	if n := checked.Load(); n != 10 {
		t.Errorf("%d guesses were checked, in three processes and one more", n)
	}
	for _, s := range services {
		if _, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "192.0.2.2"); err != nil {
			t.Errorf("at home: %v", err)
		}
	}
}

// TestWhatIsRememberedIsBounded: what is over goes with the next attempts.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	t.Parallel()
	s, store, c := setup(t, false)
	quick(s)
	guess := func(n int) {
		for i := range n {
			_, _, _ = s.SignIn(t.Context(), uuid.NewString(), "wrong", fmt.Sprintf("10.%d.%d.1", i>>8&255, i&255))
		}
	}
	guess(300)
	c.Add(time.Hour)
	guess(60)
	err := store.Update(t.Context(), func(tx engine.Tx) error {
		left, err := tx.Marks().Expire(c.Now(), 10_000)
		if left != 0 {
			t.Errorf("%d marks are over", left)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
