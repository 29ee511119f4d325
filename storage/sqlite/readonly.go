package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/engine"
)

// OpenReadOnly reads a data folder that another process may serve meanwhile: it
// takes no lock and changes no table, and what is written later shows up in the
// next View. Update fails with Unavailable. Errors: NotFound without a database,
// Unavailable when its version is not the one that this program knows.
func OpenReadOnly(ctx context.Context, dir string) (_ *DB, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	path := filepath.Join(dir, "parley.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, engine.Errorf(engine.NotFound, "%s holds no data: %s is missing", dir, filepath.Base(path))
	} else if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	db := &DB{path: path, closing: make(chan struct{})}
	if err := db.connectReaders(0); err != nil {
		err = engine.Errorf(engine.Unavailable, "%s is not a database of parley", path).Because(err)
		return nil, errors.Join(err, db.Close())
	}
	if err := errors.Join(db.checkVersion(ctx), db.whole(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// checkVersion compares the database's version with the newest migration.
func (db *DB) checkVersion(ctx context.Context) error {
	steps, err := ownSteps()
	if err != nil {
		return err
	}
	want := steps[len(steps)-1].version
	c, err := free(ctx, db.readers, db.closing, "store")
	if err != nil {
		return err
	}
	defer func() { db.readers <- c }()
	have, err := c.Number(`select coalesce(max(version_id), 0) from goose_db_version where is_applied = 1`)
	switch {
	case err != nil:
		return engine.Errorf(engine.Unavailable, "%s is not a database of parley", db.path).Because(err)
	case have > want:
		return engine.Errorf(engine.Unavailable, "%s has version %d, this parley knows versions up to %d: use a newer parley", db.path, have, want)
	case have < want:
		return engine.Errorf(engine.Unavailable, "%s has version %d, this parley reads version %d: serve it once with this parley", db.path, have, want)
	}
	made, err := c.Number(`pragma user_version`)
	if err != nil {
		return err
	}
	return checkFoundation(db.path, made, foundation(steps))
}
