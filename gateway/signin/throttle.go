package signin

import (
	"container/list"
	"context"
	"sync"
	"time"

	"parley/engine"
	"parley/gateway/network"
)

const (
	// Failures of an account from one address: that many, then one more each three minutes.
	pairBurst, pairEvery = 5, 3 * time.Minute
	// Failures of an account from networks where nobody has signed in to it lately.
	accountBurst, accountEvery = 10, 30 * time.Second
	// Failures from one network, of whatever accounts.
	networkBurst, networkEvery = 20, time.Second

	maxTracked = 10_000 // of each
	knownFor   = 30 * 24 * time.Hour
)

// throttle slows guessing. It counts an attempt before the password is looked at,
// so that of many at once no more pass, and takes that back when it was right.
// An account that was signed in to from a network lately has a bucket of its own
// there: whoever guesses elsewhere does not keep its owner out.
type throttle struct {
	pairs, accounts, networks *buckets
	known                     *places
}

func newThrottle() *throttle {
	return &throttle{
		pairs:    newBuckets(pairBurst, pairEvery, maxTracked),
		accounts: newBuckets(accountBurst, accountEvery, maxTracked),
		networks: newBuckets(networkBurst, networkEvery, maxTracked),
		known:    newPlaces(maxTracked),
	}
}

// attempt is one sign-in that is under way.
type attempt struct {
	t              *throttle
	pair, account  string
	network, place string
	familiar       bool
}

// begin counts an attempt. Errors: RateLimited, which says when to try again.
func (t *throttle) begin(email, ip string, now time.Time) (*attempt, error) {
	a := &attempt{t: t, pair: email + "\x00" + network.Host(ip), account: email, network: network.Of(ip)}
	a.place = email + "\x00" + a.network
	if a.familiar = t.known.has(a.place, now); a.familiar {
		a.account = a.place
	} else if wait := t.networks.peek(a.network, now); wait > 0 {
		// Before the others make buckets for what a flood names.
		return nil, slow(wait, "Too many failed sign-ins from your network.")
	}
	if wait := t.pairs.take(a.pair, now); wait > 0 {
		return nil, slow(wait, "Too many failed sign-ins.")
	}
	if wait := t.accounts.take(a.account, now); wait > 0 {
		t.pairs.give(a.pair, now)
		return nil, slow(wait, "Too many failed sign-ins.")
	}
	if a.familiar {
		return a, nil
	}
	if wait := t.networks.take(a.network, now); wait > 0 {
		t.pairs.give(a.pair, now)
		t.accounts.give(a.account, now)
		return nil, slow(wait, "Too many failed sign-ins from your network.")
	}
	return a, nil
}

// slow says in words how long to wait.
func slow(wait time.Duration, why string) error {
	when := "in a moment"
	switch {
	case wait > time.Minute:
		when = "in a few minutes"
	case wait > 10*time.Second:
		when = "in half a minute"
	}
	return engine.Errorf(engine.RateLimited, "%s Try again %s.", why, when).In(max(wait, time.Second))
}

// undo takes the count back of an attempt that was not decided.
func (a *attempt) undo(now time.Time) {
	a.t.pairs.give(a.pair, now)
	a.t.accounts.give(a.account, now)
	if !a.familiar {
		a.t.networks.give(a.network, now)
	}
}

// succeed takes the count back and remembers where the account is at home.
func (a *attempt) succeed(now time.Time) {
	a.undo(now)
	a.t.pairs.fill(a.pair)
	a.t.known.add(a.place, now)
}

// places remembers from where accounts were signed in to.
type places struct {
	size  int
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *visit, the latest first
}

type visit struct {
	place string
	at    time.Time
}

func newPlaces(size int) *places {
	return &places{size: size, byKey: map[string]*list.Element{}, order: list.New()}
}

func (p *places) has(place string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	el := p.byKey[place]
	return el != nil && now.Sub(el.Value.(*visit).at) < knownFor
}

func (p *places) add(place string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if el := p.byKey[place]; el != nil {
		el.Value.(*visit).at = now
		p.order.MoveToFront(el)
		return
	}
	if p.order.Len() >= p.size {
		oldest := p.order.Back()
		delete(p.byKey, oldest.Value.(*visit).place)
		p.order.Remove(oldest)
	}
	p.byKey[place] = p.order.PushFront(&visit{place, now})
}

// lane is a bounded queue before something that is heavy.
type lane struct {
	slots    chan struct{} // in which it is done
	line     chan struct{} // who is in a slot or waits for one
	patience time.Duration
}

func newLane(slots, line int, patience time.Duration) *lane {
	return &lane{slots: make(chan struct{}, slots), line: make(chan struct{}, slots+line), patience: patience}
}

// enter waits for a slot. Errors: Unavailable when the line is full or does not move.
func (l *lane) enter(ctx context.Context) (leave func(), err error) {
	busy := engine.Errorf(engine.Unavailable, "Too many people sign in at this moment. Try again in a moment.").In(time.Second)
	select {
	case l.line <- struct{}{}:
	default:
		return nil, busy
	}
	timer := time.NewTimer(l.patience)
	defer timer.Stop()
	select {
	case l.slots <- struct{}{}:
		return func() { <-l.slots; <-l.line }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = busy
	}
	<-l.line
	return nil, err
}
