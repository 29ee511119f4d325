package connectors_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"parley/connectors"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func builtin() []engine.Connector {
	return connectors.Builtin(connectors.Config{HTTP: http.DefaultClient})
}

func TestBuiltinKindsAreTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[engine.ChannelKind]bool{}
	for _, conn := range builtin() {
		kind := conn.Spec().Kind
		if kind == "" || seen[kind] {
			t.Errorf("kind %q is empty or there twice", kind)
		}
		seen[kind] = true
	}
	for _, kind := range []engine.ChannelKind{"twilio", "webchat", "webhook"} {
		if !seen[kind] {
			t.Errorf("%s is not built in", kind)
		}
	}
}

// Every connector brings the tables that the harness runs, and every folder of
// a connector is in the list.
func TestBuiltinHaveCaseTables(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{"connectortest": true, "exchange": true, "graph": true, "fakes": true} // no connectors
	for _, conn := range builtin() {
		kind := string(conn.Spec().Kind)
		kinds[kind] = true
		calls := harnessCalls(t, kind)
		for _, name := range []string{"RunSpec", "RunInbound", "RunOutbound"} {
			if !calls[name] {
				t.Errorf("the tests in connectors/%s do not call connectortest.%s", kind, name)
			}
		}
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && !kinds[entry.Name()] {
			t.Errorf("connectors/%s is not in Builtin", entry.Name())
		}
	}
}

// harnessCalls are the harness's functions that the tests in a folder call.
func harnessCalls(t *testing.T, folder string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]bool{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range parsed.Decls {
			test, ok := declaration.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(test.Name.Name, "Test") {
				continue
			}
			ast.Inspect(test, func(n ast.Node) bool {
				if selector, ok := n.(*ast.SelectorExpr); ok {
					if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "connectortest" {
						calls[selector.Sel.Name] = true
					}
				}
				return true
			})
		}
	}
	return calls
}
