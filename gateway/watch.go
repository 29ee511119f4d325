package gateway

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"parley/engine"
)

// settle is how long a folder must be quiet before it is read: editors write
// in several steps.
const settle = 150 * time.Millisecond

// watch pushes the brand folder again after each change. A folder with
// problems changes nothing: the version before stays active.
func (a *App) watch(ctx context.Context) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching: %w", err)
	}
	defer w.Close()
	dir := a.opt.Config.Brand
	if err := watchAll(w, dir); err != nil {
		return fmt.Errorf("watching %s: %w", dir, err)
	}
	quiet := time.NewTimer(settle)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-w.Events:
			if !ok {
				return nil
			}
			quiet.Reset(settle)
		case err := <-w.Errors:
			a.log.Warn("watching the brand folder", "error", err)
		case <-quiet.C:
			_ = watchAll(w, dir) // folders that are new; one that is gone shows below
			a.reload(ctx, dir)
		}
	}
}

func (a *App) reload(ctx context.Context, dir string) {
	err := a.push(ctx, dir)
	var p Problems
	switch {
	case errors.As(err, &p):
		p.Print(a.opt.Out)
		fmt.Fprintf(a.opt.Out, "%s; the version before stays active.\n", p)
	case err != nil && ctx.Err() == nil:
		a.log.Error("loading the brand folder", "error", engine.MessageOf(err), "cause", err)
	}
}

func watchAll(w *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return w.Add(path)
	})
}
