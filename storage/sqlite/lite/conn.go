package lite

import (
	"context"
	"fmt"
	"time"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// Conn is one connection. One goroutine at a time may use it and its statements.
type Conn struct {
	tls *libc.TLS
	db  uintptr
}

// word is the room of one pointer, or of one argument in a list of C's.
const word = 8

// Open opens the database that a file: URI names. Statements cannot damage the
// file through SQLite's own tables, and a text in double quotes is a name.
func Open(uri string) (_ *Conn, err error) {
	c := &Conn{tls: libc.NewTLS()}
	defer func() {
		if err != nil {
			_ = c.Close() // the first error tells more
		}
	}()
	name, err := libc.CString(uri)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, name)
	out, err := c.alloc(2 * word)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, out)
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, out, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_CREATE|sqlite3.SQLITE_OPEN_URI|
		sqlite3.SQLITE_OPEN_NOMUTEX|sqlite3.SQLITE_OPEN_EXRESCODE, 0)
	c.db = pointer(out) // also when it failed, with the reason
	if rc != sqlite3.SQLITE_OK {
		return nil, c.fail(rc)
	}
	for _, set := range []struct {
		option int32
		on     int32
	}{{sqlite3.SQLITE_DBCONFIG_DEFENSIVE, 1}, {sqlite3.SQLITE_DBCONFIG_DQS_DDL, 0}, {sqlite3.SQLITE_DBCONFIG_DQS_DML, 0}} {
		if rc := sqlite3.Xsqlite3_db_config(c.tls, c.db, set.option, libc.VaList(out, set.on, uintptr(0))); rc != sqlite3.SQLITE_OK {
			return nil, c.fail(rc)
		}
	}
	return c, nil
}

// Close frees the connection; its statements must be closed.
func (c *Conn) Close() error {
	if rc := sqlite3.Xsqlite3_close(c.tls, c.db); rc != sqlite3.SQLITE_OK {
		return c.fail(rc)
	}
	c.tls.Close()
	c.tls, c.db = nil, 0
	return nil
}

// Exec runs one statement without arguments and drops what it gives.
func (c *Conn) Exec(q string) error {
	s, err := c.Prepare(q)
	if err != nil {
		return err
	}
	defer s.Close()
	for row := true; row && err == nil; {
		row, err = s.Step()
	}
	return err
}

// Changed is how many rows the last insert, update or delete changed.
func (c *Conn) Changed() int64 { return sqlite3.Xsqlite3_changes64(c.tls, c.db) }

// Inserted is the key of the row that was inserted last.
func (c *Conn) Inserted() int64 { return sqlite3.Xsqlite3_last_insert_rowid(c.tls, c.db) }

// interruptPause is how long an interrupt waits for the next.
const interruptPause = time.Millisecond

// Watch interrupts what runs on the connection when ctx ends, until stop was
// called, which must be before anything that ctx does not concern.
func (c *Conn) Watch(ctx context.Context) (stop func()) {
	over, ended := make(chan struct{}), make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(ended)
		tls := libc.NewTLS() // the connection's is in use
		defer tls.Close()
		for { // SQLite forgets an interrupt that comes before the statement's first step
			sqlite3.Xsqlite3_interrupt(tls, c.db)
			select {
			case <-over:
				return
			case <-time.After(interruptPause):
			}
		}
	})
	return func() {
		close(over)
		if !cancel() {
			<-ended
		}
	}
}

// alloc gives memory that is SQLite's to read, and the caller's to free.
func (c *Conn) alloc(n int) (uintptr, error) {
	p := libc.Xmalloc(c.tls, types.Size_t(n))
	if p == 0 {
		return 0, fmt.Errorf("sqlite: no memory for %d bytes", n)
	}
	return p, nil
}

// pointer reads a pointer that SQLite wrote.
func pointer(at uintptr) uintptr { return libc.AtomicLoadNUintptr(at, 0) }
