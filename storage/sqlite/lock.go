package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// folderLock keeps a second process out of the data folder. The operating
// system drops it when the process ends, however it ends. It is a file of its
// own: opening the database file itself would drop SQLite's locks.
type folderLock struct{ file *os.File }

func lockFolder(dir string) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "parley.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	taken, err := tryLock(f)
	switch {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("storage: lock %s: %w", dir, err), f.Close())
	case !taken:
		return nil, errors.Join(inUse(dir, f), f.Close())
	}
	l := &folderLock{file: f}
	if err := l.sign(); err != nil {
		return nil, errors.Join(fmt.Errorf("storage: lock %s: %w", dir, err), f.Close())
	}
	return l, nil
}

// sign writes who holds the lock, for the message that the next one gets.
func (l *folderLock) sign() error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func inUse(dir string, f *os.File) error {
	who := "another process"
	if b, err := io.ReadAll(io.LimitReader(f, 32)); err == nil {
		if _, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil {
			who = "process " + strings.TrimSpace(string(b))
		}
	}
	return engine.Errorf(engine.Unavailable, "%s uses the data folder %s", who, dir)
}

func (l *folderLock) release() error { return l.file.Close() }

// lockPause is how long LockFile waits between two tries.
const lockPause = 20 * time.Millisecond

// LockFile waits until no other process holds the lock that the file stands
// for, and gives what releases it. The file stays.
func LockFile(ctx context.Context, name string) (unlock func() error, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		taken, err := tryLock(f)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if taken {
			return f.Close, nil
		}
		if !engine.Sleep(ctx, lockPause) {
			return nil, errors.Join(ctx.Err(), f.Close())
		}
	}
}
