package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine"
	"parley/storage/sqlite"
)

func openReadOnly(t *testing.T, dir string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.OpenReadOnly(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// TestReadOnlyBesideAWriter reads while the folder is served, and sees whole
// updates only.
func TestReadOnlyBesideAWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := openDir(t, dir)
	if err := addTimer(db, "first"); err != nil {
		t.Fatal(err)
	}
	read := openReadOnly(t, dir)
	written := make(chan error, 1)
	go func() {
		var err error
		for n := 0; n < 300 && err == nil; n++ {
			err = addTimer(db, fmt.Sprint(n))
		}
		written <- err
	}()
	for busy := true; busy; {
		select {
		case err := <-written:
			if err != nil {
				t.Fatal(err)
			}
			busy = false
		default:
		}
		for id, n := range stored(t, read) {
			if n != 2 {
				t.Fatalf("%s is seen by half", id)
			}
		}
	}
	if got := stored(t, read); len(got) != 301 {
		t.Errorf("it sees %d of 301", len(got))
	}
	if err := addTimer(read, "no"); engine.CodeOf(err) != engine.Unavailable || !strings.Contains(err.Error(), "reading only") {
		t.Errorf("writing gave %v", err)
	}
	err := read.View(context.Background(), func(tx engine.Tx) error { return tx.Timers().Remove("first") })
	if err == nil {
		t.Error("a view wrote")
	}
	if err := addTimer(db, "last"); err != nil {
		t.Errorf("the writer is disturbed: %v", err)
	}
}

// TestReadOnlyOfAnotherProcess reads beside a child, and after somebody killed it.
func TestReadOnlyOfAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$", "-test.v")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acked string
	for lines, ok := bufio.NewScanner(out), false; !ok && lines.Scan(); {
		acked, ok = strings.CutPrefix(lines.Text(), "ack ")
	}
	drained := make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, out); drained <- err }() // the child must not wait for us
	read := openReadOnly(t, dir)
	if got := stored(t, read); got[acked] != 2 {
		t.Errorf("%d of 2 rows of %s are seen", got[acked], acked)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-drained; err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the child ended by relational.Itself")
	}
	if got := stored(t, openReadOnly(t, dir)); got[acked] != 2 {
		t.Errorf("after the kill %d of 2 rows of %s are seen", got[acked], acked)
	}
	if err := addTimer(openDir(t, dir), "after"); err != nil {
		t.Errorf("it cannot be served beside a reader: %v", err)
	}
	if got := stored(t, read); got["after"] != 2 {
		t.Error("the reader does not see what the next process wrote")
	}
}

func TestReadOnlyRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		make func(t *testing.T, path string)
		want string
		code engine.Code
	}{
		"no folder": {func(t *testing.T, path string) {}, "holds no data", engine.NotFound},
		"no database": {func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "not a database of parley", engine.Unavailable},
		"older":      {func(t *testing.T, path string) { setVersion(t, path, 0) }, "has version 0, this parley reads version 1", engine.Unavailable},
		"unreleased": {func(t *testing.T, path string) { change(t, path, `pragma user_version = 7`) }, "from before the first release", engine.Unavailable},
		"newer":      {func(t *testing.T, path string) { setVersion(t, path, 99) }, "use a newer parley", engine.Unavailable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			tt.make(t, filepath.Join(dir, "parley.db"))
			db, err := sqlite.OpenReadOnly(context.Background(), dir)
			if err == nil {
				t.Fatal("it opened", db.Close())
			}
			if engine.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("gave %v, want %q", err, tt.want)
			}
		})
	}
}

func setVersion(t *testing.T, path string, version int) {
	t.Helper()
	change(t, path, fmt.Sprintf(`update goose_db_version set version_id = %d where version_id > 0`, version))
}

// change makes a database and runs a statement on it.
func change(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: filepath.Dir(path)})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(statement); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
}
