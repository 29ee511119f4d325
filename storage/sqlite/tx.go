package sqlite

import (
	"parley/engine"
	"parley/storage/relational"
)

// tx gives the facets on one connection inside one transaction.
type tx struct {
	relational.Tx
	c *conn
}

func (c *conn) tx() tx { return tx{relational.Tx{C: c.Conn}, c} }

var _ engine.Tx = tx{}

func (t tx) Conversations() engine.Conversations {
	return conversations{relational.Conversations{C: t.C}, t.c}
}
func (t tx) Inbox() engine.Inbox   { return inbox{t.c} }
func (t tx) Events() engine.Events { return events{t.c} }
func (t tx) Erasure() engine.Erasure {
	return relational.Erasure{C: t.C, Inbox: inbox{t.c}, Begin: func() error { return t.c.chains.save(t.c) }, Events: emptyEvents}
}

// conversations are saved with the ends of their chains.
type conversations struct {
	relational.Conversations
	c *conn
}

func (f conversations) Save(c *engine.Conversation) error {
	last, err := f.c.chains.of(f.c, c.ID)
	if err != nil {
		return err
	}
	if err := f.SaveOwn(c, &last.event, &last.entry, (*int64)(&last.waiting)); err != nil {
		return err
	}
	f.c.chains.saved(c.ID)
	return nil
}
