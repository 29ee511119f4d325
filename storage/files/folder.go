package files

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"parley/engine"
)

// Folder is an engine.Files in a folder of this machine, or one that machines share:
//
//	BRAND/XX/ID.PART
//
// with XX the id's last two characters, so that no folder grows without end.
type Folder struct{ dir string }

// Open makes the folder when it is missing.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Folder{dir}, nil
}

// nameForm is what ids, brands and parts are made of; what is made of dots alone is none.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$`)

// place is where a part lies. Invalid for a name that no path may have.
func (f *Folder) place(b engine.Blob, part string) (string, error) {
	if !nameForm.MatchString(b.Brand) || len(b.ID) < 2 || !nameForm.MatchString(b.ID) || part != "" && !nameForm.MatchString(part) {
		return "", engine.Errorf(engine.Invalid, "the file has an unusable name")
	}
	return filepath.Join(f.dir, b.Brand, b.ID[len(b.ID)-2:], b.ID+"."+part), nil
}

// Put writes beside the place, and moves it there when it is whole and on disk.
func (f *Folder) Put(_ context.Context, b engine.Blob, part string, from io.Reader) (n int64, err error) {
	path, err := f.place(b, part)
	if err != nil {
		return 0, err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, unavailable(err)
	}
	temp, err := os.CreateTemp(dir, "new-*~") // 0600
	if err != nil {
		return 0, unavailable(err)
	}
	defer func() {
		if err != nil {
			_, n = os.Remove(temp.Name()), 0 // what is left of it no name leads to
		}
	}()
	source := &reader{from: from}
	n, err = io.Copy(temp, source)
	if source.err != nil {
		_ = temp.Close()
		return 0, source.err
	}
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return 0, unavailable(err)
	}
	if err = os.Rename(temp.Name(), path); err != nil {
		return 0, unavailable(err)
	}
	return n, settle(dir)
}

// reader tells errors of what is read from those of what is written.
type reader struct {
	from io.Reader
	err  error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// settle has a folder's names on disk, where that can be done.
func settle(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return unavailable(err)
	}
	_ = d.Sync() // not every system can
	return d.Close()
}

func (f *Folder) Open(_ context.Context, b engine.Blob, part string) (engine.File, error) {
	path, err := f.place(b, part)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, engine.Errorf(engine.NotFound, "The file is not there.")
	case err != nil:
		return nil, unavailable(err)
	}
	return file, nil
}

func (f *Folder) Remove(_ context.Context, b engine.Blob) error {
	path, err := f.place(b, "")
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unavailable(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), b.ID+".") {
			if err := os.Remove(filepath.Join(filepath.Dir(path), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return unavailable(err)
			}
		}
	}
	return nil
}

func unavailable(err error) error {
	return engine.Errorf(engine.Unavailable, "The folder of files cannot be used.").Because(err)
}
