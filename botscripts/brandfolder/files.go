package brandfolder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a folder.
const (
	maxFiles     = 500
	maxLua       = 64 << 10
	maxFile      = 1 << 20
	maxBrandYAML = 64 << 10
	maxIntents   = 128 << 10 // the YAML parser is slow on hostile files
)

// folder is what was read of a brand's folder, by path.
type folder struct {
	files    map[string]string
	problems []Problem
	full     bool
}

func (f *folder) problem(name, format string, args ...any) {
	f.problems = append(f.problems, Problem{name, 1, fmt.Sprintf(format, args...)})
}

// readFolder reads the files that mean something and leaves all others alone.
func readFolder(fsys fs.FS) *folder {
	f := &folder{files: map[string]string{}}
	f.read(fsys, "brand.yaml", maxBrandYAML)
	if _, err := fs.Lstat(fsys, "intents.yaml"); !errors.Is(err, fs.ErrNotExist) {
		f.read(fsys, "intents.yaml", maxIntents)
	}
	f.walk(fsys, "bots", ".lua", maxLua)
	f.walk(fsys, "lib", ".lua", maxLua)
	f.walk(fsys, "faq", ".md", maxFile)
	f.walk(fsys, "tests", ".chat", maxFile)
	return f
}

func (f *folder) walk(fsys fs.FS, dir, ext string, limit int) {
	if info, err := fs.Lstat(fsys, dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		f.problem(dir, "this is a symbolic link; put the files themselves here")
		return
	}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == dir:
			return fs.SkipAll
		case err != nil:
			f.problem(name, "this cannot be read: %s", reason(err))
			return nil
		case strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case path.Ext(name) != ext:
			return nil
		case dir == "bots" && path.Dir(name) != "bots":
			f.problem(name, "bots are directly in bots/; modules that they share are in lib/")
			return nil
		}
		f.read(fsys, name, limit)
		if f.full {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		f.problem(dir, "this cannot be read: %s", reason(err))
	}
}

func (f *folder) read(fsys fs.FS, name string, limit int) {
	if len(f.files) == maxFiles {
		f.problem(name, "a brand has at most %d files", maxFiles)
		f.full = true
		return
	}
	info, err := fs.Lstat(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.problem(name, "this file is missing")
		return
	case err != nil:
		f.problem(name, "this cannot be read: %s", reason(err))
		return
	case info.Mode()&fs.ModeSymlink != 0:
		f.problem(name, "this is a symbolic link; put the file itself here")
		return
	case !info.Mode().IsRegular():
		f.problem(name, "this is not a file")
		return
	}
	data, err := readAtMost(fsys, name, limit)
	switch {
	case err != nil:
		f.problem(name, "this cannot be read: %s", reason(err))
	case len(data) > limit:
		f.problem(name, "this file is larger than %d KiB", limit>>10)
	case !utf8.Valid(data) || slices.Contains(data, 0):
		f.problem(name, "this file is not UTF-8 text")
	default:
		f.files[name] = string(data)
	}
}

// readAtMost reads one byte more than the limit when there is one.
func readAtMost(fsys fs.FS, name string, limit int) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, int64(limit)+1))
}

// reason is an error without the path, which the problem names already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// bundleFiles are those that a bot runs on.
func bundleFiles(files map[string]string) map[string]string {
	out := maps.Clone(files)
	maps.DeleteFunc(out, func(name, _ string) bool {
		return name == "brand.yaml" || strings.HasPrefix(name, "tests/")
	})
	return out
}

// Hash addresses bundle files by their content: the hex SHA-256 over paths and
// contents in the order of paths, each with its length (8 bytes, big endian)
// before it, so that no two sets of files run into the same bytes.
func Hash(files map[string]string) string {
	h := sha256.New()
	part := func(s string) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		io.WriteString(h, s)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		part(name)
		part(files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}
