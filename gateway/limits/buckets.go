package limits

import "time"

// Buckets hold tokens by key, which come back with the time. What is kept of one is
// when it will be full again.
type Buckets struct {
	*Recent
	every time.Duration // until one more token is there
	spare time.Duration // how far from full a bucket may be that has a token
}

// NewBuckets makes buckets of burst tokens. It forgets the longest unused beyond size.
func NewBuckets(burst int, every time.Duration, size int) *Buckets {
	return &Buckets{NewRecent(size), every, time.Duration(burst-1) * every}
}

// Take takes one token. When there is none, it takes nothing and says how long to wait.
func (b *Buckets) Take(key string, now time.Time) (wait time.Duration) {
	b.Change(key, func(full time.Time) time.Time {
		if full, wait = b.wait(full, now); wait > 0 {
			return full
		}
		return full.Add(b.every)
	})
	return wait
}

func (b *Buckets) wait(full, now time.Time) (time.Time, time.Duration) {
	if full.Before(now) {
		full = now
	}
	return full, max(0, full.Sub(now)-b.spare)
}
