package sqlite

import (
	"fmt"

	"parley/engine"
	"parley/storage/relational"
	"parley/storage/sqlite/lite"
)

// database is how the facets run statements on a connection.
type database struct{ c *conn }

// Failed wraps an unexpected database error; it is Internal for everybody above.
func (d database) Failed(q string, err error) error {
	c := d.c
	if err == nil {
		return nil
	}
	if interrupted(err) && c.Ctx.Err() != nil {
		return c.Ctx.Err()
	}
	if duplicate(err) {
		return engine.Errorf(engine.Conflict, "this exists already").Because(fmt.Errorf("%w in %q", err, q))
	}
	if c.broken == nil && !c.ReadOnly && lost(err) {
		c.broken = err
	}
	return engine.Errorf(engine.Internal, "the database failed").Because(fmt.Errorf("%w in %q", err, q))
}

// start makes a statement ready to step.
func (d database) start(q string, args []any) (*lite.Stmt, error) {
	c := d.c
	if c.broken != nil {
		return nil, engine.Errorf(engine.Internal, "the database failed earlier").Because(c.broken)
	}
	if err := c.Ctx.Err(); err != nil {
		return nil, err
	}
	s, err := c.prepare(q)
	if err != nil {
		return nil, d.Failed(q, err)
	}
	if err := s.Bind(args); err != nil {
		s.Reset()
		return nil, d.Failed(q, err)
	}
	return s, nil
}

func (d database) Exec(q string, args []any) (int64, error) {
	s, err := d.start(q, args)
	if err != nil {
		return 0, err
	}
	for row := true; row && err == nil; {
		row, err = s.Step()
	}
	s.Reset()
	if err != nil {
		return 0, d.Failed(q, err)
	}
	return d.c.raw.Changed(), nil
}

func (d database) Later(q string, args []any, none relational.None) (bool, error) {
	n, err := d.Exec(q, args)
	switch {
	case err != nil:
	case n == 0:
		err = none.Err()
	case none.Changed != nil:
		none.Changed()
	}
	return n > 0, err
}

func (d database) LaterSeq(q string, args []any, none relational.None, seq *int64) (bool, error) {
	changed, err := d.Later(q, args, none)
	if err == nil {
		*seq = d.c.raw.Inserted()
	}
	return changed, err
}

func (d database) Insert(q string, args []any) (int64, int64, error) {
	n, err := d.Exec(q, args)
	return d.c.raw.Inserted(), n, err
}

func (d database) Query(q string, args []any, long bool) (relational.Cursor, func(), error) {
	s, err := d.start(q, args)
	if err != nil {
		return nil, nil, err
	}
	if long && d.c.Ctx.Done() != nil {
		return s, d.c.raw.Watch(d.c.Ctx), nil
	}
	return s, nil, nil
}
