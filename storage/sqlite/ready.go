package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"parley/engine"
)

// readyRoom is what must fit on the disk beside the database.
const readyRoom = 256 << 10

// health looks whether the store can do its work, on a connection of its own.
type health struct {
	file    os.FileInfo // the database as it was opened
	tables  []string
	conn    *conn
	mu      sync.Mutex
	last    *attempt
	pending sync.WaitGroup
}

// attempt is one look, which several may wait for.
type attempt struct {
	done chan struct{}
	err  error
}

// watch prepares the look.
func (db *DB) watch() error {
	h := &health{}
	var err error
	if h.file, err = os.Stat(db.path); err != nil {
		return err
	}
	if h.tables, err = ownTables(); err != nil {
		return err
	}
	if h.conn, err = connect(newSource(db.path, "ro", "query_only(1)", "cache_size(-64)"), sqliteDialect(), true); err == nil {
		db.health = h
	}
	return err
}

// ownTables are those that the migrations make.
func ownTables() (out []string, err error) {
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	for _, f := range files {
		text, rerr := migrations.ReadFile(f)
		if rerr != nil {
			return nil, rerr
		}
		for _, m := range regexp.MustCompile(`(?m)^create table (\w+)`).FindAllStringSubmatch(wayUp(string(text)), -1) {
			out = append(out, m[1])
		}
	}
	return out, err
}

// Ready says, in words that are safe to show, why the store cannot do its work:
// its file is gone or another one, a table is missing, or nothing can be written.
// It writes, and waits for the disk. When ctx ends first, that is the reason.
func (db *DB) Ready(ctx context.Context) error {
	if db.health == nil {
		return engine.Errorf(engine.Unavailable, "The data is open for reading only.")
	}
	a := db.look()
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
	}
	if db.writer.holds.Load() {
		return engine.Errorf(engine.Unavailable, "The database does not write in time.").Because(ctx.Err())
	}
	return engine.Errorf(engine.Unavailable, "The database does not answer in time. Another program may hold its lock.").Because(ctx.Err())
}

// look joins the look that is under way, so that many who ask cost what one
// does, or begins one.
func (db *DB) look() *attempt {
	h := db.health
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.last; a != nil {
		select {
		case <-a.done:
		default:
			return a
		}
	}
	a := &attempt{done: make(chan struct{})}
	h.last = a
	select {
	case <-db.closing:
		a.err = engine.Errorf(engine.Unavailable, "The store is closed.")
		close(a.done)
		return a
	default:
	}
	h.pending.Go(func() {
		a.err = db.check()
		close(a.done)
	})
	return a
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
	have, err := all(db.health.conn.query(`select name from sqlite_master where type = 'table'`), func(r *rows) string { return r.text(0) })
	if err != nil {
		return engine.Errorf(engine.Unavailable, "The database cannot be read.").Because(err)
	}
	known := map[string]bool{}
	for _, name := range have {
		known[name] = true
	}
	for _, name := range db.health.tables {
		if !known[name] {
			return engine.Errorf(engine.Unavailable, "The database lacks the table %q.", name)
		}
	}
	if err := db.room(); err != nil {
		return cannotWrite(err)
	}
	err = db.Update(context.Background(), func(t engine.Tx) error {
		_, err := t.(tx).c.exec(`insert into probe (id, at) values (1, $1) on conflict (id) do update set at = excluded.at`, time.Now().UnixMilli())
		return err
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
	h.pending.Wait()
	return h.conn.close()
}
