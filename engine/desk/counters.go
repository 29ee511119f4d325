package desk

import (
	"slices"

	"parley/engine"
)

// Attends says whether a waiting conversation is in the user's queue.
func Attends(u engine.User, q engine.QueueEntry) bool {
	return u.Role.Allows(engine.RoleSupervisor) || q.OfferedTo == u.ID || q.Agent == u.ID || slices.Contains(u.Skills, q.Skill)
}

// Counters are what a user has before them.
type Counters struct {
	All   int // open conversations of the brand
	Mine  int // of them, the user's own
	Queue int // and those that wait in the user's queue
}

// Totals are what the counters of all users of a brand are made of.
type Totals struct {
	At      engine.Cursor // of the log that they reflect
	Open    int
	Waiting map[string]int // by skill
}

// CountAll reads once for all users of a brand.
func CountAll(tx engine.Tx, brand string) (t Totals, err error) {
	if t.At, err = tx.Events().Last(); err != nil {
		return t, err
	}
	if t.Waiting, err = tx.Queue().Waiting(brand); err != nil {
		return t, err
	}
	t.Open, err = tx.Conversations().Count(engine.ConversationFilter{Brand: brand, State: engine.Open})
	return t, err
}

// Of are the counters of one user.
func (t Totals) Of(tx engine.Tx, u engine.User) (Counters, error) {
	c := Counters{All: t.Open}
	for skill, n := range t.Waiting {
		if Attends(u, engine.QueueEntry{Skill: skill}) {
			c.Queue += n
		}
	}
	if !u.Role.Allows(engine.RoleSupervisor) {
		meant, err := tx.Queue().Meant(u.Brand, u.ID)
		if err != nil {
			return c, err
		}
		for _, q := range meant {
			if !slices.Contains(u.Skills, q.Skill) {
				c.Queue++
			}
		}
	}
	var err error
	c.Mine, err = tx.Conversations().Count(engine.ConversationFilter{Brand: u.Brand, State: engine.Open, Owner: engine.OwnerAgent, Agent: u.ID})
	return c, err
}
