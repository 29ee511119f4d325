package lite

import (
	"bytes"
	"context"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

func uri(t testing.TB) string { return "file:" + filepath.ToSlash(filepath.Join(t.TempDir(), "a.db")) }

func open(t testing.TB, uri string) *Conn {
	t.Helper()
	c, err := Open(uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func prepare(t testing.TB, c *Conn, q string) *Stmt {
	t.Helper()
	s, err := c.Prepare(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func exec(t testing.TB, c *Conn, q string, args ...any) {
	t.Helper()
	s := prepare(t, c, q)
	if err := s.Bind(args); err != nil {
		t.Fatal(err)
	}
	if row, err := s.Step(); row || err != nil {
		t.Fatalf("%s gave a row (%v) or %v", q, row, err)
	}
}

// first binds args and reads the first row.
func first(t testing.TB, s *Stmt, args ...any) {
	t.Helper()
	s.Reset()
	if err := s.Bind(args); err != nil {
		t.Fatal(err)
	}
	if row, err := s.Step(); !row || err != nil {
		t.Fatalf("no row (%v): %v", row, err)
	}
}

func code(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestValues(t *testing.T) {
	t.Parallel()
	c := open(t, uri(t))
	s := prepare(t, c, "select ?1, typeof(?1), length(?1)")
	for _, v := range []struct {
		arg   any
		kind  string
		int   int64
		float float64
		text  string
	}{
		{nil, "null", 0, 0, ""},
		{int64(0), "integer", 0, 0, "0"},
		{int64(math.MinInt64), "integer", math.MinInt64, math.MinInt64, "-9223372036854775808"},
		{int64(math.MaxInt64), "integer", math.MaxInt64, math.MaxInt64, "9223372036854775807"},
		{1.5, "real", 1, 1.5, "1.5"},
		{true, "integer", 1, 1, "1"},
		{false, "integer", 0, 0, "0"},
		{"", "text", 0, 0, ""},
		{"12 Äpfel", "text", 12, 12, "12 Äpfel"},
		{"a\x00b", "text", 0, 0, "a\x00b"},
		{"\xff\xfe", "text", 0, 0, "\xff\xfe"},
		{[]byte(nil), "blob", 0, 0, ""},
		{[]byte{}, "blob", 0, 0, ""},
		{[]byte{0, 1, 255}, "blob", 0, 0, "\x00\x01\xff"},
		{strings.Repeat("ö", 3<<20), "text", 0, 0, strings.Repeat("ö", 3<<20)},
	} {
		first(t, s, v.arg)
		if s.Text(1) != v.kind || s.Null(0) != (v.arg == nil) {
			t.Errorf("%.20q came out as %s, null: %v", v.arg, s.Text(1), s.Null(0))
		}
		if v.kind != "blob" && s.Int(0) != v.int || v.kind != "blob" && s.Float(0) != v.float {
			t.Errorf("%.20q is %d and %f", v.arg, s.Int(0), s.Float(0))
		}
		first(t, s, v.arg) // what was read as a number must come out as it went in
		if got := s.Text(0); got != v.text {
			t.Errorf("%.20q is the text %.20q", v.arg, got)
		}
		if got := s.Bytes(0); string(got) != v.text || (got == nil) != (v.text == "") {
			t.Errorf("%.20q are the bytes %.20q", v.arg, got)
		}
	}
}

// What was bound must not change with what is bound next, and nothing that was
// read with what is read next.
func TestCopies(t *testing.T) {
	t.Parallel()
	c := open(t, uri(t))
	if err := c.Exec("create table t (a text, b blob)"); err != nil {
		t.Fatal(err)
	}
	add := prepare(t, c, "insert into t values (?1, ?2) returning a, b")
	blob := []byte("one")
	first(t, add, "one", blob)
	copy(blob, "xxx")
	text, own := add.Text(0), add.Bytes(1)
	first(t, add, strings.Repeat("two", 1<<16), []byte("two"))
	if text != "one" || string(own) != "one" {
		t.Errorf("the first row is now %q, %q", text, own)
	}
	add.Reset()
	all := prepare(t, c, "select a, b from t order by rowid")
	for _, want := range []string{"one", "two"} {
		if row, err := all.Step(); !row || err != nil || all.Text(0)[:3] != want || !bytes.Equal(all.View(1), []byte(want)) {
			t.Errorf("row %q: %v, %v", want, row, err)
		}
	}
	if c.Inserted() != 2 || c.Changed() != 1 {
		t.Errorf("inserted %d, changed %d", c.Inserted(), c.Changed())
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	name := uri(t)
	c := open(t, name)
	if err := c.Exec("create table t (a text not null unique, n integer check (n > 0)) strict"); err != nil {
		t.Fatal(err)
	}
	exec(t, c, "insert into t values ('x', 1)")
	add := prepare(t, c, "insert into t values (?, ?)")
	for _, v := range []struct {
		args []any
		code int
		text string
	}{
		{[]any{"x", int64(1)}, sqlite3.SQLITE_CONSTRAINT_UNIQUE, "constraint failed: UNIQUE constraint failed: t.a (2067)"},
		{[]any{nil, int64(1)}, sqlite3.SQLITE_CONSTRAINT_NOTNULL, "t.a"},
		{[]any{"y", int64(0)}, sqlite3.SQLITE_CONSTRAINT_CHECK, "n > 0"},
		{[]any{"y", "z"}, sqlite3.SQLITE_CONSTRAINT_DATATYPE, "INTEGER column"},
		{[]any{"y"}, 0, "1 arguments for 2 parameters"},
		{[]any{"y", int32(1)}, 0, "argument 2"},
	} {
		add.Reset()
		err := add.Bind(v.args)
		if err == nil {
			_, err = add.Step()
		}
		if err == nil || code(err) != v.code || !strings.Contains(err.Error(), v.text) {
			t.Errorf("%v gave %v (%d)", v.args, err, code(err))
		}
	}
	first(t, prepare(t, c, "select count(*) from t where ? is null"), nil)
	for q, want := range map[string]string{
		"selec 1":                  "syntax error",
		"select 1; select 2":       "more than one statement",
		"select 1\x00":             "zero byte",
		" -- nothing":              "no statement",
		`select "no name"`:         "no such column",
		"pragma writable_schema=1": "",
	} {
		s, err := c.Prepare(q)
		if err == nil {
			s.Close()
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q gave %v", q, err)
		}
	}
	if _, err := Open(name + "/none/b.db"); code(err)&0xff != sqlite3.SQLITE_CANTOPEN {
		t.Errorf("a path that is none gave %v", err)
	}
	reader := open(t, name+"?mode=ro")
	if err := reader.Exec("insert into t values ('r', 1)"); code(err)&0xff != sqlite3.SQLITE_READONLY {
		t.Errorf("a reader's insert gave %v", err)
	}
	other := open(t, name)
	if err := errors.Join(c.Exec("begin immediate"), other.Exec("pragma busy_timeout(1)")); err != nil {
		t.Fatal(err)
	}
	if err := other.Exec("begin immediate"); code(err) != sqlite3.SQLITE_BUSY {
		t.Errorf("a second writer got %v", err)
	}
	if err := c.Exec("rollback"); err != nil {
		t.Error(err)
	}
}

func TestCloseTellsOfStatements(t *testing.T) {
	t.Parallel()
	c, err := Open(uri(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Prepare("select 1")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); code(err) != sqlite3.SQLITE_BUSY {
		t.Errorf("got %v", err)
	}
	s.Close()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

const endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n"

func TestWatch(t *testing.T) {
	t.Parallel()
	c := open(t, uri(t))
	long, short := prepare(t, c, endless), prepare(t, c, "select 1")
	for _, wait := range []time.Duration{0, time.Microsecond, 20 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		stop := c.Watch(ctx)
		_, err := long.Step()
		if code(err) != sqlite3.SQLITE_INTERRUPT {
			t.Errorf("after %v: %v", wait, err)
		}
		long.Reset()
		stop()
		first(t, short) // what comes after is not interrupted
		cancel()
		first(t, short)
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add("", []byte{}, int64(0), 0.0)
	f.Add("a\x00ö", []byte{0}, int64(-1), math.Inf(1))
	f.Add(strings.Repeat("x", 300), []byte("\xff"), int64(1)<<53+1, math.Copysign(0, -1))
	c := open(f, uri(f))
	if err := c.Exec("create table t (a text, b blob, c integer, d real) strict"); err != nil {
		f.Fatal(err)
	}
	add := prepare(f, c, "insert into t values (?4, ?3, ?2, ?1) returning a, b, c, d")
	f.Fuzz(func(t *testing.T, text string, blob []byte, n int64, x float64) {
		first(t, add, x, n, blob, text)
		if add.Text(0) != text || !bytes.Equal(add.Bytes(1), blob) || add.Int(2) != n || add.Float(3) != x && !(math.IsNaN(x) && add.Null(3)) {
			t.Errorf("%q, %q, %d, %g came out as %q, %q, %d, %g", text, blob, n, x, add.Text(0), add.Bytes(1), add.Int(2), add.Float(3))
		}
		add.Reset()
		if err := c.Exec("delete from t"); err != nil {
			t.Fatal(err)
		}
	})
}
