package gateway_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"parley/botscripts/modules"
	"parley/engine"
)

const module = "parley"

// pkg is what `go list` tells about a package.
type pkg struct {
	ImportPath string
	Dir        string
	Doc        string
	Imports    []string
	Deps       []string
	GoFiles    []string
	Standard   bool
}

func packages(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,Doc,Imports,Deps,GoFiles,Standard", "./...")
	cmd.Dir = ".."
	var errs bytes.Buffer
	cmd.Stderr = &errs
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, errs.String())
	}
	all := map[string]pkg{}
	for dec := json.NewDecoder(bytes.NewReader(raw)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

// room is the top-level folder of a package of ours, "" for others.
func room(path string) string {
	rest, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

func within(path string, rooms ...string) bool {
	for _, r := range rooms {
		if path == module+"/"+r || strings.HasPrefix(path, module+"/"+r+"/") {
			return true
		}
	}
	return false
}

// TestLayers holds who may import whom.
func TestLayers(t *testing.T) {
	t.Parallel()
	may := map[string][]string{
		"engine":     {"engine"},
		"storage":    {"storage", "engine"},
		"botscripts": {"botscripts", "engine"},
		"connectors": {"connectors", "engine"},
		"gateway":    {"gateway", "connectors", "botscripts", "storage", "engine"},
	}
	owned := map[string]string{ // library → where alone it may be imported
		"github.com/labstack/echo/v4": "gateway",
		"github.com/yuin/gopher-lua":  "botscripts",
		"database/sql":                "storage",
		"modernc.org/sqlite":          "storage",
		"modernc.org/libc":            "storage",
		"github.com/jackc/pgx/v5":     "storage",
		"github.com/pressly/goose/v3": "storage",
		"github.com/twilio/twilio-go": "connectors",
		"github.com/nats-io":          "gateway",
	}
	found := map[string]bool{}
	for path, p := range packages(t) {
		r := room(path)
		if r == "" {
			continue
		}
		found[r] = true
		for _, imp := range p.Imports {
			if to := room(imp); to != "" && !within(imp, may[r]...) {
				t.Errorf("%s imports %s: %s may only use %v", path, imp, r, may[r])
			}
			for lib, owner := range owned {
				if (imp == lib || strings.HasPrefix(imp, lib+"/")) && r != owner {
					t.Errorf("%s imports %s, which belongs into %s", path, imp, owner)
				}
			}
			if path == module+"/engine" && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
				t.Errorf("the engine's root package imports %s: only the standard library is allowed", imp)
			}
		}
	}
	for r := range may {
		if !found[r] {
			t.Errorf("there is no folder %s", r)
		}
	}
}

func TestEveryPackageSaysItsPurpose(t *testing.T) {
	t.Parallel()
	for path, p := range packages(t) {
		if room(path) == "" || len(p.GoFiles) == 0 {
			continue
		}
		if p.Doc == "" {
			t.Errorf("%s has no package comment", path)
		}
		if _, err := os.Stat(filepath.Join(p.Dir, "doc.go")); err != nil {
			t.Errorf("%s has no doc.go", path)
		}
		switch filepath.Base(path) {
		case "util", "utils", "common", "helpers", "manager", "misc":
			t.Errorf("%s: the name says nothing", path)
		}
	}
}

// maxLines of a Go file. Generated code does not count.
const maxLines = 600

func TestFiles(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "parley-data") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, ".gen.go") {
			return nil
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		lines := 0
		for s := bufio.NewScanner(file); s.Scan(); lines++ {
		}
		if lines > maxLines {
			t.Errorf("%s has %d lines; at most %d", path, lines, maxLines)
		}
		checkFile(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkFile refuses init functions, package variables that are written, and
// sleeping tests.
func checkFile(t *testing.T, path string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			t.Errorf("%s: init()", set.Position(f.Pos()))
		}
	}
	if strings.HasSuffix(path, "_test.go") {
		for _, imp := range file.Imports {
			if imp.Path.Value == `"testing/synctest"` {
				return // there time is virtual, and sleeping costs nothing
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					t.Errorf("%s: a test sleeps", set.Position(n.Pos()))
				}
			}
			return true
		})
		return
	}
	vars := packageVars(file)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				if id := base(left); id != nil && n.Tok != token.DEFINE && vars[id.Name] && !shadowed(file, id) {
					t.Errorf("%s: writes the package variable %s", set.Position(n.Pos()), id.Name)
				}
			}
		case *ast.IncDecStmt:
			if id := base(n.X); id != nil && vars[id.Name] && !shadowed(file, id) {
				t.Errorf("%s: writes the package variable %s", set.Position(n.Pos()), id.Name)
			}
		}
		return true
	})
}

func packageVars(file *ast.File) map[string]bool {
	vars := map[string]bool{}
	for _, decl := range file.Decls {
		if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if name.Name != "_" {
						vars[name.Name] = true
					}
				}
			}
		}
	}
	return vars
}

func base(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// shadowed says whether a function around the identifier declares the name
// itself, so that the write does not reach the package variable.
func shadowed(file *ast.File, id *ast.Ident) bool {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || id.Pos() < f.Pos() || id.Pos() > f.End() {
			continue
		}
		found := false
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok == token.DEFINE {
					for _, left := range n.Lhs {
						if x, ok := left.(*ast.Ident); ok && x.Name == id.Name {
							found = true
						}
					}
				}
			case *ast.ValueSpec:
				for _, x := range n.Names {
					found = found || x.Name == id.Name
				}
			case *ast.Field:
				for _, x := range n.Names {
					found = found || x.Name == id.Name
				}
			case *ast.RangeStmt:
				for _, e := range []ast.Expr{n.Key, n.Value} {
					if x, ok := e.(*ast.Ident); ok && x.Name == id.Name {
						found = true
					}
				}
			}
			return true
		})
		return found
	}
	return false
}

// TestCallNames holds that the names of bots' host calls stand at home only:
// where the modules are, and in the engine's list of those that it reads.
func TestCallNames(t *testing.T) {
	t.Parallel()
	names := map[string]bool{engine.CallEscape: true}
	for _, m := range modules.All() {
		for _, e := range m.Exports {
			if name := m.Entry(e); e.Traits.Has(engine.TraitJournaled) && strings.Contains(name, ".") {
				names[name] = true
			}
		}
	}
	home := func(path string) bool {
		return path == "engine/journal.go" || strings.HasPrefix(path, "botscripts/modules/") || strings.HasPrefix(path, "botscripts/chat/")
	}
	found := 0
	for path, p := range packages(t) {
		if room(path) == "" {
			continue
		}
		for _, name := range p.GoFiles {
			file := strings.TrimPrefix(path, module+"/") + "/" + name
			set := token.NewFileSet()
			parsed, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(lit.Value)
				switch {
				case err != nil || !names[text]:
				case home(file):
					found++
				default:
					t.Errorf("%s: %s is the name of a host call; engine has constants for those that are read", set.Position(lit.Pos()), lit.Value)
				}
				return true
			})
		}
	}
	if found == 0 {
		t.Error("no name stands at home")
	}
}
