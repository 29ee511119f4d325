package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// notReady expects a reason.
func notReady(t *testing.T, err error, why string) {
	t.Helper()
	if engine.CodeOf(err) != engine.Unavailable || !strings.Contains(engine.MessageOf(err), why) {
		t.Errorf("got %v, want %q", err, why)
	}
	if strings.Contains(engine.MessageOf(err), "parley.db") {
		t.Errorf("the reason tells a path: %v", err)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	outside := func(t *testing.T, dir, q string) {
		t.Helper()
		db, err := sql.Open("sqlite", filepath.Join(dir, "parley.db"))
		if err == nil {
			_, err = db.Exec(q)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		harm func(t *testing.T, dir string)
		why  string
	}{
		"gone": {func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, "parley.db"), filepath.Join(dir, "moved.db")); err != nil {
				t.Fatal(err)
			}
		}, "gone"},
		"replaced": {func(t *testing.T, dir string) {
			path := filepath.Join(dir, "parley.db")
			b, err := os.ReadFile(path)
			if err := errors.Join(err, os.Rename(path, path+".old"), os.WriteFile(path, b, 0o600)); err != nil {
				t.Fatal(err)
			}
		}, "replaced"},
		"a missing table": {func(t *testing.T, dir string) { outside(t, dir, `drop table timers`) }, `"timers"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := openDir(t, dir)
			if err := db.Ready(ctx); err != nil {
				t.Fatal(err)
			}
			c.harm(t, dir)
			notReady(t, db.Ready(ctx), c.why)
		})
	}
}

// TestReadyWithALockHeld by another program: it tells in time, and is ready again
// when the lock is free.
func TestReadyWithALockHeld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := openDir(t, dir)
	other, err := sql.Open("sqlite", filepath.Join(dir, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec(`begin immediate`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	notReady(t, db.Ready(ctx), "lock")
	if _, err := other.Exec(`rollback`); err != nil {
		t.Fatal(err)
	}
	if err := db.Ready(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestReadyAsksNoReader of the store: they may all be at work.
func TestReadyAsksNoReader(t *testing.T) {
	t.Parallel()
	db := openDir(t, t.TempDir())
	var hold func(n int) error
	hold = func(n int) error {
		if n == 0 {
			return db.Ready(context.Background())
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err := db.View(ctx, func(engine.Tx) error { return hold(n - 1) })
		if errors.Is(err, context.DeadlineExceeded) { // all are held
			return db.Ready(context.Background())
		}
		return err
	}
	if err := hold(5); err != nil {
		t.Error(err)
	}
}

// TestReadyOnAFullDisk needs a disk of its own.
func TestReadyOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("only root mounts a small disk: %s", out)
	}
	defer func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}()
	db := openDir(t, dir)
	if err := db.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	filler, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	if err := filler.Close(); err != nil {
		t.Fatal(err)
	}
	notReady(t, db.Ready(context.Background()), "disk is full")
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	if err := db.Ready(context.Background()); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
