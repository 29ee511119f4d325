package sqlite

import (
	"errors"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect holds what differs between databases. Everything else is one set of
// portable queries.
type dialect struct {
	beginWrite string
	beginRead  string
	// claimLock ends a select of rows that other machines must skip.
	claimLock string
}

func sqliteDialect() dialect {
	return dialect{beginWrite: "begin immediate", beginRead: "begin"}
}

// insertSeq runs an insert into a table whose integer key the database gives
// out, and returns the key; what names the thing that is there already.
func (d dialect) insertSeq(c *conn, what, q string, args ...any) (int64, error) {
	res, err := c.run(q, args)
	if err != nil {
		return 0, err
	}
	n, err := c.changed(q, res)
	if err == nil && n == 0 {
		return 0, taken(what)
	}
	if err == nil {
		n, err = res.LastInsertId()
	}
	return n, c.fail(q, err)
}

// text is the query as the driver gets it. For each $1 the driver copies the
// name out of SQLite and looks it up; a plain ? it takes in turn, which saves a
// tenth of a small statement. Queries whose numbers are not 1, 2, 3 stay.
func (d dialect) text(q string) string {
	var b strings.Builder
	n := 0
	for i := 0; i < len(q); i++ {
		if q[i] != '$' {
			b.WriteByte(q[i])
			continue
		}
		n++
		number := strconv.Itoa(n)
		end := i + 1 + len(number)
		if !strings.HasPrefix(q[i+1:], number) || end < len(q) && q[end] >= '0' && q[end] <= '9' {
			return q
		}
		b.WriteByte('?')
		i = end - 1
	}
	return b.String()
}

// unique says whether the statement failed on a unique key, and changed nothing.
func (d dialect) unique(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// lost says whether the transaction may have ended with the statement. A
// faulty statement fails alone; a full disk or a failed read may take the
// whole transaction with it.
func (d dialect) lost(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE:
		return false
	}
	return true
}

// sqliteDSN names the database file for the driver. busy_timeout comes first so
// that the other settings already wait for a lock.
func sqliteDSN(path, mode string, pragmas ...string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	dsn := "file:" + (&url.URL{Path: p}).EscapedPath() + "?mode=" + mode + "&_defensive=1&_dqs=0&_pragma=busy_timeout(5000)"
	for _, pragma := range pragmas {
		dsn += "&_pragma=" + pragma
	}
	return dsn
}

func writerDSN(path string) string {
	return sqliteDSN(path, "rwc", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "secure_delete(1)",
		"cache_size(-32768)", "wal_autocheckpoint(8000)", "journal_size_limit(67108864)", "temp_store(memory)") + "&_txlock=immediate"
}

func readerDSN(path string) string {
	return sqliteDSN(path, "ro", "query_only(1)", "cache_size(-8192)", "temp_store(memory)")
}
