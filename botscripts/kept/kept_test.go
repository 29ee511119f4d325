package kept

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestDir(t *testing.T) {
	t.Parallel()
	d := In(filepath.Join(t.TempDir(), "a", "b"))
	if d.Load("x") != nil {
		t.Error("there is something in a folder that does not exist")
	}
	if err := d.Save("x", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := d.Save("x", []byte("two")); err != nil {
		t.Fatal(err)
	}
	if got := d.Load("x"); string(got) != "two" {
		t.Errorf("got %q", got)
	}
	if left, _ := filepath.Glob(filepath.Join(d.path, "*.tmp")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	var none Dir
	if err := none.Save("x", []byte("one")); err != nil || none.Load("x") != nil {
		t.Errorf("no folder: %v", err)
	}
}

func TestUnusable(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := In(file)
	if err := d.Save("x", []byte("one")); err == nil || d.Load("x") != nil {
		t.Errorf("kept in a file: %v", err)
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	d := In(t.TempDir())
	d.maximum = 25
	old := time.Now().Add(-2 * abandoned)
	if err := os.WriteFile(filepath.Join(d.path, "x.1.tmp"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Chtimes(filepath.Join(d.path, "x.1.tmp"), old, old)
	for i, name := range []string{"a", "b"} {
		if err := d.Save(name, bytes.Repeat([]byte("x"), 10)); err != nil {
			t.Fatal(err)
		}
		at := old.Add(time.Duration(i) * time.Second)
		_ = os.Chtimes(filepath.Join(d.path, name+suffix), at, at)
	}
	d.Load("a") // used since
	if err := d.Save("c", bytes.Repeat([]byte("x"), 10)); err != nil {
		t.Fatal(err)
	}
	if d.Load("a") == nil || d.Load("b") != nil || d.Load("c") == nil {
		t.Error("what was used least lately stays")
	}
	if err := d.Save("d", bytes.Repeat([]byte("x"), 100)); err != nil {
		t.Fatal(err)
	}
	if d.Load("d") == nil {
		t.Error("the newest is gone")
	}
	if _, err := os.Stat(filepath.Join(d.path, "x.1.tmp")); err == nil {
		t.Error("what a dead process left is still there")
	}
}
