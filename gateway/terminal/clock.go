package terminal

import (
	"context"
	"sync/atomic"
	"time"

	"parley/botscripts/chattest"
	"parley/engine"
	"parley/gateway/app"
)

// clock is the time of a talk: that of the machine, and what was let pass.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// move lets it become at; it never goes back.
func (c *clock) move(at time.Time) {
	if d := at.Sub(c.now()); d > 0 {
		c.ahead.Add(int64(d))
	}
}

const (
	// seenEvery is how often the one at the terminal shows a sign of life.
	seenEvery = engine.PresenceTTL / 3
	// maxMoves bounds what happens by itself in one wait.
	maxMoves = 1000
)

// wait lets time pass as if it had: what is due meanwhile happens one after the other, each at its time.
func (t *Terminal) wait(ctx context.Context, a app.Parts, text string) error {
	zone := engine.ZoneOf(t.Brand.Brand.Settings.TimeZone)
	from := t.clock.now()
	d, ok := chattest.Passes(text, from, zone)
	if !ok {
		return engine.Errorf(engine.Invalid, "This is no time: /wait 90s, /wait 5 min, /wait 3 hours, /wait 2 days, /wait until 2026-11-23 09:00")
	}
	until := from.Add(d)
	for n := 0; ; n++ {
		next, err := engine.View(ctx, a.Store, nextDue)
		if err != nil {
			return err
		}
		last := next.IsZero() || next.After(until)
		if last {
			next = until
		}
		if n == maxMoves && !last {
			t.print("! %d things have happened by themselves; it is %s now.", n, t.clock.now().In(zone).Format("Mon 2 Jan 2006, 15:04:05"))
			return nil
		}
		if err := t.pass(ctx, a, next); err != nil {
			return err
		}
		if err := t.settle(ctx, a); err != nil {
			return err
		}
		if last {
			t.print("  it is %s now", t.clock.now().In(zone).Format("Mon 2 Jan 2006, 15:04:05"))
			return nil
		}
	}
}

// pass moves the clock and wakes those who wait for the time.
func (t *Terminal) pass(ctx context.Context, a app.Parts, at time.Time) error {
	if err := t.alive(ctx, a, at); err != nil { // before anybody can miss her
		return err
	}
	t.clock.move(at)
	return a.Store.Update(ctx, func(tx engine.Tx) error {
		for _, topic := range []engine.Topic{engine.TopicTimers, engine.TopicDelivery, engine.TopicRouting} {
			tx.Wake(engine.Signal{Topic: topic})
		}
		return nil
	})
}

// alive shows a sign of life of the agent: who talks here has not vanished, however much time passes.
func (t *Terminal) alive(ctx context.Context, a app.Parts, at time.Time) error {
	if at.Sub(t.seen) < seenEvery {
		return nil
	}
	err := a.Store.Update(ctx, func(tx engine.Tx) error {
		me, err := tx.Users().ByEmail(terminalAgent)
		if err != nil {
			return err
		}
		return tx.Users().Seen(me.Brand, me.ID, at)
	})
	if err == nil {
		t.seen = at
	}
	return err
}

// nextDue is when the next timer, follow-up or send is due, zero for none.
func nextDue(tx engine.Tx) (next time.Time, err error) {
	for _, ask := range []func() (time.Time, error){tx.Timers().Next, tx.Followups().Next, tx.Outbox().Next} {
		at, err := ask()
		if err != nil {
			return next, err
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}
