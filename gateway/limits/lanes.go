package limits

import (
	"context"
	"errors"
	"sync"
)

// ErrFull says that too many wait already.
var ErrFull = errors.New("too many wait")

// Lanes bound what goes on at a time. There are as many keys as are at work.
type Lanes struct {
	running, kept int
	mu            sync.Mutex
	byKey         map[string]*lane
}

type lane struct {
	inside int
	places chan struct{}
}

// NewLanes lets each key have so many running at a time, and kept with those that wait.
func NewLanes(running, kept int) *Lanes {
	return &Lanes{running: running, kept: kept, byKey: map[string]*lane{}}
}

// Enter waits for a place. Errors: ErrFull, or that of the context.
func (l *Lanes) Enter(ctx context.Context, key string) (leave func(), err error) {
	own := l.join(key)
	if own == nil {
		return nil, ErrFull
	}
	leave = func() { <-own.places; l.part(key, own) }
	select {
	case own.places <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case own.places <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		l.part(key, own)
		return nil, ctx.Err()
	}
}

func (l *Lanes) join(key string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.byKey[key]
	if own == nil {
		own = &lane{places: make(chan struct{}, l.running)}
		l.byKey[key] = own
	}
	if own.inside == l.kept {
		return nil
	}
	own.inside++
	return own
}

func (l *Lanes) part(key string, own *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own.inside--; own.inside == 0 {
		delete(l.byKey, key)
	}
}

// Inside counts what a key has that runs or waits.
func (l *Lanes) Inside(key string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own := l.byKey[key]; own != nil {
		return own.inside
	}
	return 0
}
