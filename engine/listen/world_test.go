package listen_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/listen"
	"parley/storage/sqlite/sqlitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a world with silent bots whose brand serves unhappy consumers two steps sooner.
func world(t testing.TB) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	w := enginetest.New(t, store, nil).Seed(nil)
	w.Configure(func(s *engine.BrandSettings) { s.Sentiment.Priority = 2 })
	return w
}

func equal(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("expected (-), got (+):\n%s", diff)
	}
}

// moods are the changes of a conversation's band, as they were logged.
func moods(w *enginetest.World, id string) (out []string) {
	w.T.Helper()
	for _, e := range w.Events(id, engine.EventMood) {
		var d engine.MoodData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			w.T.Fatal(err)
		}
		out = append(out, string(d.Was)+" "+string(d.Tone)+" by "+e.Actor)
	}
	return out
}

// learnt passes on what a listener logs of each training.
type learnt chan string

func (learnt) Enabled(context.Context, slog.Level) bool { return true }
func (c learnt) WithAttrs([]slog.Attr) slog.Handler     { return c }
func (c learnt) WithGroup(string) slog.Handler          { return c }
func (c learnt) Handle(_ context.Context, r slog.Record) error {
	line := r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += " " + a.String()
		return true
	})
	c <- line
	return nil
}

// listening runs a listener, as the app does, until the test ends or stop is called.
func listening(t *testing.T, w *enginetest.World) (l *listen.Listener, told learnt, stop func()) {
	t.Helper()
	told = make(learnt, 1000)
	l = listen.New(listen.Config{Store: w.Store, Clock: w.Clock.Now, Log: slog.New(told)})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ended <- nil
	}
	t.Cleanup(stop)
	return l, told, stop
}
