package retention_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/retention"
	"parley/storage/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestEvents: the log loses its beginning within the hour in which that is old enough, in
// as many steps as it takes, and keeps its last event; one that is kept forever loses nothing.
func TestEvents(t *testing.T) {
	t.Parallel()
	const day, each = 24 * time.Hour, 500
	for name, tt := range map[string]struct {
		keep time.Duration
		left map[time.Duration]int // by time
	}{
		"30 days": {30 * day, map[time.Duration]int{day: 2 * each, 30*day - time.Hour: 2 * each, 30*day + 2*time.Hour: each, 40*day - time.Hour: each, 41 * day: 1}},
		"forever": {0, map[time.Duration]int{400 * day: 2 * each}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				store, began := memory.New(), time.Now()
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				w := retention.Worker{Store: store, Clock: time.Now, Log: slog.New(slog.DiscardHandler), KeepEvents: tt.keep}
				go func() { ended <- w.Run(ctx) }()
				write := func(at time.Time) {
					err := store.Update(ctx, func(tx engine.Tx) error {
						for range each {
							if err := tx.Events().Add(&engine.Event{At: at, Brand: "acme", Kind: engine.EventPresence}); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
				write(began)
				write(began.Add(10 * day)) // not yet, but it will be
				for at := time.Duration(0); at <= 400*day; at += time.Hour {
					if want, ok := tt.left[at]; ok {
						left, err := engine.View(ctx, store, func(tx engine.Tx) ([]engine.Event, error) {
							return tx.Events().List(engine.EventFilter{Limit: 3 * each})
						})
						if err != nil || len(left) != want {
							t.Errorf("after %v %d events are left, want %d; %v", at, len(left), want, err)
						}
					}
					time.Sleep(time.Hour)
				}
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}
