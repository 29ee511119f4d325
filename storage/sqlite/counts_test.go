package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/engine"
	"parley/storage/relational"
)

// TestCountsAreKept changes conversations and the queue from many goroutines,
// and lets many of the updates fail after they wrote: what is kept must be what
// counting gives.
func TestCountsAreKept(t *testing.T) {
	t.Parallel()
	db, ctx, now := testDB(t), context.Background(), time.UnixMilli(1_000_000)
	const conversations, goroutines, rounds = 40, 8, 60
	err := db.Update(ctx, func(t engine.Tx) error {
		for i := range conversations {
			if err := t.Conversations().Add(benchConversation(i, now)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	states := []engine.State{engine.Open, engine.Open, engine.Closed}
	owners := []engine.Owner{engine.OwnerBot, engine.OwnerQueue, engine.OwnerAgent}
	change := func(tx engine.Tx, r *rand.Rand) error {
		for range 1 + r.IntN(3) {
			c, err := tx.Conversations().Get("acme", benchID("c", r.IntN(conversations)))
			if err != nil {
				return err
			}
			c.State, c.Owner, c.Agent = states[r.IntN(len(states))], owners[r.IntN(len(owners))], fmt.Sprint("u", r.IntN(2))
			if err := tx.Conversations().Save(&c); err != nil {
				return err
			}
			e := engine.QueueEntry{Conversation: c.ID, Brand: fmt.Sprint("b", r.IntN(2)), Skill: fmt.Sprint("s", r.IntN(3))}
			if r.IntN(3) == 0 {
				err = tx.Queue().Remove(c.ID)
			} else {
				err = tx.Queue().Put(e)
			}
			if err != nil && engine.CodeOf(err) != engine.NotFound {
				return err
			}
		}
		if r.IntN(3) == 0 {
			return refused
		}
		return nil
	}
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 1))
			for range rounds {
				if err := db.Update(ctx, func(tx engine.Tx) error { return change(tx, r) }); err != nil && !errors.Is(err, refused) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	err = db.View(ctx, func(t engine.Tx) error {
		for q, kept := range map[string]string{
			`select brand, owner, agent, count(*) from conversations where state = 'open' group by 1, 2, 3`: `select brand, owner, agent, n from open_counts where n <> 0`,
			`select brand, skill, '', count(*) from queue group by 1, 2`:                                    `select brand, skill, '', n from queue_counts where n <> 0`,
		} {
			for _, differ := range []string{q + ` except ` + kept, kept + ` except ` + q} {
				found, err := differing(t.(tx).c.Query(differ))
				if err != nil || len(found) > 0 {
					return fmt.Errorf("%s: %v, %w", differ, found, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

type counted struct {
	brand, owner, agent string
	n                   int64
}

func differing(r *relational.Rows) ([]counted, error) {
	return relational.All(r, func(c *counted, to []any) []any { return append(to, &c.brand, &c.owner, &c.agent, &c.n) })
}
