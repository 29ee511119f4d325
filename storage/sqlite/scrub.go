package sqlite

import (
	"context"
	"errors"
	"fmt"

	"parley/engine"
	"parley/storage/relational"
)

// Scrub folds the log into the database and empties it, so that the files hold
// nothing of what was removed.
func (db *DB) Scrub(ctx context.Context) (err error) {
	c, err := connect(newSource(db.path, "rw"), false)
	if err != nil {
		return fmt.Errorf("storage: open %s: %w", db.path, err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return fold(ctx, c)
}

// Scrub does the same with the index.
func (x *Index) Scrub(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.target == nil {
		return isClosed("index")
	}
	return fold(ctx, x.target)
}

// foldTries is how often it is tried while readers keep the log.
const foldTries = 5

func fold(ctx context.Context, c *conn) error {
	c.Ctx = ctx
	defer func() { c.Ctx = context.Background() }()
	for range foldTries {
		busy, err := relational.One(c.QueryLong(`pragma wal_checkpoint(truncate)`), "answer", func(busy *bool, to []any) []any { return append(to, busy) })
		if err != nil || !busy {
			return err
		}
	}
	return engine.Errorf(engine.Unavailable, "What was removed is still in the database's log, because it is read all the time. It goes with the next erasure, or at the next stop.")
}
