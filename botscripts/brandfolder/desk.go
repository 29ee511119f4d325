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
	for _, f := range b.Fields(n) {
		switch f.Key {
		case "lapsed_offers":
			if text, _ := b.Text(f.Node); text == "never" {
				s.LapsedOffers = -1
			} else {
				s.LapsedOffers = b.whole(f.Node, 1, maxLapses)
			}
		case "lost_connection":
			s.LostSeconds = b.delay(f.Node)
		case "away":
			s.AwaySeconds = b.delay(f.Node)
		case "transfer_wait":
			s.TransferSeconds = b.delay(f.Node)
		default:
			b.Unknown(f, "lapsed_offers", "lost_connection", "away", "transfer_wait")
		}
	}
	return s
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
