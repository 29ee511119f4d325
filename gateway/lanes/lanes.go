package lanes

import (
	"context"
	"sync"

	"parley/engine"
)

// Lanes bound the work of each user. There are as many keys as users at work.
type Lanes struct {
	running, kept int
	mu            sync.Mutex
	byUser        map[string]*lane
}

type lane struct {
	inside int
	places chan struct{}
}

// New lets each user have so many running at a time, and kept with those that wait.
func New(running, kept int) *Lanes {
	return &Lanes{running: running, kept: kept, byUser: map[string]*lane{}}
}

// Enter waits for a place, unless too many of the user's wait already.
func (l *Lanes) Enter(ctx context.Context, user string) (leave func(), err error) {
	l.mu.Lock()
	own := l.byUser[user]
	if own == nil {
		own = &lane{places: make(chan struct{}, l.running)}
		l.byUser[user] = own
	}
	if own.inside == l.kept {
		l.mu.Unlock()
		return nil, engine.Errorf(engine.RateLimited, "%d of your searches are under way already. Wait for them, or close other tabs.", l.kept)
	}
	own.inside++
	l.mu.Unlock()
	out := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if own.inside--; own.inside == 0 {
			delete(l.byUser, user)
		}
	}
	select {
	case own.places <- struct{}{}:
		return func() { <-own.places; out() }, nil
	case <-ctx.Done():
		out()
		return nil, engine.Errorf(engine.Unavailable, "Your other searches take too long.").Because(ctx.Err())
	}
}

// Inside counts what a user has that runs or waits.
func (l *Lanes) Inside(user string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own := l.byUser[user]; own != nil {
		return own.inside
	}
	return 0
}
