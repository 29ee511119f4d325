package webchat

import (
	"container/list"
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"parley/engine"
)

// rates are the limits of what comes in.
type rates struct {
	messages *buckets // by visitor
	other    *buckets // by visitor
	sessions *buckets // by network
}

const maxBuckets = 20_000

func newRates(clock engine.Clock) rates {
	return rates{
		messages: newBuckets(clock, 1, 10, maxBuckets),
		other:    newBuckets(clock, 5, 30, maxBuckets),
		sessions: newBuckets(clock, rate.Every(time.Minute/10), 20, maxBuckets),
	}
}

// buckets holds one token bucket a key, and forgets the longest unused beyond size.
type buckets struct {
	clock engine.Clock
	limit rate.Limit
	burst int
	size  int

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *bucket, the last used first
}

type bucket struct {
	key     string
	limiter *rate.Limiter
}

func newBuckets(clock engine.Clock, limit rate.Limit, burst, size int) *buckets {
	return &buckets{clock: clock, limit: limit, burst: burst, size: size, byKey: map[string]*list.Element{}, order: list.New()}
}

// take takes one token. When there is none, it takes nothing and says how long to wait.
func (b *buckets) take(key string) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	el, ok := b.byKey[key]
	if ok {
		b.order.MoveToFront(el)
	} else {
		if b.order.Len() >= b.size {
			oldest := b.order.Back()
			delete(b.byKey, oldest.Value.(*bucket).key)
			b.order.Remove(oldest)
		}
		el = b.order.PushFront(&bucket{key, rate.NewLimiter(b.limit, b.burst)})
		b.byKey[key] = el
	}
	now := b.clock()
	r := el.Value.(*bucket).limiter.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// allow turns a wait into a refusal that says when to try again.
func allow(c echo.Context, wait time.Duration, words string) error {
	if wait <= 0 {
		return nil
	}
	c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return engine.Errorf(engine.RateLimited, "%s", words)
}
