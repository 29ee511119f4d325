package gateway_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// block is one example of docs/where.md: a whole file, or lines to change in one.
type block struct{ kind, path, text string }

var fence = regexp.MustCompile("(?ms)^```(go|yaml|ts|tsx|diff) (\\S+)\n(.*?)^```$")

func blocks(t *testing.T) (all []block) {
	t.Helper()
	raw, err := os.ReadFile("../docs/where.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fence.FindAllStringSubmatch(string(raw), -1) {
		all = append(all, block{m[1], m[2], m[3]})
	}
	return all
}

// patched is a file with the lines of a diff changed, which stand in it once and in a row.
func patched(t *testing.T, path, text, diff string) string {
	t.Helper()
	var old, fresh []string
	for line := range strings.Lines(diff) {
		switch line[0] {
		case '+':
			fresh = append(fresh, line[1:])
		case '-':
			old = append(old, line[1:])
		default:
			old, fresh = append(old, line[1:]), append(fresh, line[1:])
		}
	}
	if n := strings.Count(text, strings.Join(old, "")); n != 1 {
		t.Fatalf("docs/where.md: these lines stand %d times in %s:\n%s", n, path, strings.Join(old, ""))
	}
	return strings.Replace(text, strings.Join(old, ""), strings.Join(fresh, ""), 1)
}

// TestWhereDoIPut follows the page to the letter: all its examples are put into the
// source at once, and it compiles.
func TestWhereDoIPut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles most of the program once more")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, b := range blocks(t) {
		if b.kind != "diff" {
			files[b.path] = b.text
			continue
		}
		if _, ok := files[b.path]; !ok {
			raw, err := os.ReadFile(filepath.Join(root, b.path))
			if err != nil {
				t.Fatal(err)
			}
			files[b.path] = string(raw)
		}
		files[b.path] = patched(t, b.path, files[b.path], b.text)
	}
	dir, replace := t.TempDir(), map[string]string{}
	var folders []string
	for path, text := range files {
		at := filepath.Join(dir, strings.ReplaceAll(path, "/", "_"))
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, path)] = at
		if folder := "./" + filepath.Dir(path); strings.HasSuffix(path, ".go") && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	if len(folders) < 10 {
		t.Fatalf("the page has examples in %v only", folders)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		append([]string{"build", "-overlay", list}, folders...),
		{"vet", "-overlay", list, "./storage/memory"}, // the example is a test
	} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
}
