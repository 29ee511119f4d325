package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"parley/gateway/config"
)

// withWorker is an App that has one more worker.
func withWorker(t *testing.T, name string, run func(context.Context) error) *App {
	t.Helper()
	cfg, err := config.Load(map[string]string{"data": t.TempDir(), "addr": "127.0.0.1:0"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	app, err := New(t.Context(), Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	app.workers = append(app.workers, worker{name, run})
	return app
}

// A gateway without one of its parts is none: it ends, and says which.
func TestAWorkerThatEndsEndsAll(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, c := range []struct {
		err  error
		want string
	}{{broken, "clerk: broken"}, {nil, "clerk ended by itself"}} {
		app := withWorker(t, "clerk", func(context.Context) error { return c.err })
		err := app.Run(context.Background())
		if err == nil || err.Error() != c.want || (c.err != nil && !errors.Is(err, broken)) {
			t.Errorf("Run gave %v, want %s", err, c.want)
		}
	}
}

// What does not end in time is left behind: it is found again at the next start.
func TestStopLeavesStuckWorkBehind(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits for the time limit")
	}
	free := make(chan struct{})
	gone := make(chan struct{})
	app := withWorker(t, "stuck", func(context.Context) error {
		defer close(gone)
		<-free
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	began := time.Now()
	if err := app.Run(ctx); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %v", took)
	}
	close(free)
	<-gone
	if err := app.Close(); err != nil { // what was left open for it
		t.Error(err)
	}
}
