package log_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/log"
)

func TestEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 2000)
	replaying, following := w.follow(log.Filter{Brand: "acme"}), w.follow(log.Filter{Brand: "acme", After: 2000})
	take(t, replaying, 256)
	next(t, following)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := following.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	w.stop()
	for _, s := range []*log.Follower{replaying, following} {
		<-s.C
		if _, err := s.Next(t.Context()); !errors.Is(err, log.ErrStopped) {
			t.Errorf("got %v, want ErrStopped", err)
		}
	}
	if _, err := w.hub.Follow(t.Context(), log.Filter{Brand: "acme"}); !errors.Is(err, log.ErrStopped) {
		t.Errorf("got %v, want ErrStopped", err)
	}
}

func TestFollowWaitsForRun(t *testing.T) {
	t.Parallel()
	w := openWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.hub.Follow(ctx, log.Filter{Brand: "acme"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	w.run()
	w.follow(log.Filter{Brand: "acme"})
	w.close()
}

func TestWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 300)
	s := w.follow(log.Filter{Brand: "acme"})
	events, b, err := s.Wait(t.Context(), time.Hour)
	if err != nil || len(events) != 256 || events[0].Seq != 1 || b.Cursor != 256 {
		t.Fatalf("got %d events, %v, %v", len(events), b.Cursor, err)
	}
	got := make(chan []engine.Event)
	late := w.follow(log.Filter{Brand: "acme", After: 300})
	go func() {
		events, _, err := late.Wait(t.Context(), time.Hour)
		if err != nil {
			t.Error(err)
		}
		got <- events
	}()
	w.write("acme", "acme-sam", 1)
	w.wake()
	if events := <-got; len(events) != 1 || events[0].Seq != 301 {
		t.Errorf("got %+v", events)
	}
	// What is committed is there for who asks now, though nobody woke the hub.
	w.write("acme", "acme-sam", 1)
	events, _, err = w.follow(log.Filter{Brand: "acme", After: 301}).Wait(t.Context(), 0)
	if err != nil || len(events) != 1 || events[0].Seq != 302 {
		t.Errorf("got %+v, %v", events, err)
	}
}

// Time is faked here: a wake-up that is lost costs a second at most, and a
// long poll that finds nothing skips ahead over what concerns others.
func TestPollingIsTheBackup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t)
		defer w.close()
		w.run()
		start := time.Now()
		s, err := w.hub.Follow(context.Background(), log.Filter{Brand: "acme"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		next(t, s)
		w.write("acme", "acme-pat", 1) // and nobody wakes the hub
		if got := take(t, s, 1); got[0] != 1 || time.Since(start) > time.Second {
			t.Errorf("got %v after %v", got, time.Since(start))
		}

		last := w.write("other", "other-pat", 5)
		start = time.Now()
		events, b, err := s.Wait(context.Background(), 20*time.Second)
		if err != nil || len(events) != 0 || b.Cursor != last || time.Since(start) != 20*time.Second {
			t.Errorf("got %d events, %v, %v after %v", len(events), b.Cursor, err, time.Since(start))
		}
	})
}
