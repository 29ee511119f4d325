package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// TestTold: an hour without a database is told of by the minute; all else as it comes.
func TestTold(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	h := newTold(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
			return slog.Attr{}
		}
		return a
	}}))
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	say := func(after time.Duration, h slog.Handler, message string, attrs ...slog.Attr) {
		t.Helper()
		r := slog.NewRecord(began.Add(after), slog.LevelError, message, 0)
		r.AddAttrs(attrs...)
		if err := h.Handle(context.Background(), r); err != nil {
			t.Error(err)
		}
	}
	gone := slog.Any("error", fmt.Errorf("claim: %w", engine.Errorf(engine.Unavailable, "away")))
	for s := range 61 {
		say(time.Duration(s)*time.Second, h, "claiming", gone)
		say(time.Duration(s)*time.Second, h.WithAttrs([]slog.Attr{slog.Int("n", s)}), "looking", gone)
	}
	for range 2 {
		say(time.Hour, h, "broken", slog.Any("error", engine.Errorf(engine.Internal, "a fault")))
		say(time.Hour, h, "fine")
	}
	say(time.Hour, h, "claiming", gone)
	want := `msg=claiming error="claim: unavailable: away"
msg=looking n=0 error="claim: unavailable: away"
msg=claiming error="claim: unavailable: away" more=59
msg=looking n=60 error="claim: unavailable: away" more=59
msg=broken error="internal: a fault"
msg=fine
msg=broken error="internal: a fault"
msg=fine
msg=claiming error="claim: unavailable: away"
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}
