package sqlite

import (
	"context"
	"fmt"
	"unsafe"

	"parley/storage/relational"
	"parley/storage/sqlite/lite"
)

// conn is one database connection with its prepared statements. One goroutine
// at a time uses it.
type conn struct {
	*relational.Conn
	raw    *lite.Conn
	stmts  map[string]*lite.Stmt
	places map[place]*lite.Stmt // those of stmts, by where the first text of each lies

	broken error  // the transaction can no longer be trusted
	chains chains // of the current update or view
	recent chains // that the updates before have left; nil for readers
}

// dialect has the ends of a conversation's chains in its row, as its last columns.
var dialect = relational.NewDialect(`(select coalesce(max(changed), 0) + 1 from consumers)`, "last_event", "0", "last_entry", "0", "waiting", "0")

func connect(from source, readOnly bool) (*conn, error) {
	raw, err := from.open()
	if err != nil {
		return nil, err
	}
	c := &conn{raw: raw, stmts: map[string]*lite.Stmt{}, places: map[place]*lite.Stmt{}, chains: chains{}}
	c.Conn = relational.NewConn(database{c}, dialect, readOnly)
	c.ConversationFields = c.conversationFields
	return c, nil
}

func (c *conn) close() error {
	for _, s := range c.stmts {
		s.Close()
	}
	return c.raw.Close()
}

// place is where a text lies. Nearly all queries are constants, and to hash
// their whole text costs a tenth of a small statement.
type place struct {
	text *byte
	size int
}

func (c *conn) prepare(q string) (*lite.Stmt, error) {
	at := place{unsafe.StringData(q), len(q)}
	if s, ok := c.places[at]; ok {
		return s, nil
	}
	if s, ok := c.stmts[q]; ok {
		return s, nil
	}
	s, err := c.raw.Prepare(numbered(q))
	if err == nil {
		c.stmts[q], c.places[at] = s, s // the text stays with it, so its place is no other's
	}
	return s, err
}

// control runs a transaction command, whatever state the transaction is in.
func (c *conn) control(q string) error {
	s, err := c.prepare(q)
	if err == nil {
		_, err = s.Step()
		s.Reset()
	}
	if err != nil {
		return fmt.Errorf("storage: %s: %w", q, err)
	}
	return nil
}

// snapshot lets what is read until over stay the same.
func (c *conn) snapshot(ctx context.Context) (over func(), err error) {
	if err := c.control("begin"); err != nil {
		return nil, unavailable(err)
	}
	c.Ctx = ctx
	clear(c.chains)
	return func() {
		c.Ctx = context.Background()
		_ = c.control("rollback") // a snapshot has nothing to lose
	}, nil
}
