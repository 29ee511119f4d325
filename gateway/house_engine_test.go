package gateway_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// floors are the engine's packages from the ground up. A package imports what is
// on its floor or below.
var floors = [][]string{
	{"engine"},
	// What has no state of its own: texts, times, addresses.
	{"understanding", "hours", "smstext", "uri", "alias", "texts", "gist", "loop", "egress", "phone", "outreach"},
	// What the rules share.
	{"bus", "catalog", "notice", "agenda", "lease", "degrade", "setup"},
	{"conversation"},
	{"receipt"},
	// What is read from the log, and the versions of bots with their rooms.
	{"log", "versions", "learning"},
	// The workers, of which none knows another.
	{"dialog", "routing", "outbox", "timers", "followup", "attendance", "listen", "retention"},
	// What people and providers ask for.
	{"receive", "desk", "erasure"},
	{"simulate", "timetravel", "enginetest"},
}

const workers = 6

// TestFloors holds who may import whom inside the engine.
func TestFloors(t *testing.T) {
	t.Parallel()
	floor := func(path string) (int, string) {
		name := strings.TrimPrefix(path, module+"/engine/")
		name, _, _ = strings.Cut(name, "/")
		if path == module+"/engine" {
			name = "engine"
		}
		for i, names := range floors {
			for _, n := range names {
				if n == name {
					return i, name
				}
			}
		}
		return -1, name
	}
	for path, p := range packages(t) {
		if !within(path, "engine") {
			continue
		}
		at, name := floor(path)
		if at < 0 {
			t.Errorf("%s stands on no floor", path)
			continue
		}
		for _, imp := range p.Imports {
			if !within(imp, "engine") {
				continue
			}
			to, other := floor(imp)
			switch {
			case to > at:
				t.Errorf("%s imports %s, which stands above it", path, imp)
			case at == workers && to == workers && other != name:
				t.Errorf("the worker %s imports the worker %s", path, imp)
			}
		}
	}
}

// TestOneWriterOfConversations: only engine/conversation writes conversations, their
// inbox and the queue, and only stores' changes wake workers.
func TestOneWriterOfConversations(t *testing.T) {
	t.Parallel()
	written := map[string][]string{
		"Conversations": {"Add", "Save"},
		"Inbox":         {"Add", "Remove", "Clear"},
		"Queue":         {"Put", "Remove"},
	}
	for _, file := range sources(t, "engine", "gateway", "botscripts", "connectors") {
		if strings.HasPrefix(file.path, filepath.Join("..", "engine", "conversation")) {
			continue
		}
		ast.Inspect(file.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			facet, ok := method.X.(*ast.CallExpr)
			if !ok {
				return true
			}
			of, ok := facet.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			for _, name := range written[of.Sel.Name] {
				if name == method.Sel.Name {
					t.Errorf("%s: %s().%s belongs into engine/conversation", file.set.Position(n.Pos()), of.Sel.Name, name)
				}
			}
			return true
		})
	}
}

// source is a parsed file that ships.
type source struct {
	path string
	set  *token.FileSet
	ast  *ast.File
}

// sources parses the Go files below the rooms, without tests and generated ones.
func sources(t *testing.T, rooms ...string) (all []source) {
	t.Helper()
	for _, r := range rooms {
		err := filepath.WalkDir(filepath.Join("..", r), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "node_modules" {
				return fs.SkipDir
			}
			if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".gen.go") {
				return nil
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			all = append(all, source{path, set, file})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
