package live

import (
	"context"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/desk"
	"parley/gateway/api"
)

// tally shares the totals of a brand among its live sockets, so that counting
// costs the same for one agent and for a hundred.
type tally struct {
	mu      sync.Mutex
	byBrand map[string]*sharedTotals
}

type sharedTotals struct {
	mu sync.Mutex // held while counting: the others wait for the answer
	desk.Totals
	made time.Time
}

func newTally() *tally { return &tally{byBrand: map[string]*sharedTotals{}} }

func (t *tally) of(brand string) *sharedTotals {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byBrand[brand] == nil {
		t.byBrand[brand] = &sharedTotals{}
	}
	return t.byBrand[brand]
}

// count gives the user's counters and whether they reflect the log up to at.
// When they do not, they were counted a moment ago and it is too early to
// count again.
func (s *Server) count(ctx context.Context, u engine.User, at engine.Cursor) (c api.Counters, current bool, err error) {
	shared := s.tally.of(u.Brand)
	shared.mu.Lock()
	defer shared.mu.Unlock()
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		if shared.At < at && time.Since(shared.made) >= s.Times.Counters {
			t, err := desk.CountAll(tx, u.Brand)
			if err != nil {
				return err
			}
			shared.Totals, shared.made = t, time.Now()
		}
		own, err := shared.Of(tx, u)
		c = api.Counters(own)
		return err
	})
	return c, shared.At >= at, err
}
