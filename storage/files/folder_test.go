package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"parley/engine"
)

func one(brand, id string) engine.Blob { return engine.Blob{Brand: brand, ID: id} }

func open(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

func read(t *testing.T, f *Folder, b engine.Blob, part string) string {
	t.Helper()
	file, err := f.Open(context.Background(), b, part)
	if engine.CodeOf(err) == engine.NotFound {
		return "none"
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// names are those of all that lies in a folder.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFolder(t *testing.T) {
	t.Parallel()
	f, dir := open(t)
	ctx := context.Background()
	a, b, other := one("acme", "0190-aa"), one("acme", "0191-aa"), one("beta", "0190-aa")
	for _, p := range []struct {
		blob engine.Blob
		part string
	}{{a, ""}, {a, "preview"}, {b, ""}, {other, ""}} {
		n, err := f.Put(ctx, p.blob, p.part, strings.NewReader(p.blob.Brand+p.blob.ID+p.part))
		if want := int64(len(p.blob.Brand + p.blob.ID + p.part)); err != nil || n != want {
			t.Fatalf("put %d, %v; want %d", n, err, want)
		}
	}
	if _, err := f.Put(ctx, b, "", strings.NewReader("anew")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, f, b, "") + read(t, f, a, "preview") + read(t, f, b, "preview"); got != "anewacme0190-aapreviewnone" {
		t.Errorf("read %s", got)
	}
	for range 2 {
		if err := f.Remove(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, f, a, "") + read(t, f, a, "preview") + read(t, f, other, ""); got != "nonenonebeta0190-aa" {
		t.Errorf("after removing: %s", got)
	}
	if err := f.Remove(ctx, one("gamma", "0190-aa")); err != nil {
		t.Errorf("removing what never was: %v", err)
	}
	if left := names(t, dir); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
	info, err := os.Stat(names(t, dir)[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

// What breaks off leaves what was there before, and nothing else.
func TestPutBreaksOff(t *testing.T) {
	t.Parallel()
	f, dir := open(t)
	b := one("acme", "0190-aa")
	if _, err := f.Put(context.Background(), b, "", strings.NewReader("first")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	_, err := f.Put(context.Background(), b, "", io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("gave %v", err)
	}
	if got := read(t, f, b, ""); got != "first" || len(names(t, dir)) != 1 {
		t.Errorf("%q is left, in %v", got, names(t, dir))
	}
}

// No name leads out of the folder, or to another brand's.
func TestNames(t *testing.T) {
	t.Parallel()
	f, dir := open(t)
	for _, b := range []engine.Blob{one("", "0190"), one("acme", ""), one("acme", "a"), one("..", "0190"), one("acme", "../../x"), one("acme", "a/b"), one("a\\c", "0190"), one("acme", "0190\x00")} {
		if _, err := f.Put(context.Background(), b, "", strings.NewReader("x")); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("put %q of %q: %v", b.ID, b.Brand, err)
		}
		if _, err := f.Open(context.Background(), b, ""); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("open %q of %q: %v", b.ID, b.Brand, err)
		}
		if err := f.Remove(context.Background(), b); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("remove %q of %q: %v", b.ID, b.Brand, err)
		}
	}
	if _, err := f.Put(context.Background(), one("acme", "0190"), "../x", strings.NewReader("x")); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("put a part with a path: %v", err)
	}
	if left := names(t, dir); left != nil {
		t.Errorf("written: %v", left)
	}
}
