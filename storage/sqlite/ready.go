package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/singleflight"
	sqlite3 "modernc.org/sqlite/lib"

	"parley/engine"
	"parley/storage/relational"
)

// readyRoom is what must fit on the disk beside the database.
const readyRoom = 256 << 10

// health looks whether the store can do its work, on a connection of its own.
type health struct {
	file   os.FileInfo // the database as it was opened
	tables []string
	looks  singleflight.Group
	mu     sync.Mutex // held while one looks
	conn   *conn      // nil when it is closed
}

// watch prepares the look.
func (db *DB) watch() error {
	h := &health{}
	steps, err := ownSteps()
	if err != nil {
		return err
	}
	for _, s := range steps {
		for _, m := range regexp.MustCompile(`(?m)^create table (\w+)`).FindAllStringSubmatch(s.up, -1) {
			h.tables = append(h.tables, m[1])
		}
	}
	if h.file, err = os.Stat(db.path); err != nil {
		return err
	}
	if h.conn, err = connect(newSource(db.path, "ro", "query_only(1)", "cache_size(-64)"), true); err == nil {
		db.health = h
	}
	return err
}

// Ready says, in words that are safe to show, why the store cannot do its work:
// its file is gone or another one, a table is missing, or nothing can be written.
// It writes, and waits for the disk. When ctx ends first, that is the reason.
func (db *DB) Ready(ctx context.Context) error {
	if db.health == nil {
		return engine.Errorf(engine.Unavailable, "The data is open for reading only.")
	}
	select {
	case looked := <-db.health.looks.DoChan("", db.look):
		return looked.Err
	case <-ctx.Done():
	}
	if db.writer.holds.Load() {
		return engine.Errorf(engine.Unavailable, "The database does not write in time.").Because(ctx.Err())
	}
	return engine.Errorf(engine.Unavailable, "The database does not answer in time. Another program may hold its lock.").Because(ctx.Err())
}

// look is one look, which all who ask meanwhile wait for: it costs what one does.
func (db *DB) look() (any, error) {
	db.health.mu.Lock()
	defer db.health.mu.Unlock()
	if db.health.conn == nil {
		return nil, engine.Errorf(engine.Unavailable, "The store is closed.")
	}
	return nil, db.check()
}

func (db *DB) check() error {
	now, err := os.Stat(db.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return engine.Errorf(engine.Unavailable, "The database file is gone.").Because(err)
	case err != nil:
		return engine.Errorf(engine.Unavailable, "The database file cannot be reached.").Because(err)
	case !os.SameFile(now, db.health.file):
		return engine.Errorf(engine.Unavailable, "The database file has been replaced by another one. Restart parley.")
	}
	have, err := relational.All(db.health.conn.Query(`select name from sqlite_master where type = 'table'`), relational.Itself[string])
	if err != nil {
		return engine.Errorf(engine.Unavailable, "The database cannot be read.").Because(err)
	}
	for _, name := range db.health.tables {
		if !slices.Contains(have, name) {
			return engine.Errorf(engine.Unavailable, "The database lacks the table %q.", name)
		}
	}
	if err := db.room(); err != nil {
		return cannotWrite(err)
	}
	err = db.Update(context.Background(), func(t engine.Tx) error {
		return t.(tx).c.Run(`insert into probe (id, at) values (1, $1) on conflict (id) do update set at = excluded.at`, time.Now())
	})
	if err != nil {
		return cannotWrite(err)
	}
	return nil
}

// room writes a file beside the database: SQLite's own log may still have room
// in itself when the disk has none.
func (db *DB) room() (err error) {
	f, err := os.CreateTemp(filepath.Dir(db.path), ".probe-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, readyRoom))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// cannotWrite says why in words.
func cannotWrite(err error) error {
	why := "The database cannot be written."
	code := refusal(err) & 0xff
	switch {
	case code == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC):
		why = "The disk is full."
	case code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED:
		why = "Another program holds the database's lock."
	case code == sqlite3.SQLITE_READONLY || errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission):
		why = "The data folder may not be written."
	case code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB:
		why = "The database is damaged."
	case code == sqlite3.SQLITE_IOERR || errors.Is(err, syscall.EIO):
		why = "The disk does not work."
	}
	return engine.Errorf(engine.Unavailable, "%s", why).Because(err)
}

func (h *health) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.conn
	h.conn = nil
	return c.close()
}
