package log_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/log"
)

// viewed counts the views of a store.
type viewed struct {
	engine.Store
	n atomic.Int64
}

func (s *viewed) View(ctx context.Context, fn func(engine.Tx) error) error {
	s.n.Add(1)
	return s.Store.View(ctx, fn)
}

// While nobody listens, a log that grows is looked at by the clock alone, and who comes
// then gets what comes after the cursor, once.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t)
		defer w.close()
		store := &viewed{Store: w.store}
		w.hub = log.New(log.Config{Store: store, Bus: w.bus, Log: slog.New(slog.DiscardHandler)})
		w.run()
		synctest.Wait()
		before := store.n.Load()
		last := engine.Cursor(0)
		for range 100 {
			last = w.write("acme", "acme-pat", 1)
			w.bus.Publish(engine.Signal{Topic: engine.TopicEvents})
			time.Sleep(9 * time.Millisecond)
		}
		if n := store.n.Load() - before; n > 1 {
			t.Errorf("%d views for nobody", n)
		}
		s, err := w.hub.Follow(context.Background(), log.Filter{Brand: "acme", After: last})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		next(t, s)
		start := time.Now()
		w.write("acme", "acme-pat", 1)
		w.bus.Publish(engine.Signal{Topic: engine.TopicEvents})
		if got := take(t, s, 1); got[0] != int64(last)+1 || time.Since(start) > 0 {
			t.Errorf("got %v after %v", got, time.Since(start))
		}
	})
}
