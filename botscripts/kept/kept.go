package kept

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Folder is the name of the folder within a data folder.
const Folder = "learned"

// maxBytes is how much a folder holds: what was used least lately goes.
const maxBytes = 1 << 30

const suffix = ".bin"

// Dir is a folder. The zero value keeps nothing. Several processes may use one.
type Dir struct {
	path    string
	maximum int64
}

// In is a folder that is made when something is first kept; "" is none.
func In(path string) Dir { return Dir{path: path, maximum: maxBytes} }

// OfUser is the folder of the user who runs a command, for what has no data folder; none where the user has none.
func OfUser() Dir {
	dir, err := os.UserCacheDir()
	if err != nil {
		return Dir{}
	}
	return In(filepath.Join(dir, "parley", Folder))
}

// Load gives what was kept under a name, nil when there is nothing.
func (d Dir) Load(name string) []byte {
	if d.path == "" {
		return nil
	}
	path := filepath.Join(d.path, name+suffix)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // a folder that cannot be written still serves
	return data
}

// Save keeps data under a name. A folder that cannot be written keeps nothing: it is made again next time.
func (d Dir) Save(name string, data []byte) error {
	if d.path == "" {
		return nil
	}
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(d.path, name+".*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // nothing when it was renamed
	_, err = file.Write(data)
	if err = cmp.Or(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), filepath.Join(d.path, name+suffix)); err != nil {
		return err
	}
	d.trim(name + suffix)
	return nil
}

// abandoned is how old a file must be that a process which died has left half written.
const abandoned = time.Hour

// trim removes what was used least lately until the rest fits, but not the newest.
func (d Dir) trim(newest string) {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return
	}
	type file struct {
		name string
		size int64
		used time.Time
	}
	var files []file
	total := int64(0)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if strings.HasSuffix(e.Name(), ".tmp") && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(d.path, e.Name()))
			continue
		}
		if !strings.HasSuffix(e.Name(), suffix) {
			continue
		}
		files = append(files, file{e.Name(), info.Size(), info.ModTime()})
		total += info.Size()
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.name, b.name)) })
	for _, f := range files {
		if total <= d.maximum {
			return
		}
		if f.name != newest && os.Remove(filepath.Join(d.path, f.name)) == nil {
			total -= f.size
		}
	}
}
