package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"modernc.org/sqlite"

	"parley/engine"
)

// Config says where the data is.
type Config struct {
	Dir     string // data folder; made when missing. The database is <Dir>/parley.db.
	Readers int    // reading connections; 0 takes one a core, at least 2 and at most 4
}

// DB is the SQLite store. It is safe for concurrent use.
type DB struct {
	path    string
	lock    *folderLock // nil when it is open for reading only
	writer  *writer     // nil when it is open for reading only
	health  *health     // nil when it is open for reading only
	readers chan *conn
	size    int // of readers
	once    sync.Once
	closing chan struct{}
	closed  error
}

var _ engine.Store = (*DB)(nil)

// Open takes the data folder for this process alone, brings its database to
// the newest version and starts the writer. Errors: a folder that another
// process uses, a database newer than this program, one from before the first release,
// one that a move into it has not finished.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	db, err := open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := db.whole(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func open(ctx context.Context, cfg Config) (_ *DB, err error) {
	if cfg.Dir == "" {
		return nil, engine.FieldError("data", "names no folder")
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	db := &DB{path: filepath.Join(dir, "parley.db"), lock: lock, closing: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	sqlite.StrictPragmas(true)
	if err := migrate(ctx, db.path); err != nil {
		return nil, err
	}
	// Secrets of channels are in there. SQLite gives its side files the same mode.
	if err := os.Chmod(db.path, 0o600); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return db, db.connect(cfg.Readers)
}

func (db *DB) connect(readers int) error {
	c, err := connect(writerSource(db.path), false)
	if err != nil {
		return fmt.Errorf("storage: open %s: %w", db.path, err)
	}
	db.writer = startWriter(c)
	if err := db.watch(); err != nil {
		return fmt.Errorf("storage: open %s: %w", db.path, err)
	}
	return db.connectReaders(readers)
}

func (db *DB) connectReaders(readers int) error {
	if readers == 0 {
		readers = max(2, min(4, runtime.NumCPU()))
	}
	db.readers = make(chan *conn, readers)
	for range readers {
		c, err := connect(readerSource(db.path), true)
		if err != nil {
			return fmt.Errorf("storage: open %s for reading: %w", db.path, err)
		}
		db.readers <- c
		db.size++
	}
	return nil
}

// View runs fn on a snapshot that stays the same while fn runs.
func (db *DB) View(ctx context.Context, fn func(engine.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c, err := free(ctx, db.readers, db.closing, "store")
	if err != nil {
		return err
	}
	defer func() { db.readers <- c }()
	over, err := c.snapshot(ctx)
	if err != nil {
		return err
	}
	defer over()
	return fn(c.tx())
}

// free takes one of those that nobody uses, until what they belong to is closed.
func free[T any](ctx context.Context, unused <-chan T, closing <-chan struct{}, what string) (v T, err error) {
	select {
	case <-closing:
		return v, isClosed(what)
	default:
	}
	select {
	case v = <-unused:
		return v, nil
	case <-ctx.Done():
		return v, ctx.Err()
	case <-closing:
		return v, isClosed(what)
	}
}

func isClosed(what string) error { return engine.Errorf(engine.Unavailable, "the %s is closed", what) }

// Update runs fn in a transaction that shares its commit with others. When ctx
// ends before fn ran, fn does not run; after that the result is awaited.
func (db *DB) Update(ctx context.Context, fn func(engine.Tx) error) error {
	if db.writer == nil {
		return engine.Errorf(engine.Unavailable, "the data is open for reading only")
	}
	return db.writer.update(ctx, fn)
}

// Notify says where the wake-ups of updates go.
func (db *DB) Notify(publish func(engine.Signal)) {
	if db.writer != nil {
		db.writer.publish.Store(&publish)
	}
}

// Close finishes what was accepted and frees the folder. Later calls fail with
// Unavailable.
func (db *DB) Close() error {
	db.once.Do(func() { db.closed = db.close() })
	return db.closed
}

func (db *DB) close() error {
	close(db.closing)
	var errs []error
	for range db.size {
		c := <-db.readers
		errs = append(errs, c.close())
	}
	if db.health != nil {
		errs = append(errs, db.health.close())
	}
	if db.writer != nil {
		db.writer.close()
		errs = append(errs, db.writer.conn.close()) // last, so that it may fold the log into the file
	}
	if db.lock != nil {
		errs = append(errs, db.lock.release())
	}
	return errors.Join(errs...)
}
