package signin

import (
	"container/list"
	"sync"
	"time"
)

// buckets holds one bucket of tokens a key, that fills up again with the time.
// It forgets the longest unused beyond size.
type buckets struct {
	burst float64
	every time.Duration // until one more token is there
	size  int

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *bucket, the last used first
}

type bucket struct {
	key    string
	tokens float64
	at     time.Time
}

func newBuckets(burst int, every time.Duration, size int) *buckets {
	return &buckets{burst: float64(burst), every: every, size: size, byKey: map[string]*list.Element{}, order: list.New()}
}

// take takes one token. When there is none, it takes nothing and says how long to wait.
func (b *buckets) take(key string, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.of(key, now)
	if wait = b.wait(k); wait <= 0 {
		k.tokens--
	}
	return wait
}

// peek says how long to wait for a token, and makes no bucket for who has none.
func (b *buckets) peek(key string, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byKey[key] == nil {
		return 0
	}
	return b.wait(b.of(key, now))
}

// give puts a token back that was taken in good faith.
func (b *buckets) give(key string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.of(key, now)
	k.tokens = min(k.tokens+1, b.burst)
}

// fill forgets what was taken.
func (b *buckets) fill(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if el := b.byKey[key]; el != nil {
		b.drop(el)
	}
}

func (b *buckets) wait(k *bucket) time.Duration {
	if k.tokens >= 1 {
		return 0
	}
	return time.Duration((1 - k.tokens) * float64(b.every))
}

// of finds the bucket of a key, filled up to now. The lock is held.
func (b *buckets) of(key string, now time.Time) *bucket {
	el := b.byKey[key]
	if el == nil {
		if b.order.Len() >= b.size {
			b.drop(b.order.Back())
		}
		el = b.order.PushFront(&bucket{key: key, tokens: b.burst, at: now})
		b.byKey[key] = el
	}
	b.order.MoveToFront(el)
	k := el.Value.(*bucket)
	if passed := now.Sub(k.at); passed > 0 {
		k.tokens = min(b.burst, k.tokens+float64(passed)/float64(b.every))
		k.at = now
	}
	return k
}

func (b *buckets) drop(el *list.Element) {
	b.order.Remove(el)
	delete(b.byKey, el.Value.(*bucket).key)
}
