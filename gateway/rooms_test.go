package gateway_test

import (
	"slices"
	"strings"
	"testing"
)

// TestRoomsOfTheGateway holds which rooms only some others may know.
func TestRoomsOfTheGateway(t *testing.T) {
	t.Parallel()
	only := map[string][]string{ // room → who alone imports it
		"app":          {"bench", "command", "terminal"},
		"hooks":        {"app"},
		"natsbus":      {"app"},
		"rest":         {"app"},
		"rest/admin":   {"rest"},
		"rest/authors": {"rest"},
		"rest/desk":    {"rest"},
		"rest/live":    {"rest", "rest/admin", "rest/desk"},
		"terminal":     {"command"},
	}
	all := packages(t)
	for to, from := range only {
		if _, ok := all[module+"/gateway/"+to]; !ok {
			t.Errorf("there is no gateway/%s", to)
		}
		for path, p := range all {
			if slices.Contains(p.Imports, module+"/gateway/"+to) && !slices.Contains(from, strings.TrimPrefix(path, module+"/gateway/")) {
				t.Errorf("%s imports gateway/%s, which only %v may", path, to, from)
			}
		}
	}
}

// TestNATSStaysInItsRoom holds that one package speaks to NATS: for all others there
// is a bus.
func TestNATSStaysInItsRoom(t *testing.T) {
	t.Parallel()
	for path, p := range packages(t) {
		for _, imp := range p.Imports {
			if room(path) != "" && strings.HasPrefix(imp, "github.com/nats-io/") && path != module+"/gateway/natsbus" {
				t.Errorf("%s imports %s, which belongs into gateway/natsbus", path, imp)
			}
		}
	}
}

// TestNoTemplates keeps the engines of templates out: with one in use the linker
// keeps every exported method, and the program grows by a tenth.
func TestNoTemplates(t *testing.T) {
	t.Parallel()
	for path, p := range packages(t) {
		if room(path) != "" && (slices.Contains(p.Imports, "text/template") || slices.Contains(p.Imports, "html/template")) {
			t.Errorf("%s imports a template engine", path)
		}
	}
}
