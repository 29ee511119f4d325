package sqlite_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"parley/engine"
	"parley/storage/sqlite"
)

var time0 = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// meddle changes a closed database behind the store's back.
func meddle(t *testing.T, dir, q string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(q)
	if err2 := db.Close(); err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
}

func closed(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir})
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDowngradeIsRefused(t *testing.T) {
	t.Parallel()
	dir := closed(t)
	meddle(t, dir, `insert into goose_db_version (version_id, is_applied) values (4711, 1)`)
	_, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "has version 4711, this parley knows versions up to 1") {
		t.Fatalf("a newer database gave %v", err)
	}
	meddle(t, dir, `delete from goose_db_version where version_id = 4711`) // and the lock is free
	openDir(t, dir)
}

// A database of a build before the first release has other tables under the same version.
func TestUnreleasedIsRefused(t *testing.T) {
	t.Parallel()
	dir := closed(t)
	meddle(t, dir, `pragma user_version = 0`)
	_, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir})
	if engine.CodeOf(err) != engine.Unavailable || !strings.Contains(err.Error(), "from before the first release") {
		t.Fatalf("it gave %v", err)
	}
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	if _, err := sqlite.Open(context.Background(), sqlite.Config{}); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("no folder gave %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(context.Background(), sqlite.Config{Dir: file}); err == nil {
		t.Error("a file serves as a folder")
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	db := openDir(t, t.TempDir())
	if err := addTimer(db, "before"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "parley.db")
	if err := db.Backup(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	if err := addTimer(db, "after"); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(context.Background(), path); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("a backup over a file gave %v", err)
	}
	if err := db.Backup(context.Background(), filepath.Join(dir, "none", "x.db")); err == nil {
		t.Error("a backup into a missing folder is no error")
	}
	restored := openDir(t, dir)
	if got := stored(t, restored); got["before"] != 2 || got["after"] != 0 {
		t.Errorf("the backup holds %v", got)
	}
	if err := restored.Integrity(context.Background()); err != nil {
		t.Error(err)
	}
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read the backup: %v %v", info.Mode(), err)
		}
	}
}

// A backup is there as a whole or not at all: one that a kill cut off is not taken for one.
func TestBackupIsWhole(t *testing.T) {
	t.Parallel()
	db := openDir(t, t.TempDir())
	dir := t.TempDir()
	path := filepath.Join(dir, "copy.db")
	done := make(chan error, 1)
	go func() { done <- db.Backup(context.Background(), path) }()
	first := int64(-1)
	for open := true; open; {
		if info, err := os.Stat(path); err == nil && first < 0 {
			first = info.Size()
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			open = false
		default:
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if first >= 0 && first != info.Size() {
		t.Errorf("it was there with %d of %d bytes", first, info.Size())
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := db.Backup(ended, filepath.Join(dir, "none.db")); err == nil {
		t.Error("a backup that was ended is no error")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("after one that was ended, left are %v, %v", left, err)
	}
}

func TestIntegrityFindsDamage(t *testing.T) {
	t.Parallel()
	dir := closed(t)
	meddle(t, dir, `insert into channels (id, brand, kind, name, address, bot, config, secrets) values ('x', 'nobody', '', '', '', '', '', '')`)
	db := openDir(t, dir)
	if err := db.Integrity(context.Background()); err == nil || !strings.Contains(err.Error(), "channels") {
		t.Errorf("an orphan gave %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Integrity(context.Background()); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("after Close: %v", err)
	}
}
