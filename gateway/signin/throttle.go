package signin

import (
	"container/list"
	"sync"
	"time"
)

const (
	maxFailures   = 5
	failureWindow = 15 * time.Minute
	maxTracked    = 10_000
)

// throttle counts failed sign-ins per account and address. It forgets the
// oldest when it holds too many.
type throttle struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *failures, oldest first
}

type failures struct {
	key   string
	count int
	since time.Time
}

func newThrottle() *throttle {
	return &throttle{byKey: map[string]*list.Element{}, order: list.New()}
}

// begin counts an attempt before it is checked and says whether it may be made,
// so that of many at once no more than maxFailures pass; succeed takes it back.
func (t *throttle) begin(key string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if el, ok := t.byKey[key]; ok {
		f := el.Value.(*failures)
		if now.Sub(f.since) < failureWindow {
			f.count++
			return f.count <= maxFailures
		}
		t.drop(el)
	}
	t.byKey[key] = t.order.PushBack(&failures{key: key, count: 1, since: now})
	if t.order.Len() > maxTracked {
		t.drop(t.order.Front())
	}
	return true
}

func (t *throttle) succeed(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if el, ok := t.byKey[key]; ok {
		t.drop(el)
	}
}

func (t *throttle) drop(el *list.Element) {
	t.order.Remove(el)
	delete(t.byKey, el.Value.(*failures).key)
}
