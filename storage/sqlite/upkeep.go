package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/engine"
	"parley/storage/relational"
)

// Integrity reads the whole database and says what is wrong with it.
func (db *DB) Integrity(ctx context.Context) error {
	return db.aside(ctx, func(c *conn) error {
		found, err := relational.All(c.QueryLong("pragma integrity_check"), relational.Itself[string])
		if err != nil {
			return err
		}
		if len(found) != 1 || found[0] != "ok" {
			return engine.Errorf(engine.Internal, "the database is damaged: %s", strings.Join(found, "; "))
		}
		found, err = relational.All(c.QueryLong("pragma foreign_key_check"), relational.Itself[string])
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return engine.Errorf(engine.Internal, "%d rows name others that are missing, the first in %s", len(found), found[0])
		}
		return nil
	})
}

// Backup writes a consistent copy of the database to path, which must not
// exist. Writers go on meanwhile. The copy is there as a whole or not at all: what
// a kill cuts off has another name, ending in .part.
func (db *DB) Backup(ctx context.Context, path string) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return engine.Errorf(engine.Conflict, "%s exists already", path)
	}
	// SQLite fills an empty file; made here, it is nobody else's to read.
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	part := f.Name()
	defer func() {
		if err == nil {
			return
		}
		if rerr := os.Remove(part); !errors.Is(rerr, os.ErrNotExist) { // it has its name already
			err = errors.Join(err, rerr)
		}
	}()
	if err := f.Close(); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	err = db.aside(ctx, func(c *conn) error {
		_, err := relational.All(c.QueryLong("vacuum into $1", part), relational.Itself[string])
		return err
	})
	if err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil { // made meanwhile
		return engine.Errorf(engine.Conflict, "%s exists already", path)
	}
	return errors.Join(os.Rename(part, path), syncFile(filepath.Dir(path)))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}

// aside runs long work on a connection of its own, so that no reader waits for it.
func (db *DB) aside(ctx context.Context, fn func(*conn) error) (err error) {
	select {
	case <-db.closing:
		return isClosed("store")
	default:
	}
	c, err := connect(newSource(db.path, "ro"), true)
	if err != nil {
		return fmt.Errorf("storage: open %s: %w", db.path, err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	c.Ctx = ctx
	return fn(c)
}
