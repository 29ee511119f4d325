package webchat

import (
	"time"

	"parley/engine"
	"parley/gateway/limits"
)

// rates are the limits of what comes in.
type rates struct {
	messages *limits.Buckets // by visitor
	other    *limits.Buckets // by visitor
	sessions *limits.Buckets // by network
}

const maxBuckets = 20_000

func newRates() rates {
	return rates{
		messages: limits.NewBuckets(10, time.Second, maxBuckets),
		other:    limits.NewBuckets(30, time.Second/5, maxBuckets),
		sessions: limits.NewBuckets(20, time.Minute/10, maxBuckets),
	}
}

// allow refuses when no more may come in now, and says when to try again.
func (s *Server) allow(b *limits.Buckets, key, words string) error {
	if wait := b.Take(key, s.Clock()); wait > 0 {
		return engine.Errorf(engine.RateLimited, "%s", words).In(wait)
	}
	return nil
}
