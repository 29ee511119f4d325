package gateway_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parley/connectors"
)

// TestKindsAreKnownAtHomeAlone holds that a connector is its folder and one line: nobody else names its kind or imports
// its package, but the gateway's room of the same name, which serves one that parley serves itself.
func TestKindsAreKnownAtHomeAlone(t *testing.T) {
	t.Parallel()
	var names []string
	for _, spec := range connectors.Kinds() {
		names = append(names, regexp.QuoteMeta(string(spec.Kind)))
	}
	one := "(" + strings.Join(names, "|") + ")"
	named := regexp.MustCompile(`^\s*` + one + `\s*$|\bkind: ` + one + `\b`)
	quoted := regexp.MustCompile("['\"`]" + one + "['\"`]")
	home := regexp.MustCompile(`(^|/)(connectors/(fakes|` + one[1:] + `|botscripts/(cookbook|example)|node_modules|dist|e2e|fake|testdata|\.[a-z]+|[a-z]+test)/`)
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		rel := strings.TrimPrefix(filepath.ToSlash(path), "../")
		if err != nil || d.IsDir() {
			if err == nil && home.MatchString(rel+"/") {
				return fs.SkipDir
			}
			return err
		}
		switch ext := filepath.Ext(path); {
		case strings.HasSuffix(path, "_test.go"), strings.Contains(path, ".test."):
		case ext == ".go":
			seen++
			for _, text := range literals(t, path) {
				if named.MatchString(text) {
					t.Errorf("%s names a kind of channel: %q", rel, text)
				}
			}
		case ext == ".ts", ext == ".tsx":
			seen++
			raw, err := os.ReadFile(path)
			if found := quoted.Find(raw); found != nil {
				t.Errorf("%s names a kind of channel: %s", rel, found)
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 500 {
		t.Errorf("only %d files were looked at", seen)
	}
	for path, p := range packages(t) {
		for _, spec := range connectors.Kinds() {
			for _, imp := range p.Imports {
				if imp == module+"/connectors/"+string(spec.Kind) && !within(path, "connectors", "gateway/"+string(spec.Kind)) {
					t.Errorf("%s imports the connector %s", path, spec.Kind)
				}
			}
		}
	}
}

// literals are the texts in a Go file.
func literals(t *testing.T, path string) (out []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				out = append(out, text)
			}
		}
		return true
	})
	return out
}
