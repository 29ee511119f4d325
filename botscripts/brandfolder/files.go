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

	"parley/botscripts/intents"
)

// Limits of a folder.
const (
	maxFiles     = 2000
	maxTotal     = 16 << 20
	maxLua       = 64 << 10
	maxFile      = 1 << 20
	maxBrandYAML = 64 << 10
	maxYAML      = 128 << 10 // the YAML parser is slow on hostile files
)

// folder is what was read of a brand's folder, by path.
type folder struct {
	files    map[string]string
	problems []Problem
	full     bool
	total    int // bytes of all files
}

func (f *folder) problem(name, format string, args ...any) {
	f.problems = append(f.problems, Problem{File: name, Line: 1, Message: fmt.Sprintf(format, args...)})
}

// place is a folder of a brand, and what its files may be.
type place struct {
	dir, ext string
	limit    int
}

func places() []place {
	return []place{
		{"bots", ".lua", maxLua}, {"lib", ".lua", maxLua}, {"faq", ".md", maxFile},
		{"i18n", ".yaml", maxYAML}, {"tests", ".chat", maxFile},
	}
}

// readFolder reads the files that mean something and leaves all others alone.
func readFolder(fsys fs.FS) *folder {
	f := &folder{files: map[string]string{}}
	f.read(fsys, "brand.yaml", maxBrandYAML)
	if _, err := fs.Lstat(fsys, "intents.yaml"); !errors.Is(err, fs.ErrNotExist) {
		f.read(fsys, "intents.yaml", maxYAML)
	}
	if _, err := fs.Lstat(fsys, intents.CasesFile); !errors.Is(err, fs.ErrNotExist) {
		f.read(fsys, intents.CasesFile, maxYAML)
	}
	for _, p := range places() {
		f.walk(fsys, p.dir, p.ext, p.limit)
	}
	f.strays(fsys)
	return f
}

// takeFiles takes files that were read before. Those that a folder would not
// give are problems, because their sender meant something by them.
func takeFiles(files map[string]string) *folder {
	f := &folder{files: map[string]string{}}
	if _, ok := files["brand.yaml"]; !ok {
		f.problem("brand.yaml", "this file is missing")
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		limit := limitOf(name)
		switch {
		case limit == 0:
			f.problem(name, "this file does not belong to a brand")
		case strings.HasPrefix(name, "bots/") && path.Dir(name) != "bots":
			f.problem(name, botsAreDirectly)
		case f.room(name):
			f.take(name, files[name], limit)
		}
		if f.full {
			break
		}
	}
	return f
}

const botsAreDirectly = "bots are directly in bots/; modules that they share are in lib/"

// limitOf is how large the file may be, 0 when it does not belong to a brand.
func limitOf(name string) int {
	switch name {
	case "brand.yaml":
		return maxBrandYAML
	case "intents.yaml", intents.CasesFile:
		return maxYAML
	}
	dir, rest, _ := strings.Cut(name, "/")
	for _, p := range places() {
		if dir == p.dir && path.Ext(rest) == p.ext && fs.ValidPath(name) && !strings.Contains("/"+rest, "/.") {
			return p.limit
		}
	}
	return 0
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
			if name != intents.CasesFile && !isAside(d.Name()) {
				f.problem(name, "this file is not read: files in %s/ end with %s", dir, ext)
			}
			return nil
		case dir == "bots" && path.Dir(name) != "bots":
			f.problem(name, botsAreDirectly)
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
	if !f.room(name) {
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
	if err != nil {
		f.problem(name, "this cannot be read: %s", reason(err))
		return
	}
	f.take(name, string(data), limit)
}

// room tells whether one more file fits.
func (f *folder) room(name string) bool {
	switch {
	case f.full:
		return false
	case len(f.files) == maxFiles:
		f.problem(name, "a brand has at most %d files", maxFiles)
	case f.total > maxTotal:
		f.problem(name, "a brand has at most %d MiB of files", maxTotal>>20)
	default:
		return true
	}
	f.full = true
	return false
}

// take keeps the file when it is text of a fair size.
func (f *folder) take(name, text string, limit int) {
	text = strings.TrimPrefix(text, "\uFEFF") // editors on Windows begin files with it
	switch {
	case len(text) > limit:
		f.problem(name, "this file is larger than %d KiB", limit>>10)
	case strings.HasPrefix(text, "\xFF\xFE") || strings.HasPrefix(text, "\xFE\xFF"):
		f.problem(name, "this file is UTF-16; save it as UTF-8")
	case !utf8.ValidString(text) || strings.Contains(text, "\x00"):
		f.problem(name, "this file is not UTF-8 text")
	default:
		f.files[name] = text
		f.total += len(text)
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
