package cookbook

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/connectors"
	"parley/storage/memory"
)

// secrets stands for the environment that the folders ask for.
func secrets(name string) (string, bool) { return "secret of " + name, true }

func load(t testing.TB, name string) brandfolder.Brand {
	t.Helper()
	dir, err := FS(name)
	if err != nil {
		t.Fatal(err)
	}
	brand, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: secrets}.Load(dir)
	for _, p := range problems {
		t.Errorf("%s/%s", name, p)
	}
	if t.Failed() {
		t.FailNow()
	}
	return brand
}

// Every bot is without problems, passes its tests, and they run nearly all of it.
func TestCookbook(t *testing.T) {
	t.Parallel()
	names := Names()
	if len(names) < 12 {
		t.Errorf("there are only %d folders", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			brand := load(t, name)
			for _, p := range chattest.NewRuntime(nil).Check(brand.Bundle) {
				t.Error(p)
			}
			report, err := chattest.Suite{Brand: brand, Store: memory.New, Cover: true, Workers: 1}.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range report.Problems {
				t.Error(p)
			}
			for _, r := range report.Results {
				if r.Failure != nil {
					t.Error(r.Failure)
				}
			}
			if t.Failed() {
				return
			}
			if len(report.Results) < 5 {
				t.Errorf("there are only %d tests", len(report.Results))
			}
			for _, f := range report.Cover {
				if f.Percent() <= 90 {
					t.Errorf("%s: %.0f %% of the lines ran, not %s", f.File, f.Percent(), f.Ranges())
				}
			}
		})
	}
}

// The documentation tells of each folder, and of no other.
func TestDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "cookbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, name := range Names() {
		if !strings.Contains(page, "](../botscripts/cookbook/"+name+")") {
			t.Errorf("docs/cookbook.md does not name %s", name)
		}
	}
	for _, part := range strings.Split(page, "](../botscripts/cookbook/")[1:] {
		name, _, _ := strings.Cut(part, ")")
		if _, err := FS(name); err != nil {
			t.Errorf("docs/cookbook.md: %v", err)
		}
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nothing", "", ".", "..", "doc.go", "testdata", "bank-balance/bots"} {
		if dir, err := FS(name); err == nil {
			t.Errorf("%q gave %v", name, dir)
		}
	}
}
