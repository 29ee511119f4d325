package outbox

import (
	"math/rand/v2"
	"time"

	"parley/engine"
	"parley/engine/receipt"
)

// Policy says when to try again and when to give up. What decides is a
// message's age, not how often it was tried: an outage is as long as it is.
type Policy struct {
	Lease     time.Duration // of a claim; two thirds of it are for the provider's answer
	LookAfter time.Duration // how long a lost answer may still be on its way
	Apart     time.Duration // how far apart two look-ups must find nothing
	GiveUp    time.Duration // the age at which a message is given up
	// Random gives a duration from 0 to d.
	Random func(d time.Duration) time.Duration
}

// DefaultPolicy is the policy of the product.
func DefaultPolicy() Policy {
	return Policy{
		Lease: 90 * time.Second, LookAfter: 5 * time.Second, Apart: 5 * time.Minute, GiveUp: 24 * time.Hour,
		Random: func(d time.Duration) time.Duration { return rand.N(d + 1) },
	}
}

const (
	firstBackoff = time.Second
	maxBackoff   = 5 * time.Minute // of one item, and of look-ups that take long
	soonLook     = time.Minute     // of the first look-ups
	soonLooks    = 20
	// maxSettled bounds how long a send stays in doubt on which the provider does no
	// more work: its list needs a moment to show it.
	maxSettled = time.Minute
)

// limits are what a channel sets for its messages.
type limits struct {
	giveUp time.Duration
	apart  time.Duration
}

// limitsOf reads a channel's settings; a push has checked them.
func (p Policy) limitsOf(ch engine.Channel) limits {
	l := limits{p.GiveUp, p.Apart}
	if d, err := time.ParseDuration(ch.Config[engine.GiveUpAfter]); err == nil && d > 0 {
		l.giveUp = d
	}
	if d, err := time.ParseDuration(ch.Config[engine.ConfirmAfter]); err == nil && d > 0 {
		l.apart = d
	}
	return l
}

// overdue says whether a message is too old to be sent.
func (l limits) overdue(item engine.OutboxItem, now time.Time) bool {
	return now.Sub(item.CreatedAt) >= l.giveUp
}

func doubled(first time.Duration, n int, most time.Duration) time.Duration {
	return min(first<<min(max(n-1, 0), 12), most)
}

// backoff before a bot's outside call is made again: half of it is certain.
func (p Policy) backoff(tries int) time.Duration {
	d := doubled(firstBackoff, tries, maxBackoff)
	return d/2 + p.Random(d/2)
}

// spread is a send's backoff with full jitter, so that those which failed
// together do not come back together.
func (p Policy) spread(d time.Duration) time.Duration { return max(p.Random(d), d/10) }

// settle decides what becomes of a leased item after a try that failed: its new
// state, and when it is due again.
func (p Policy) settle(item engine.OutboxItem, now time.Time, err *engine.SendError, l limits) engine.OutboxItem {
	item.LeaseUntil = time.Time{}
	switch err.Class {
	case engine.SendRetry, engine.SendThrottle, engine.SendAuth, engine.SendQuota:
		item.Tries++
		if l.overdue(item, now) {
			return p.giveUp(item, l, err.Message)
		}
		wait := max(p.spread(doubled(firstBackoff, item.Tries, maxBackoff)), err.RetryAfter)
		if err.Class == engine.SendQuota {
			wait = max(wait, receipt.QuotaHold)
		}
		item.State, item.DueAt, item.Failure = engine.OutboxPending, engine.Earlier(now.Add(wait), item.CreatedAt.Add(l.giveUp)), err.Message
		return item
	case engine.SendUnsure:
		item.Apart = l.apart
		if err.Settled {
			item.Apart = min(l.apart, maxSettled)
		}
		return p.doubt(item, now, err.Message)
	}
	return fail(item, err.Message)
}

// doubt begins to find out whether a send happened.
func (p Policy) doubt(item engine.OutboxItem, now time.Time, why string) engine.OutboxItem {
	item.State, item.LeaseUntil, item.DueAt = engine.OutboxUnsure, time.Time{}, now.Add(p.LookAfter)
	item.Receipt, item.Failure = item.Receipt.Advance(engine.Unknown), why
	item.Lookups, item.DeniedAt = 0, time.Time{}
	return item
}

func fail(item engine.OutboxItem, why string) engine.OutboxItem {
	item.State, item.LeaseUntil = engine.OutboxFailed, time.Time{}
	item.Receipt, item.Failure = item.Receipt.Advance(engine.Failed), why
	return item
}

// giveUp ends a message that has become too old.
func (p Policy) giveUp(item engine.OutboxItem, l limits, why string) engine.OutboxItem {
	words := "It could not be sent within " + span(l.giveUp) + "."
	if why != "" {
		words += " " + why
	}
	return fail(item, words)
}

// denied decides what becomes of an unsure item of which the provider has
// nothing. A slow provider may still make it, so it takes two such answers, far
// enough apart, before it is sent again.
func (p Policy) denied(item engine.OutboxItem, now time.Time, l limits) engine.OutboxItem {
	if item.DeniedAt.IsZero() {
		item.DeniedAt = now
	}
	sure := item.DeniedAt.Add(item.Apart)
	if now.Before(sure) {
		item = p.look(item, now)
		item.DueAt = engine.Earlier(item.DueAt, sure)
		return item
	}
	item.Lookups, item.DeniedAt, item.LeaseUntil = 0, time.Time{}, time.Time{}
	if l.overdue(item, now) {
		return p.giveUp(item, l, item.Failure)
	}
	item.Tries++
	item.State, item.DueAt = engine.OutboxPending, now
	if item.Tries > 1 {
		item.DueAt = now.Add(p.spread(doubled(firstBackoff, item.Tries, maxBackoff)))
	}
	return item
}

// unsure decides what becomes of an item whose look-up brought no certainty.
// When nothing ever tells, it stays unknown for people to see and is never
// repeated blindly.
func (p Policy) unsure(item engine.OutboxItem, now time.Time, why string, l limits) engine.OutboxItem {
	item.Receipt, item.Failure = item.Receipt.Advance(engine.Unknown), why
	if now.Sub(item.CreatedAt) >= l.giveUp+2*l.apart { // what began late has its time to be found
		return p.leave(item, why)
	}
	return p.look(item, now)
}

// leave ends the doubt without an answer.
func (p Policy) leave(item engine.OutboxItem, why string) engine.OutboxItem {
	item.State, item.LeaseUntil = engine.OutboxFailed, time.Time{}
	item.Receipt, item.Failure = item.Receipt.Advance(engine.Unknown), why
	return item
}

func (p Policy) look(item engine.OutboxItem, now time.Time) engine.OutboxItem {
	item.Lookups++
	most := soonLook
	if item.Lookups > soonLooks {
		most = maxBackoff
	}
	wait := doubled(p.LookAfter, item.Lookups, most)
	item.State, item.LeaseUntil = engine.OutboxUnsure, time.Time{}
	item.DueAt = now.Add(wait + p.Random(wait/4))
	return item
}

// span is a duration in words.
func span(d time.Duration) string {
	switch {
	case d%(24*time.Hour) == 0 && d > 24*time.Hour:
		return count(int(d/(24*time.Hour)), "day")
	case d%time.Hour == 0:
		return count(int(d/time.Hour), "hour")
	case d%time.Minute == 0:
		return count(int(d/time.Minute), "minute")
	}
	return d.String()
}
