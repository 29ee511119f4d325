package brandfolder

import (
	"time"

	"parley/engine"
)

const (
	maxLapses  = 100
	leastDelay = 10 * time.Second
	mostDelay  = 30 * 24 * time.Hour
)

// desk reads how agents and conversations find each other and part.
func (b *builder) desk(n node) engine.DeskSettings {
	var s engine.DeskSettings
	b.keys(n,
		key{"lapsed_offers", into(&s.LapsedOffers, b.lapses)},
		key{"lost_connection", into(&s.LostSeconds, b.delay)},
		key{"away", into(&s.AwaySeconds, b.delay)},
		key{"transfer_wait", into(&s.TransferSeconds, b.delay)},
	)
	return s
}

// lapses reads a number of offers, or never, which is -1.
func (b *builder) lapses(n node) int {
	if text, _ := b.Text(n); text == "never" {
		return -1
	}
	return b.whole(1, maxLapses)(n)
}

// delay reads a stretch of time such as 5m or 2h, or never, which is -1; in seconds.
func (b *builder) delay(n node) float64 {
	s, ok := b.Text(n)
	if !ok {
		return 0
	}
	if s == "never" {
		return -1
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < leastDelay || d > mostDelay {
		b.Problem(n.Line, "%s must be a time from %s to 720h such as 90s, 5m or 2h, or never", n.Name, leastDelay)
		return 0
	}
	return d.Seconds()
}
