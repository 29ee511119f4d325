package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unsafe"

	"parley/engine"
	"parley/storage/sqlite/lite"
)

// conn is one database connection with its prepared statements. One goroutine
// at a time uses it.
type conn struct {
	raw     *lite.Conn
	dialect dialect
	stmts   map[string]*lite.Stmt
	places  map[place]*lite.Stmt // those of stmts, by where the first text of each lies

	readOnly bool
	wrote    bool  // since the current function began
	broken   error // the transaction can no longer be trusted
	ctx      context.Context
	chains   chains          // of the current update or view
	recent   chains          // that the updates before have left; nil for readers
	signals  []engine.Signal // of the current update
}

func connect(from source, d dialect, readOnly bool) (*conn, error) {
	raw, err := from.open()
	if err != nil {
		return nil, err
	}
	return &conn{raw: raw, dialect: d, stmts: map[string]*lite.Stmt{}, places: map[place]*lite.Stmt{}, readOnly: readOnly, ctx: context.Background(), chains: chains{}}, nil
}

// wake keeps a signal until the commit. The same one twice is one.
func (c *conn) wake(s engine.Signal) {
	same := func(o engine.Signal) bool {
		return o.Topic == s.Topic && o.Brand == s.Brand && o.Key == s.Key && o.Data == nil && s.Data == nil && o.Local == nil && s.Local == nil
	}
	if !c.readOnly && !slices.ContainsFunc(c.signals, same) {
		c.signals = append(c.signals, s)
	}
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
	s, err := c.raw.Prepare(c.dialect.text(q))
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

// fail wraps an unexpected database error; it is Internal for everybody above.
func (c *conn) fail(q string, err error) error {
	if err == nil {
		return nil
	}
	if c.dialect.interrupted(err) && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	if c.dialect.unique(err) {
		return engine.Errorf(engine.Conflict, "this exists already").Because(fmt.Errorf("%w in %q", err, q))
	}
	if c.broken == nil && !c.readOnly && c.dialect.lost(err) {
		c.broken = err
	}
	return engine.Errorf(engine.Internal, "the database failed").Because(fmt.Errorf("%w in %q", err, q))
}

// ready says why no statement may run now.
func (c *conn) ready() error {
	if c.broken != nil {
		return engine.Errorf(engine.Internal, "the database failed earlier").Because(c.broken)
	}
	return c.ctx.Err()
}

// exec runs a statement and gives the number of rows that it changed.
func (c *conn) exec(q string, args ...any) (int64, error) {
	if c.readOnly {
		return 0, engine.Errorf(engine.Internal, "a view may not write")
	}
	if err := c.ready(); err != nil {
		return 0, err
	}
	s, err := c.prepare(q)
	if err != nil {
		return 0, c.fail(q, err)
	}
	if err = s.Bind(args); err == nil {
		for row := true; row && err == nil; {
			row, err = s.Step()
		}
	}
	s.Reset()
	if err != nil {
		return 0, c.fail(q, err)
	}
	n := c.raw.Changed()
	c.wrote = c.wrote || n > 0
	return n, nil
}

// execOne is exec for a statement that must change a row; what names the thing
// that is missing otherwise.
func (c *conn) execOne(what, q string, args ...any) error {
	n, err := c.exec(q, args...)
	if err == nil && n == 0 {
		return notFound(what)
	}
	return err
}

// insert runs an "on conflict do nothing" insert; what names the thing that is
// there already.
func (c *conn) insert(what, q string, args ...any) error {
	n, err := c.exec(q, args...)
	if err == nil && n == 0 {
		return taken(what)
	}
	return err
}

func taken(what string) error { return engine.Errorf(engine.Conflict, "this %s exists already", what) }

func notFound(what string) error { return engine.Errorf(engine.NotFound, "no such %s", what) }

// query runs a select. The caller must call next until it is false, or close.
func (c *conn) query(q string, args ...any) *rows {
	r := &rows{c: c, q: q}
	if r.err = c.ready(); r.err != nil {
		return r
	}
	s, err := c.prepare(q)
	if err != nil {
		r.err = c.fail(q, err)
		return r
	}
	if err := s.Bind(args); err != nil {
		s.Reset()
		r.err = c.fail(q, err)
		return r
	}
	r.stmt = s
	return r
}

// queryLong is query for a select that may run long: the caller's context
// interrupts it, which costs a little.
func (c *conn) queryLong(q string, args ...any) *rows {
	r := c.query(q, args...)
	if r.stmt != nil && c.ctx.Done() != nil {
		r.stop = c.raw.Watch(c.ctx)
	}
	return r
}

// queryChange is query for a change that returns rows.
func (c *conn) queryChange(q string, args ...any) *rows {
	if c.readOnly {
		return &rows{c: c, q: q, err: engine.Errorf(engine.Internal, "a view may not write")}
	}
	r := c.query(q, args...)
	r.change = true
	return r
}

// number is query for one integer.
func (c *conn) number(q string, args ...any) (int64, error) {
	r := c.query(q, args...)
	var n int64
	if r.next() {
		n = r.int(0)
	}
	return n, r.close()
}

// rows is the result of a select, with accessors by column. Only one of each
// query may be open on a connection at a time. The first error sticks.
type rows struct {
	c    *conn
	q    string
	stmt *lite.Stmt
	stop func() // nil when no context interrupts it
	err  error

	change bool // each row is one that was changed
}

func (r *rows) next() bool {
	if r.err != nil || r.stmt == nil {
		return false
	}
	row, err := r.stmt.Step()
	if row {
		r.c.wrote = r.c.wrote || r.change
		return true
	}
	if err != nil {
		r.err = r.c.fail(r.q, err)
	}
	r.done()
	return false
}

func (r *rows) done() {
	if r.stmt == nil {
		return
	}
	r.stmt.Reset()
	r.stmt = nil
	if r.stop != nil {
		r.stop()
	}
}

// close ends the result early or late and gives the first error.
func (r *rows) close() error {
	r.done()
	return r.err
}

func (r *rows) int(i int) int64     { return r.stmt.Int(i) }
func (r *rows) float(i int) float64 { return r.stmt.Float(i) }
func (r *rows) bool(i int) bool     { return r.stmt.Int(i) != 0 }
func (r *rows) text(i int) string   { return r.stmt.Text(i) }
func (r *rows) bytes(i int) []byte  { return r.stmt.Bytes(i) }

func (r *rows) time(i int) time.Time {
	return fromMS(r.int(i))
}

// fromMS is the time of ms; zero for 0.
func fromMS(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func (r *rows) json(i int, into any) {
	s := r.stmt.View(i) // nothing of it outlives the reading
	if len(s) == 0 || r.err != nil {
		return
	}
	if err := json.Unmarshal(s, into); err != nil {
		r.err = engine.Errorf(engine.Internal, "stored JSON is broken").Because(fmt.Errorf("%w in %q", err, r.q))
	}
}

// one reads the only row of a result, or says that the thing is missing.
func one[T any](r *rows, what string, scan func(*rows) T) (T, error) {
	var v T
	found := r.next()
	if found {
		v = scan(r)
	}
	err := r.close()
	if err == nil && !found {
		err = notFound(what)
	}
	return v, err
}

// all reads every row of a result.
func all[T any](r *rows, scan func(*rows) T) ([]T, error) {
	var out []T
	for r.next() {
		out = append(out, scan(r))
	}
	if err := r.close(); err != nil {
		return nil, err
	}
	return out, nil
}

// ms is a time as it is stored.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// encode gives a value as stored JSON.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", engine.Errorf(engine.Invalid, "a value is not JSON").Because(err)
	}
	return string(b), nil
}

// encodeMap and encodeList store nothing for nothing.
func encodeMap[K ~string, V any](m map[K]V) (string, error) {
	if len(m) == 0 {
		return "", nil
	}
	return encode(m)
}

func encodeList[V any](l []V) (string, error) {
	if len(l) == 0 {
		return "", nil
	}
	return encode(l)
}
