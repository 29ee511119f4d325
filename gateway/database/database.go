package database

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"parley/engine"
	"parley/engine/erasure"
	"parley/storage/postgres"
	"parley/storage/sqlite"
)

// Config names a database.
type Config struct {
	Dir string // data folder; SQLite lies in it
	URL string // of PostgreSQL; "" for SQLite
}

// Store is what the whole product works on.
type Store interface {
	engine.Store
	// Ready says, in words that are safe to show, why the store cannot do its work.
	Ready(ctx context.Context) error
}

// Index finds conversations.
type Index interface {
	engine.Searcher
	erasure.Index
	// Run follows the store until ctx ends.
	Run(ctx context.Context, log *slog.Logger) error
	Scrub(ctx context.Context) error // of its files
	Close() error
}

// Database is an open store.
type Database struct {
	Store
	// OpenIndex opens its index, which is to be closed before it.
	OpenIndex func(ctx context.Context) (Index, error)
	// Clock is the time of all who share the store; nil for one that nobody shares.
	Clock *postgres.Clock

	scrub   func(context.Context) error // of the store's files; nil when it has none
	figures func() postgres.Figures     // nil on SQLite
}

// Figures tell what this process has asked of a PostgreSQL.
func (d *Database) Figures() (f postgres.Figures) {
	if d.figures != nil {
		f = d.figures()
	}
	return f
}

// Open opens the database and brings it to the newest version. Errors: Unavailable for a
// folder that another process has, a server that cannot be reached, and for a database
// that is newer than this program.
func Open(ctx context.Context, cfg Config) (*Database, error) {
	if cfg.URL != "" {
		db, err := postgres.Open(ctx, cfg.URL)
		if err != nil {
			return nil, err
		}
		return &Database{
			Store: db, OpenIndex: func(ctx context.Context) (Index, error) { return postgres.OpenIndex(ctx, db) },
			Clock: db.Clock(), figures: db.Figures,
		}, nil
	}
	db, err := sqlite.Open(ctx, sqlite.Config{Dir: cfg.Dir})
	if err != nil {
		return nil, err
	}
	return &Database{
		Store: db, OpenIndex: func(ctx context.Context) (Index, error) { return sqlite.OpenIndex(ctx, db) }, scrub: db.Scrub,
	}, nil
}

// Eraser forgets consumers, in the index, too.
func (d *Database) Eraser(index Index) erasure.Eraser {
	return erasure.Eraser{Store: d.Store, Clock: time.Now, Index: index, Scrub: func(ctx context.Context) error {
		if d.scrub == nil {
			return index.Scrub(ctx)
		}
		return errors.Join(d.scrub(ctx), index.Scrub(ctx))
	}}
}

// Unreached says whether a PostgreSQL did not answer, which may do so later.
func Unreached(err error) bool { return errors.Is(err, postgres.ErrUnreached) }

// Made says whether there is a database already: a command that works on one makes none
// in a folder that was written wrongly.
func Made(cfg Config) bool {
	if cfg.URL != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(cfg.Dir, "parley.db"))
	return !errors.Is(err, fs.ErrNotExist)
}

// Read opens a database that a server may work on meanwhile, for who only reads. Errors:
// NotFound without a database, Unavailable when its version is another one.
func Read(ctx context.Context, cfg Config) (engine.Store, error) {
	if cfg.URL != "" {
		return postgres.OpenReadOnly(ctx, cfg.URL)
	}
	return sqlite.OpenReadOnly(ctx, cfg.Dir)
}

// Backup writes a consistent copy of the database to a new file.
func Backup(ctx context.Context, cfg Config, path string) (err error) {
	if cfg.URL != "" {
		return engine.Errorf(engine.Invalid, "PostgreSQL makes its own backups: use pg_dump, or a base backup (docs/operating.md)")
	}
	db, err := sqlite.OpenReadOnly(ctx, cfg.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Backup(ctx, path)
}
