package delivery

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
)

func policy() Policy {
	return Policy{Lease: 30 * time.Second, ReconcileAfter: 5 * time.Second, Jitter: func(d time.Duration) time.Duration { return d }}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000)
	tests := []struct {
		class   engine.SendClass
		attempt int
		after   time.Duration // RetryAfter
		state   engine.OutboxState
		receipt engine.DeliveryState
		due     time.Duration
	}{
		{engine.SendRetry, 1, 0, engine.OutboxPending, "", time.Second},
		{engine.SendRetry, 4, 0, engine.OutboxPending, "", 8 * time.Second},
		{engine.SendRetry, 7, 0, engine.OutboxPending, "", 64 * time.Second},
		{engine.SendRetry, 8, 0, engine.OutboxFailed, engine.Failed, 0},
		{engine.SendThrottle, 1, 7 * time.Second, engine.OutboxPending, "", 7 * time.Second},
		{engine.SendThrottle, 1, 0, engine.OutboxPending, "", time.Second},
		{engine.SendThrottle, 1, 48 * time.Hour, engine.OutboxPending, "", time.Hour},
		{engine.SendThrottle, 8, 0, engine.OutboxFailed, engine.Failed, 0},
		{engine.SendUnsure, 1, 0, engine.OutboxUnsure, engine.Unknown, 5 * time.Second},
		{engine.SendUnsure, 8, 0, engine.OutboxUnsure, engine.Unknown, 5 * time.Second},
		{engine.SendOptedOut, 1, 0, engine.OutboxFailed, engine.Failed, 0},
		{engine.SendGone, 1, 0, engine.OutboxFailed, engine.Failed, 0},
		{engine.SendBlocked, 1, 0, engine.OutboxFailed, engine.Failed, 0},
		{engine.SendWindow, 1, 0, engine.OutboxFailed, engine.Failed, 0},
		{engine.SendInvalid, 1, 0, engine.OutboxFailed, engine.Failed, 0},
		{engine.SendAuth, 1, 0, engine.OutboxPending, "", time.Minute},
		{engine.SendQuota, 1, 0, engine.OutboxPending, "", time.Hour},
		{"something new", 1, 0, engine.OutboxFailed, engine.Failed, 0},
	}
	for _, tt := range tests {
		got := policy().settle(engine.OutboxItem{Attempt: tt.attempt, State: engine.OutboxLeased, LeaseUntil: now}, now, &engine.SendError{
			Class: tt.class, Message: "why", RetryAfter: tt.after,
		})
		due := time.Duration(0)
		if !got.DueAt.IsZero() {
			due = got.DueAt.Sub(now)
		}
		if got.State != tt.state || got.Receipt != tt.receipt || due != tt.due || got.Failure != "why" || !got.LeaseUntil.IsZero() {
			t.Errorf("%s at attempt %d: %s, receipt %q, due in %s, %q", tt.class, tt.attempt, got.State, got.Receipt, due, got.Failure)
		}
	}
}

func TestNotSent(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000)
	for attempt, want := range map[int]time.Duration{1: 0, 2: time.Second, 3: 2 * time.Second, 7: 32 * time.Second} {
		got := policy().notSent(engine.OutboxItem{Attempt: attempt, Reconciles: 3, State: engine.OutboxUnsure}, now)
		if got.State != engine.OutboxPending || got.DueAt.Sub(now) != want || got.Reconciles != 0 {
			t.Errorf("attempt %d: %s due in %s", attempt, got.State, got.DueAt.Sub(now))
		}
	}
	got := policy().notSent(engine.OutboxItem{Attempt: maxAttempts, Receipt: engine.Unknown, State: engine.OutboxUnsure}, now)
	if got.State != engine.OutboxFailed || got.Receipt != engine.Failed {
		t.Errorf("the last attempt: %s, %s", got.State, got.Receipt)
	}
}

func TestBackoffStaysInBounds(t *testing.T) {
	t.Parallel()
	p := DefaultPolicy()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(-5, 1_000_000).Draw(t, "attempt")
		d := p.backoff(n)
		if d < firstBackoff/2 || d > maxBackoff {
			t.Fatalf("attempt %d waits %s", n, d)
		}
		full := policy().backoff(n)
		if n > 1 && full < policy().backoff(n-1) {
			t.Fatalf("attempt %d waits less than the one before", n)
		}
		if d > full || d < full/2 {
			t.Fatalf("jitter made %s of %s", d, full)
		}
	})
}

func TestUnsureGivesUp(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000)
	item := engine.OutboxItem{State: engine.OutboxUnsure}
	looks := 0
	for ; item.State == engine.OutboxUnsure; looks++ {
		item = policy().unsure(item, now, "cannot tell")
		if item.State == engine.OutboxUnsure && (item.DueAt.Sub(now) < 5*time.Second || item.DueAt.Sub(now) > maxBackoff) {
			t.Fatalf("looked up again in %s", item.DueAt.Sub(now))
		}
	}
	if looks != maxReconciles || item.State != engine.OutboxFailed || item.Receipt != engine.Unknown {
		t.Errorf("after %d looks: %s, %s", looks, item.State, item.Receipt)
	}
}
