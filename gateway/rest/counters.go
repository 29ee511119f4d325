package rest

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

// attends says whether a waiting conversation is in the user's queue.
func attends(u engine.User, q engine.QueueEntry) bool {
	return u.Role.Allows(engine.RoleSupervisor) || q.OfferedTo == u.ID || q.Agent == u.ID || slices.Contains(u.Skills, q.Skill)
}

// brandTotals is what the counters of all users of a brand are made of.
type brandTotals struct {
	at    engine.Cursor // of the log that they reflect
	made  time.Time
	open  int
	queue []engine.QueueEntry
}

func totals(tx engine.Tx, brand string) (t brandTotals, err error) {
	if t.at, err = tx.Events().Last(); err != nil {
		return t, err
	}
	if t.queue, err = tx.Queue().List(brand); err != nil {
		return t, err
	}
	t.open, err = tx.Conversations().Count(engine.ConversationFilter{Brand: brand, State: engine.Open})
	return t, err
}

func (t brandTotals) counters(tx engine.Tx, u engine.User) (api.Counters, error) {
	c := api.Counters{All: t.open}
	for _, q := range t.queue {
		if attends(u, q) {
			c.Queue++
		}
	}
	var err error
	c.Mine, err = tx.Conversations().Count(engine.ConversationFilter{Brand: u.Brand, State: engine.Open, Owner: engine.OwnerAgent, Agent: u.ID})
	return c, err
}

// tally shares the totals of a brand among its live sockets, so that counting
// costs the same for one agent and for a hundred.
type tally struct {
	mu      sync.Mutex
	byBrand map[string]*sharedTotals
}

type sharedTotals struct {
	mu sync.Mutex // held while counting: the others wait for the answer
	brandTotals
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
		if shared.at < at && time.Since(shared.made) >= s.times.counters {
			t, err := totals(tx, u.Brand)
			if err != nil {
				return err
			}
			t.made = time.Now()
			shared.brandTotals = t
		}
		c, err = shared.counters(tx, u)
		return err
	})
	return c, shared.at >= at, err
}
