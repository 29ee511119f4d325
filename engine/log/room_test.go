package log

import (
	"context"
	"log/slog"
	"testing"

	"parley/engine"
	"parley/engine/bus"
	"parley/storage/sqlite"
)

// TestVisitorsKeepNobodyOut: however many visitors there are, the team has room.
func TestVisitorsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	h := New(Config{Store: store, Bus: bus.New(), Log: slog.New(slog.DiscardHandler)})
	if h.room.team == 0 || h.room.visitors == 0 {
		t.Fatalf("room for %+v", h.room)
	}
	h.room.visitors, h.room.team = 3, 2
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	fill := func(f Filter) (subs []*Follower) {
		for {
			s, err := h.Follow(ctx, f)
			if err != nil {
				if e, ok := err.(*engine.Error); !ok || e.Code != engine.Unavailable || e.Retry == 0 {
					t.Fatal(err)
				}
				return subs
			}
			subs = append(subs, s)
		}
	}
	for range 2 { // whoever leaves makes room for one of its kind
		visitors := fill(Filter{Brand: "acme", Visitor: true, Consumer: "p"})
		team := fill(Filter{Brand: "acme"})
		if len(visitors) != 3 || len(team) != 2 {
			t.Errorf("%d visitors and %d of the team", len(visitors), len(team))
		}
		for _, s := range append(visitors, team...) {
			s.Close()
			s.Close()
		}
	}
}
