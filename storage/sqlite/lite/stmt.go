package lite

import (
	"fmt"
	"strings"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Stmt is a prepared statement: Bind, then Step until it gives no row, then
// Reset, and so again.
type Stmt struct {
	c      *Conn
	p      uintptr
	params int
	buffer uintptr // the texts and blobs that are bound
	size   int
}

// keepBuffer is how large a buffer may stay with an idle statement.
const keepBuffer = 16 << 10

// Prepare compiles the one statement that q is. Its parameters are ? in turn,
// or ?1, ?2 by number.
func (c *Conn) Prepare(q string) (*Stmt, error) {
	if strings.IndexByte(q, 0) >= 0 {
		return nil, fmt.Errorf("sqlite: a statement with a zero byte")
	}
	text, err := libc.CString(q)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	out, err := c.alloc(2 * word)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, out)
	if rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(q)+1), sqlite3.SQLITE_PREPARE_PERSISTENT, out, out+word); rc != sqlite3.SQLITE_OK {
		return nil, c.fail(rc)
	}
	s := &Stmt{c: c, p: pointer(out)}
	if s.p == 0 {
		return nil, fmt.Errorf("sqlite: no statement in %q", q)
	}
	if rest := strings.TrimSpace(q[pointer(out+word)-text:]); rest != "" {
		s.Close()
		return nil, fmt.Errorf("sqlite: more than one statement: %q", rest)
	}
	s.params = int(sqlite3.Xsqlite3_bind_parameter_count(c.tls, s.p))
	return s, nil
}

// Close frees the statement.
func (s *Stmt) Close() {
	sqlite3.Xsqlite3_finalize(s.c.tls, s.p) // tells the last step's error again
	s.p = 0
	s.free()
}

func (s *Stmt) free() {
	if s.buffer != 0 {
		libc.Xfree(s.c.tls, s.buffer)
		s.buffer, s.size = 0, 0
	}
}

// Bind sets all parameters: int64, int, float64, string, bool, pointers to such,
// []byte or nil. The statement must be new or reset.
func (s *Stmt) Bind(args []any) error {
	if len(args) != s.params {
		return fmt.Errorf("sqlite: %d arguments for %d parameters", len(args), s.params)
	}
	need := 0
	for _, a := range args {
		switch v := a.(type) {
		case string:
			need += len(v)
		case *string:
			need += len(*v)
		case []byte:
			need += len(v)
		}
	}
	if err := s.reserve(need); err != nil {
		return err
	}
	at := s.buffer
	for i, a := range args {
		n := int32(i + 1)
		var rc int32
		switch v := a.(type) {
		case string:
			rc = s.text(n, &at, v)
		case *string:
			rc = s.text(n, &at, *v)
		case int64:
			rc = s.number(n, v)
		case *int64:
			rc = s.number(n, *v)
		case int:
			rc = s.number(n, int64(v))
		case *int:
			rc = s.number(n, int64(*v))
		case bool:
			rc = s.number(n, int64(libc.Bool32(v)))
		case *bool:
			rc = s.number(n, int64(libc.Bool32(*v)))
		case nil:
			rc = sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, n)
		case float64:
			rc = sqlite3.Xsqlite3_bind_double(s.c.tls, s.p, n, v)
		case *float64:
			rc = sqlite3.Xsqlite3_bind_double(s.c.tls, s.p, n, *v)
		case []byte:
			copy(libc.GoBytes(at, len(v)), v)
			rc = sqlite3.Xsqlite3_bind_blob(s.c.tls, s.p, n, at, int32(len(v)), 0)
			at += uintptr(len(v))
		default:
			return fmt.Errorf("sqlite: argument %d has a type that is not stored", n)
		}
		if rc != sqlite3.SQLITE_OK {
			return s.c.fail(rc)
		}
	}
	return nil
}

// text binds a text that it keeps in the buffer, and moves on in it.
func (s *Stmt) text(n int32, at *uintptr, v string) int32 {
	p := *at
	*at += uintptr(len(v))
	copy(libc.GoBytes(p, len(v)), v)
	return sqlite3.Xsqlite3_bind_text(s.c.tls, s.p, n, p, int32(len(v)), 0)
}

func (s *Stmt) number(n int32, v int64) int32 {
	return sqlite3.Xsqlite3_bind_int64(s.c.tls, s.p, n, v)
}

// reserve makes the buffer large enough, and never none: SQLite takes a text at
// address 0 for NULL.
func (s *Stmt) reserve(need int) error {
	if need < s.size {
		return nil
	}
	if need >= maxBound {
		return &Error{Code: sqlite3.SQLITE_TOOBIG, text: "sqlite: the arguments are too big"}
	}
	s.free()
	size := max(256, need+need/4+1)
	p, err := s.c.alloc(size)
	if err == nil {
		s.buffer, s.size = p, size
	}
	return err
}

// maxBound is more than SQLite stores in one value.
const maxBound = 1 << 30

// Step runs to the next row, and says whether there is one.
func (s *Stmt) Step() (bool, error) {
	switch rc := sqlite3.Xsqlite3_step(s.c.tls, s.p); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, s.c.fail(rc)
	}
}

// Reset makes the statement ready for the next Bind. Its rows are gone.
func (s *Stmt) Reset() {
	sqlite3.Xsqlite3_reset(s.c.tls, s.p) // tells the last step's error again
	if s.size > keepBuffer {
		s.free() // what is bound is bound anew before the next step
	}
}

// The values of the current row, by column from 0; SQLite converts what is of another type.

// Null says whether there is no value.
func (s *Stmt) Null(i int) bool {
	return sqlite3.Xsqlite3_column_type(s.c.tls, s.p, int32(i)) == sqlite3.SQLITE_NULL
}

// Int is a whole number; 0 for NULL.
func (s *Stmt) Int(i int) int64 { return sqlite3.Xsqlite3_column_int64(s.c.tls, s.p, int32(i)) }

// Float is a number; 0 for NULL.
func (s *Stmt) Float(i int) float64 { return sqlite3.Xsqlite3_column_double(s.c.tls, s.p, int32(i)) }

// Text is a text; "" for NULL.
func (s *Stmt) Text(i int) string { return string(s.View(i)) }

// Bytes is a text's or a blob's bytes; nil for none.
func (s *Stmt) Bytes(i int) []byte {
	v := s.View(i)
	if len(v) == 0 {
		return nil
	}
	return append(make([]byte, 0, len(v)), v...)
}

// View is Bytes without the copy. It is SQLite's, to be read, until the next
// call but those for other columns.
func (s *Stmt) View(i int) []byte {
	p := sqlite3.Xsqlite3_column_blob(s.c.tls, s.p, int32(i))
	if p == 0 {
		return nil
	}
	return libc.GoBytes(p, int(sqlite3.Xsqlite3_column_bytes(s.c.tls, s.p, int32(i))))
}
