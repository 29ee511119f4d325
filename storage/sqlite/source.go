package sqlite

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"

	"parley/storage/sqlite/lite"
)

// numbered is the query as SQLite gets it, which takes $1 for a name.
func numbered(q string) string {
	b := []byte(q)
	for i := 1; i < len(b); i++ {
		if b[i-1] == '$' && b[i] >= '0' && b[i] <= '9' {
			b[i-1] = '?'
		}
	}
	return string(b)
}

// refusal is the code of SQLite's refusal; 0 for another error.
func refusal(err error) int {
	var e *lite.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// duplicate says whether the statement failed on a unique key, and changed nothing.
func duplicate(err error) bool {
	code := refusal(err)
	return code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// interrupted says whether the statement was ended by its context.
func interrupted(err error) bool { return refusal(err) == sqlite3.SQLITE_INTERRUPT }

// lost says whether the transaction may have ended with the statement. A
// faulty statement fails alone; a full disk or a failed read may take the
// whole transaction with it.
func lost(err error) bool {
	switch refusal(err) & 0xff {
	case 0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE:
		return false
	}
	return true
}

// source is how a connection is opened.
type source struct {
	path, mode string
	settings   []string // as pragmas
}

// newSource begins with busy_timeout, so that the other settings already wait
// for a lock.
func newSource(path, mode string, settings ...string) source {
	return source{path: path, mode: mode, settings: append([]string{"busy_timeout(5000)"}, settings...)}
}

func writerSource(path string) source {
	return newSource(path, "rwc", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "secure_delete(1)",
		"cache_size(-32768)", "wal_autocheckpoint(8000)", "journal_size_limit(67108864)", "temp_store(memory)")
}

func readerSource(path string) source {
	return newSource(path, "ro", "query_only(1)", "cache_size(-8192)", "temp_store(memory)")
}

// uri names the file.
func (s source) uri() string {
	p := filepath.ToSlash(s.path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	return "file:" + (&url.URL{Path: p}).EscapedPath() + "?mode=" + s.mode
}

// dsn is the source as the driver of database/sql takes it, which only the
// migrations need.
func (s source) dsn() string {
	return s.uri() + "&_defensive=1&_dqs=0&_txlock=immediate&_pragma=" + strings.Join(s.settings, "&_pragma=")
}

func (s source) open() (*lite.Conn, error) {
	c, err := lite.Open(s.uri())
	if err != nil {
		return nil, err
	}
	for _, setting := range s.settings {
		if err := c.Exec("pragma " + setting); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}
