package relational

import (
	"context"
	"slices"

	"parley/engine"
)

// Keep ends a query for one row that an update decides on: a database whose updates run
// at the same time keeps the row as it is until the update has ended. To the others it
// says nothing.
const Keep = ` /* keep */`

// KeepKey is Keep for a row that the update may make: also that there is none stays so. Its
// first two arguments name it.
const KeepKey = ` /* keep key */`

// Claim ends the selection of rows that an update takes for itself: such a database
// passes over those that another update is taking.
const Claim = ` /* claim */`

// Database runs statements with the placeholders $1, $2, … on one connection, inside one
// transaction. Errors are engine's. Arguments are texts, whole numbers, floats, booleans,
// nil and pointers to them; a boolean is stored as 0 or 1.
type Database interface {
	Exec(q string, args []any) (changed int64, err error)
	// Later is Exec for who does not ask what was changed: a database may put it off
	// until the next statement or the commit, and its error with it. A statement that
	// changes nothing has failed, unless none is zero.
	Later(q string, args []any, none None) (mayHaveChanged bool, err error)
	// LaterSeq is Later for a table whose key, seq, the database gives out. It is set
	// when the update has ended at the latest.
	LaterSeq(q string, args []any, none None, seq *int64) (mayHaveChanged bool, err error)
	// Insert is Exec for a table whose key, seq, the database gives out.
	Insert(q string, args []any) (seq, changed int64, err error)
	// Query begins a select, or a change that returns rows. One that is long ends with
	// the caller's context; its stop is to be called at its end.
	Query(q string, args []any, long bool) (rows Cursor, stop func(), err error)
	// Failed is what an error of a cursor's Step means.
	Failed(q string, err error) error
}

// Cursor goes through the rows of a result. What View gives holds until the next Step.
type Cursor interface {
	Step() (row bool, err error)
	Reset() // ends it, early or late
	Int(i int) int64
	Float(i int) float64
	View(i int) []byte
	Bytes(i int) []byte // a copy; nil for null and for nothing
}

// Conn is what facets work with: a connection inside a transaction. One goroutine at a
// time uses it.
type Conn struct {
	Database
	// ConversationFields are where a conversation's columns lie, the database's own among them.
	ConversationFields func(*engine.Conversation, []any) []any
	ReadOnly           bool
	Wrote              bool            // the database has changed since it was set to false
	Ctx                context.Context // of a view; a statement of an update is not cut off
	Signals            []engine.Signal // of the current update

	Undone []func() // to be called when an update that put things off is not committed

	// Lock, when it is set, keeps a name for the update alone, for what has no row to keep
	// or more than one: another update that locks it waits. ItemLine locks the line of an
	// outbox item, as Lock does with the item's kind and conversation.
	Lock     func(kind, name string) error
	ItemLine func(item string) error

	dialect *Dialect
	list    []any // empty, with room for the fields of one row
}

// NewConn is a Conn with a database.
func NewConn(db Database, d *Dialect, readOnly bool) *Conn {
	return &Conn{
		Database: db, ConversationFields: ConversationFields, ReadOnly: readOnly, Ctx: context.Background(),
		dialect: d, list: make([]any, 0, 32),
	}
}

// List has room for the fields of one row, for a statement that is run at once.
func (c *Conn) List() []any { return c.list }

// Wake keeps a signal until the commit. The same one twice is one.
func (c *Conn) Wake(s engine.Signal) {
	same := func(o engine.Signal) bool {
		return o.Topic == s.Topic && o.Brand == s.Brand && o.Key == s.Key && o.Data == nil && s.Data == nil && o.Local == nil && s.Local == nil
	}
	if !c.ReadOnly && !slices.ContainsFunc(c.Signals, same) {
		c.Signals = append(c.Signals, s)
	}
}

// alone has what an update decides on for the update alone.
func (c *Conn) alone(kind, name string) error {
	if c.Lock == nil || c.ReadOnly {
		return nil
	}
	return c.Lock(kind, name)
}

// MayWrite refuses changes in a view.
func (c *Conn) MayWrite() error {
	if c.ReadOnly {
		return engine.Errorf(engine.Internal, "a view may not write")
	}
	return nil
}

// Exec runs a statement and gives the number of rows that it changed.
func (c *Conn) Exec(q string, args ...any) (int64, error) {
	if err := c.MayWrite(); err != nil {
		return 0, err
	}
	if err := stored(args); err != nil {
		return 0, err
	}
	n, err := c.Database.Exec(q, args)
	c.Wrote = c.Wrote || n > 0
	return n, err
}

// Run is Exec for a statement that may change nothing.
func (c *Conn) Run(q string, args ...any) error { return c.later(None{}, q, args) }

func (c *Conn) later(none None, q string, args []any) error {
	if err := c.MayWrite(); err != nil {
		return err
	}
	if err := stored(args); err != nil {
		return err
	}
	changed, err := c.Database.Later(q, args, none)
	c.Wrote = c.Wrote || changed
	return err
}

// None says what is wrong when a statement changes nothing.
type None struct {
	What  string // "" when nothing is
	Taken bool   // it is there already; otherwise it is missing
	Knows bool   // the statement fails by itself
	Moved bool   // somebody else was faster
	// Changed is called, by the end of the update, when the statement has changed
	// something; nil is fine.
	Changed func()
}

// Err is the error, nil for a zero None.
func (n None) Err() error {
	switch {
	case n.What == "":
		return nil
	case n.Moved:
		return engine.Errorf(engine.Conflict, "the %s has changed meanwhile", n.What)
	case n.Taken:
		return taken(n.What)
	}
	return NotFound(n.What)
}

// ExecOneLater is ExecOne that may be put off.
func (c *Conn) ExecOneLater(what, q string, args ...any) error {
	return c.later(None{What: what}, q, args)
}

// ExecOneInTime is ExecOneLater for a thing that others take away, too.
func (c *Conn) ExecOneInTime(what, q string, args ...any) error {
	return c.later(None{What: what, Moved: true}, q, args)
}

// InsertLater is Insert that may be put off.
func (c *Conn) InsertLater(what, q string, args ...any) error {
	return c.later(None{What: what, Taken: true}, q, args)
}

// ExecOne is Exec for a statement that must change a row; what names the thing
// that is missing otherwise.
func (c *Conn) ExecOne(what, q string, args ...any) error {
	n, err := c.Exec(q, args...)
	if err == nil && n == 0 {
		return NotFound(what)
	}
	return err
}

// Insert runs an "on conflict do nothing" insert; what names the thing that is
// there already.
func (c *Conn) Insert(what, q string, args ...any) error {
	n, err := c.Exec(q, args...)
	if err == nil && n == 0 {
		return taken(what)
	}
	return err
}

// InsertSeq is Insert into a table whose key, seq, the database gives out, and
// returns the key.
func (c *Conn) InsertSeq(what, q string, args ...any) (int64, error) {
	if err := c.MayWrite(); err != nil {
		return 0, err
	}
	if err := stored(args); err != nil {
		return 0, err
	}
	seq, n, err := c.Database.Insert(q, args)
	c.Wrote = c.Wrote || n > 0
	if err == nil && n == 0 {
		err = taken(what)
	}
	return seq, err
}

// InsertSeqLater is InsertSeq that may be put off, and the key with it.
func (c *Conn) InsertSeqLater(what string, seq *int64, q string, args ...any) error {
	if err := c.MayWrite(); err != nil {
		return err
	}
	if err := stored(args); err != nil {
		return err
	}
	changed, err := c.Database.LaterSeq(q, args, None{What: what, Taken: true}, seq)
	c.Wrote = c.Wrote || changed
	return err
}

func taken(what string) error { return engine.Errorf(engine.Conflict, "this %s exists already", what) }

// NotFound says that the one thing that was named is missing.
func NotFound(what string) error { return engine.Errorf(engine.NotFound, "no such %s", what) }

// Query runs a select. The caller must call Next until it is false, or Close.
func (c *Conn) Query(q string, args ...any) *Rows { return c.rows(q, args, false) }

// QueryLong is Query for a select that may run long: the caller's context
// interrupts it, which costs a little.
func (c *Conn) QueryLong(q string, args ...any) *Rows { return c.rows(q, args, true) }

// QueryChange is Query for a change that returns rows.
func (c *Conn) QueryChange(q string, args ...any) *Rows {
	if err := c.MayWrite(); err != nil {
		return &Rows{c: c, q: q, err: err}
	}
	r := c.rows(q, args, false)
	r.change = true
	return r
}

func (c *Conn) rows(q string, args []any, long bool) *Rows {
	r := &Rows{c: c, q: q}
	if r.err = stored(args); r.err == nil {
		r.cursor, r.stop, r.err = c.Database.Query(q, args, long)
	}
	return r
}

// Number is Query for one integer, 0 when there is none.
func (c *Conn) Number(q string, args ...any) (int64, error) {
	n, _, err := First(c.Query(q, args...), Itself[int64])
	return n, err
}
