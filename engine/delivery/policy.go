package delivery

import (
	"math/rand/v2"
	"time"

	"parley/engine"
)

// Policy says when to try again. channels.md's reactions: exponential backoff
// from one second, full jitter, at most five minutes, at most eight tries.
type Policy struct {
	Lease          time.Duration // a send takes at most this long
	ReconcileAfter time.Duration // how long a lost answer may still be on its way
	Jitter         func(time.Duration) time.Duration
}

// DefaultPolicy is the policy of the product.
func DefaultPolicy() Policy {
	return Policy{
		Lease: 30 * time.Second, ReconcileAfter: 5 * time.Second,
		Jitter: func(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) },
	}
}

const (
	maxAttempts   = 8
	maxReconciles = 10
	firstBackoff  = time.Second
	maxBackoff    = 5 * time.Minute
	authHold      = time.Minute // an operator must act
	quotaHold     = time.Hour   // the provider's day must end
	maxThrottle   = time.Hour
)

func (p Policy) backoff(attempt int) time.Duration {
	d := firstBackoff << min(max(attempt-1, 0), 12)
	return p.Jitter(min(d, maxBackoff))
}

// settle decides what becomes of a leased item after an attempt: its new
// state, and when it is due again.
func (p Policy) settle(item engine.OutboxItem, now time.Time, err *engine.SendError) engine.OutboxItem {
	item.LeaseUntil = time.Time{}
	again := func(after time.Duration) engine.OutboxItem {
		if item.Attempt >= maxAttempts {
			item.State, item.Receipt, item.Failure = engine.OutboxFailed, item.Receipt.Advance(engine.Failed), err.Message
			return item
		}
		item.State, item.DueAt, item.Failure = engine.OutboxPending, now.Add(after), err.Message
		return item
	}
	switch err.Class {
	case engine.SendRetry:
		return again(p.backoff(item.Attempt))
	case engine.SendThrottle:
		return again(min(max(err.RetryAfter, firstBackoff), maxThrottle))
	case engine.SendAuth:
		return again(authHold)
	case engine.SendQuota:
		return again(quotaHold)
	case engine.SendUnsure:
		item.State, item.Receipt, item.Failure = engine.OutboxUnsure, item.Receipt.Advance(engine.Unknown), err.Message
		item.DueAt, item.Reconciles = now.Add(p.ReconcileAfter), 0
		return item
	}
	item.State, item.Receipt, item.Failure = engine.OutboxFailed, item.Receipt.Advance(engine.Failed), err.Message
	return item
}

// notSent decides what becomes of an unsure item that certainly was not sent:
// at once again after the first attempt, with backoff after more.
func (p Policy) notSent(item engine.OutboxItem, now time.Time) engine.OutboxItem {
	item.Reconciles = 0
	if item.Attempt >= maxAttempts {
		item.State, item.Receipt = engine.OutboxFailed, item.Receipt.Advance(engine.Failed)
		return item
	}
	item.State, item.DueAt = engine.OutboxPending, now
	if item.Attempt > 1 {
		item.DueAt = now.Add(p.backoff(item.Attempt - 1))
	}
	return item
}

// unsure decides what becomes of an item whose look-up brought no certainty.
// When nothing ever tells, it stays unknown for people to see and is never
// repeated blindly; later sends go on.
func (p Policy) unsure(item engine.OutboxItem, now time.Time, why string) engine.OutboxItem {
	item.Reconciles++
	item.LeaseUntil = time.Time{}
	item.Receipt, item.Failure = item.Receipt.Advance(engine.Unknown), why
	if item.Reconciles >= maxReconciles {
		item.State = engine.OutboxFailed
		return item
	}
	item.State, item.DueAt = engine.OutboxUnsure, now.Add(max(p.ReconcileAfter, p.backoff(item.Reconciles)))
	return item
}
