package outbox

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
)

// policy is the product's, with all of the jitter that there can be.
func policy() Policy {
	p := DefaultPolicy()
	p.Random = func(d time.Duration) time.Duration { return d }
	return p
}

func day() limits { return limits{giveUp: 24 * time.Hour, apart: 5 * time.Minute} }

func TestBackoff(t *testing.T) {
	t.Parallel()
	for tries, want := range map[int]time.Duration{
		0: time.Second, 1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 9: 256 * time.Second, 10: 5 * time.Minute, 1000: 5 * time.Minute,
	} {
		if got := policy().backoff(tries); got != want {
			t.Errorf("after %d tries: %s, want %s", tries, got, want)
		}
	}
	least := DefaultPolicy()
	least.Random = func(time.Duration) time.Duration { return 0 }
	if got := least.backoff(3); got != 2*time.Second {
		t.Errorf("a call waits at least %s", got)
	}
	if got := least.spread(4 * time.Second); got != 400*time.Millisecond {
		t.Errorf("a send waits at least %s", got)
	}
	for range 1000 {
		if d := DefaultPolicy().spread(8 * time.Second); d < 800*time.Millisecond || d > 8*time.Second {
			t.Fatalf("a send waits %s", d)
		}
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000).UTC()
	for name, tt := range map[string]struct {
		tries int
		age   time.Duration
		err   engine.SendError
		state engine.OutboxState
		due   time.Duration
	}{
		"first retry":                 {0, 0, engine.SendError{Class: engine.SendRetry}, engine.OutboxPending, time.Second},
		"hundredth retry":             {99, 23 * time.Hour, engine.SendError{Class: engine.SendRetry}, engine.OutboxPending, 5 * time.Minute},
		"retry when asked to wait":    {0, 0, engine.SendError{Class: engine.SendRetry, RetryAfter: 7 * time.Minute}, engine.OutboxPending, 7 * time.Minute},
		"retry, a last time":          {99, 24*time.Hour - time.Minute, engine.SendError{Class: engine.SendRetry}, engine.OutboxPending, time.Minute},
		"retry, too old":              {0, 24 * time.Hour, engine.SendError{Class: engine.SendRetry}, engine.OutboxFailed, 0},
		"throttled":                   {0, 0, engine.SendError{Class: engine.SendThrottle, RetryAfter: 12 * time.Second}, engine.OutboxPending, 12 * time.Second},
		"throttled, hours":            {0, 0, engine.SendError{Class: engine.SendThrottle, RetryAfter: 4 * time.Hour}, engine.OutboxPending, 4 * time.Hour},
		"throttled, longer than ever": {0, 20 * time.Hour, engine.SendError{Class: engine.SendThrottle, RetryAfter: 8 * time.Hour}, engine.OutboxPending, 4 * time.Hour},
		"throttled, too old":          {0, 25 * time.Hour, engine.SendError{Class: engine.SendThrottle}, engine.OutboxFailed, 0},
		"credentials":                 {0, 0, engine.SendError{Class: engine.SendAuth}, engine.OutboxPending, time.Second},
		"quota":                       {0, 0, engine.SendError{Class: engine.SendQuota}, engine.OutboxPending, time.Hour},
		"in doubt":                    {0, 25 * time.Hour, engine.SendError{Class: engine.SendUnsure}, engine.OutboxUnsure, 5 * time.Second},
		"gone":                        {0, 0, engine.SendError{Class: engine.SendGone}, engine.OutboxFailed, 0},
		"invalid":                     {0, 0, engine.SendError{Class: engine.SendInvalid}, engine.OutboxFailed, 0},
	} {
		tt.err.Message = "Why."
		item := engine.OutboxItem{State: engine.OutboxLeased, LeaseUntil: now, Tries: tt.tries, CreatedAt: now.Add(-tt.age)}
		got := policy().settle(item, now, &tt.err, day())
		if got.State != tt.state || got.State != engine.OutboxFailed && got.DueAt.Sub(now) != tt.due || !strings.Contains(got.Failure, "Why.") || !got.LeaseUntil.IsZero() {
			t.Errorf("%s: %s, due in %s, %q", name, got.State, got.DueAt.Sub(now), got.Failure)
		}
	}
	got := policy().settle(engine.OutboxItem{CreatedAt: now.Add(-time.Hour)}, now, &engine.SendError{Class: engine.SendRetry, Message: "Why."}, limits{giveUp: time.Hour})
	if got.Failure != "It could not be sent within one hour. Why." {
		t.Errorf("it is given up with %q", got.Failure)
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		time.Hour: "one hour", 24 * time.Hour: "24 hours", 48 * time.Hour: "2 days", time.Minute: "one minute", 90 * time.Minute: "90 minutes", 90 * time.Second: "1m30s",
	} {
		if got := span(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

// TestDoubt: whatever look-ups say and whenever they happen, a send in doubt
// goes out again only after two of them that found nothing, far enough apart,
// and in the end it always comes to rest.
func TestDoubt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		began := time.UnixMilli(1_000_000).UTC()
		settled := rapid.Bool().Draw(t, "settled")
		p, l := policy(), day()
		item := p.settle(engine.OutboxItem{State: engine.OutboxLeased, CreatedAt: began}, began, &engine.SendError{Class: engine.SendUnsure, Settled: settled}, l)
		apart := 5 * time.Minute
		if settled {
			apart = time.Minute
		}
		var denials []time.Time
		for n := 0; item.State == engine.OutboxUnsure; n++ {
			now := item.DueAt.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "late")) * time.Second)
			if rapid.Bool().Draw(t, "denied") {
				denials = append(denials, now)
				item = p.denied(item, now, l)
			} else {
				item = p.unsure(item, now, "no word", l)
			}
			if n > 24*60 {
				t.Fatal("it never comes to rest")
			}
			if item.State == engine.OutboxUnsure && (item.DueAt.Before(now.Add(time.Second)) && len(denials) == 0 || item.DueAt.After(now.Add(7*time.Minute))) {
				t.Fatalf("the next look-up is %s later", item.DueAt.Sub(now))
			}
		}
		switch item.State {
		case engine.OutboxPending:
			if len(denials) < 2 || denials[len(denials)-1].Sub(denials[0]) < apart {
				t.Fatalf("it is sent again after %v", denials)
			}
		case engine.OutboxFailed:
			if item.Receipt != engine.Unknown || item.Failure == "" {
				t.Fatalf("it ended as %s, %q", item.Receipt, item.Failure)
			}
		default:
			t.Fatalf("it ended as %s", item.State)
		}
	})
}

// TestDoubtIsShortWhenTheProviderAnswers: the two look-ups come as soon as they may.
func TestDoubtIsShortWhenTheProviderAnswers(t *testing.T) {
	t.Parallel()
	began := time.UnixMilli(1_000_000).UTC()
	p := policy()
	item := p.settle(engine.OutboxItem{CreatedAt: began}, began, &engine.SendError{Class: engine.SendUnsure}, day())
	for item.State == engine.OutboxUnsure {
		item = p.denied(item, item.DueAt, day())
	}
	if took := item.DueAt.Sub(began); item.State != engine.OutboxPending || took != 5*time.Minute+5*time.Second {
		t.Errorf("it is %s after %s", item.State, took)
	}
	old := engine.OutboxItem{State: engine.OutboxUnsure, CreatedAt: began.Add(-25 * time.Hour), DeniedAt: began, Receipt: engine.Unknown}
	if got := p.denied(old, began, day()); got.State != engine.OutboxFailed || got.Receipt != engine.Failed {
		t.Errorf("one that was certainly not sent and is too old is %s, %s", got.State, got.Receipt)
	}
}

func TestCircuit(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000).UTC()
	fails := func(class engine.SendClass, after time.Duration) *engine.SendError {
		return &engine.SendError{Class: class, Code: "1", Message: "why", RetryAfter: after}
	}
	open := engine.Circuit{Failures: 9, Since: now.Add(-time.Hour), ProbeAt: now.Add(time.Second)}
	probing := open
	probing.Probe, probing.ProbeAt = "me", now.Add(90*time.Second)
	for name, tt := range map[string]struct {
		c        engine.Circuit
		err      *engine.SendError
		failures int
		wait     time.Duration // 0: closed
	}{
		"the first failure":               {engine.Circuit{}, fails(engine.SendRetry, 0), 1, 0},
		"the second":                      {engine.Circuit{Failures: 1}, fails(engine.SendRetry, 0), 2, 0},
		"the third opens it":              {engine.Circuit{Failures: 2}, fails(engine.SendUnsure, 0), 3, time.Second},
		"one that says when":              {engine.Circuit{}, fails(engine.SendRetry, 7*time.Second), 1, 7 * time.Second},
		"a throttle at once":              {engine.Circuit{}, fails(engine.SendThrottle, 0), 1, time.Second},
		"a throttle that says when":       {engine.Circuit{}, fails(engine.SendThrottle, 10*time.Minute), 1, 10 * time.Minute},
		"a throttle that goes on":         {probing, fails(engine.SendThrottle, 0), 10, time.Minute},
		"credentials":                     {engine.Circuit{}, fails(engine.SendAuth, 0), 1, 30 * time.Second},
		"credentials, still":              {probing, fails(engine.SendAuth, 0), 10, 5 * time.Minute},
		"a quota":                         {engine.Circuit{}, fails(engine.SendQuota, 0), 1, time.Hour},
		"a probe":                         {probing, fails(engine.SendRetry, 0), 10, time.Minute},
		"one from before":                 {open, fails(engine.SendRetry, 0), 9, time.Second},
		"one from before, that says when": {open, fails(engine.SendThrottle, time.Minute), 9, time.Minute},
	} {
		got := policy().trip(tt.c, "me", tt.err, "digest", now)
		wait := time.Duration(0)
		if got.Open() {
			wait = got.ProbeAt.Sub(now)
		}
		if got.Failures != tt.failures || wait != tt.wait || got.Probe != "" {
			t.Errorf("%s: %d failures, probe %q in %s", name, got.Failures, got.Probe, wait)
		}
	}
	if got := policy().trip(engine.Circuit{}, "me", fails(engine.SendAuth, 0), "digest", now); !got.Since.Equal(now) || got.Settings != "digest" || got.Message != "why" || got.Class != engine.SendAuth {
		t.Errorf("it remembers %+v", got)
	}
	busy := policy().trip(probing, "other", fails(engine.SendThrottle, time.Hour), "digest", now)
	if busy != probing {
		t.Error("while one probes, another's failure changes it")
	}
}

func TestDigestOfChannels(t *testing.T) {
	t.Parallel()
	ch := func() engine.Channel {
		return engine.Channel{Kind: "twilio", Address: "+1", Config: map[string]string{"a": "1", "b": "2"}, Secrets: map[string]engine.Secret{"auth_token": "x"}}
	}
	same := digest(ch())
	for name, change := range map[string]func(*engine.Channel){
		"address": func(c *engine.Channel) { c.Address = "+2" }, "setting": func(c *engine.Channel) { c.Config["a"] = "3" },
		"secret": func(c *engine.Channel) { c.Secrets["auth_token"] = "y" }, "one less": func(c *engine.Channel) { delete(c.Config, "b") },
	} {
		c := ch()
		change(&c)
		if digest(c) == same {
			t.Errorf("another %s is not noticed", name)
		}
	}
	c := ch()
	c.Name, c.Bot = "other", "other"
	if digest(c) != same || strings.Contains(same, "x") {
		t.Error("a name is no reason, and a secret does not show")
	}
}
