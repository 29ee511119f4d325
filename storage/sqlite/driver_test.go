package sqlite

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine"
	"parley/storage/relational"
)

func rawConn(t *testing.T, from source) *conn {
	t.Helper()
	c, err := connect(from, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// SQLite would bind $2 first, because it comes first; PostgreSQL takes the
// numbers as positions, and the queries rely on it.
func TestPlaceholderOrder(t *testing.T) {
	t.Parallel()
	c := rawConn(t, writerSource(filepath.Join(t.TempDir(), "a.db")))
	got, err := relational.One(c.Query("select $2, $1, $2", "one", "two"), "row", func(v *[3]string, to []any) []any { return append(to, &v[0], &v[1], &v[2]) })
	if err != nil || got != [3]string{"two", "one", "two"} {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestQueryText(t *testing.T) {
	t.Parallel()
	for q, want := range map[string]string{
		"select 1":          "select 1",
		"a = $1 and b = $2": "a = ?1 and b = ?2",
		"a = $2 and b = $1": "a = ?2 and b = ?1",
		"$10":               "?10",
		"$":                 "$",
		"'$.x'":             "'$.x'",
	} {
		if got := numbered(q); got != want {
			t.Errorf("%q became %q, want %q", q, got, want)
		}
	}
}

// explain gives the steps of a query's plan; its parameters have no values.
func explain(c *conn, q string) (plan []string, err error) {
	s, err := c.raw.Prepare("explain query plan " + numbered(q))
	if err != nil {
		return nil, err
	}
	defer s.Close()
	row, err := s.Step()
	for ; row; row, err = s.Step() {
		plan = append(plan, s.Text(3))
	}
	return plan, err
}

func TestPragmas(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	w, r := rawConn(t, writerSource(path)), rawConn(t, readerSource(path))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
		got, err := relational.All(w.Query("select cast("+pragma+" as text) from pragma_"+pragma), relational.Itself[string])
		if pragma == "busy_timeout" {
			got, err = relational.All(w.Query("select cast(timeout as text) from pragma_busy_timeout"), relational.Itself[string])
		}
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v (%v), want %s", pragma, got, err, want)
		}
	}
	if _, err := r.Exec("create table t (a text)"); engine.CodeOf(err) != engine.Internal {
		t.Errorf("a reading connection wrote: %v", err)
	}
}

// The driver is generated for one version of libc and breaks with others.
func TestLibcIsTheDrivers(t *testing.T) {
	t.Parallel()
	list := func(args ...string) string {
		out, err := exec.Command("go", append([]string{"list", "-m"}, args...)...).Output()
		if err != nil {
			t.Fatalf("go list -m %v: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	ours := list("-f", "{{.Version}}", "modernc.org/libc")
	edit := exec.Command("go", "mod", "edit", "-print", list("-f", "{{.GoMod}}", "modernc.org/sqlite"))
	out, err := edit.Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := "modernc.org/libc " + ours + "\n"; !strings.Contains(string(out), want) {
		t.Errorf("we use libc %s, the driver's go.mod says\n%s", ours, out)
	}
}

// TestBrokenTransaction: a statement that is wrong fails alone, one that may
// have ended the transaction fails its batch, and the writer goes on.
func TestBrokenTransaction(t *testing.T) {
	t.Parallel()
	db, err := Open(context.Background(), Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	add := func(id string) error {
		return db.Update(context.Background(), func(t engine.Tx) error { return t.Timers().Add(engine.Timer{ID: id}) })
	}
	err = db.Update(context.Background(), func(t engine.Tx) error {
		_, err := t.(tx).c.Exec("insert into timers (id) values ($1)", "x")
		return err
	})
	if engine.CodeOf(err) != engine.Internal {
		t.Errorf("a wrong statement gave %v", err)
	}
	if err := add("a"); err != nil {
		t.Errorf("after a wrong statement: %v", err)
	}
	err = db.Update(context.Background(), func(t engine.Tx) error {
		if err := t.Timers().Add(engine.Timer{ID: "b"}); err != nil {
			return err
		}
		// What SQLite does by itself when the disk is full.
		if err := t.(tx).c.control("rollback"); err != nil {
			return err
		}
		return nil
	})
	if engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("a lost transaction gave %v", err)
	}
	if err := add("c"); err != nil {
		t.Errorf("after a lost transaction: %v", err)
	}
	var n int64
	err = db.View(context.Background(), func(t engine.Tx) (err error) {
		n, err = t.(tx).c.Number("select count(*) from timers where id in ('a', 'b', 'c')")
		return err
	})
	if err != nil || n != 2 {
		t.Errorf("%d of the 2 good timers are there: %v", n, err)
	}
}
