package dialog

import (
	"context"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// call is a conversation to visit, with what its caller knows.
type call struct {
	ref   engine.ConversationRef
	news  *conversation.News
	until time.Time // it is left to this process; zero for always
}

// line is the calls that wait for one shard, those of each brand behind each other
// and the brands in turn: a crowd of one brand is before nobody else's.
type line struct {
	wake chan struct{}

	mu      sync.Mutex
	byBrand map[string][]call
	turn    []string // brands that have calls
	size    int
}

// lineOf is how many calls of a brand wait for one shard.
const lineOf = 1024

func newLine() *line { return &line{wake: make(chan struct{}, 1), byBrand: map[string][]call{}} }

// put says false when the brand's part is full.
func (l *line) put(c call) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.byBrand[c.ref.Brand]
	switch len(own) {
	case lineOf:
		return false
	case 0:
		l.turn = append(l.turn, c.ref.Brand)
	}
	l.byBrand[c.ref.Brand] = append(own, c)
	l.size++
	engine.Poke(l.wake)
	return true
}

// take waits for a call; false when ctx has ended.
func (l *line) take(ctx context.Context) (call, bool) {
	for ctx.Err() == nil {
		if c, ok := l.next(); ok {
			return c, true
		}
		select {
		case <-ctx.Done():
		case <-l.wake:
		}
	}
	return call{}, false
}

func (l *line) next() (call, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.turn) == 0 {
		return call{}, false
	}
	brand := l.turn[0]
	own := l.byBrand[brand]
	c := own[0]
	own[0] = call{} // it may hold much
	l.turn = l.turn[1:]
	if own = own[1:]; len(own) > 0 {
		l.turn = append(l.turn, brand)
		l.byBrand[brand] = own
	} else {
		delete(l.byBrand, brand)
	}
	l.size--
	return c, true
}

// len is how many calls wait.
func (l *line) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.size
}
