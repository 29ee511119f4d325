package postgres

import (
	"parley/engine"
	"parley/storage/relational"
)

// tx gives the facets on one connection inside one transaction.
type tx struct {
	relational.Tx
	c *session
}

func (c *session) tx() tx { return tx{relational.Tx{C: c.facets}, c} }

var _ engine.Tx = tx{}

func (t tx) Outbox() engine.Outbox { return outbox{relational.Outbox{C: t.C}, t.c} }
func (t tx) Inbox() engine.Inbox   { return inbox{t.C} }
func (t tx) Events() engine.Events { return events{t.c} }
func (t tx) Erasure() engine.Erasure {
	return relational.Erasure{C: t.C, Inbox: inbox{t.C}, Events: `update events set data = '' where conversation = $1`}
}
