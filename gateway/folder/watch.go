package folder

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

const (
	// lookEvery is how often the brand folder is looked at. A change is loaded
	// when two looks in a row saw the same: editors write in several steps.
	lookEvery = 200 * time.Millisecond
	// maxLook bounds one look. A brand has at most 500 files.
	maxLook = 5000
)

// Watch pushes the brand folder again after each change. It compares what it
// sees with what was loaded, which also holds for folders that are deleted and
// come back, are links that move, or lie where the system reports no changes.
// A folder with problems changes nothing: the version before stays active.
// loaded is the folder's fingerprint before it was read for the first time.
func (l *Loader) Watch(ctx context.Context, dir, loaded string) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for before := loaded; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		now := Fingerprint(dir)
		if now == before && now != loaded {
			l.reload(ctx, dir)
			loaded = now
		}
		before = now
	}
}

func (l *Loader) reload(ctx context.Context, dir string) {
	err := l.Push(ctx, dir, false)
	var p Problems
	switch {
	case errors.As(err, &p):
		p.Print(l.Out)
		fmt.Fprintf(l.Out, "%s; the version before stays active.\n", p)
	case err != nil && ctx.Err() == nil:
		l.Log.Error("the brand folder was not loaded; the version before stays active", "error", err)
	}
}

// Fingerprint tells folders apart by the names, sizes and times of the files
// that make a brand. What cannot be read makes a fingerprint, too.
func Fingerprint(dir string) string {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "none"
	}
	defer root.Close()
	sum, seen := sha256.New(), 0
	for _, top := range []string{"brand.yaml", "intents.yaml", "bots", "lib", "faq", "i18n", "tests"} {
		_ = fs.WalkDir(root.FS(), top, func(name string, d fs.DirEntry, err error) error {
			if seen++; seen > maxLook {
				return fs.SkipAll
			}
			if err != nil {
				fmt.Fprintf(sum, "%q unreadable\n", name)
				return nil
			}
			if strings.HasPrefix(d.Name(), ".") {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			info, err := d.Info()
			if err != nil || d.IsDir() { // gone since, or only a place for files
				return nil
			}
			fmt.Fprintf(sum, "%q %d %d %v\n", name, info.Size(), info.ModTime().UnixNano(), info.Mode())
			return nil
		}) // the function gives no error
	}
	return string(sum.Sum(nil))
}
