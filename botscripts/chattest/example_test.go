package chattest_test

import (
	"testing"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/botscripts/example"
	"parley/connectors"
	"parley/storage/memory"
)

// brand loads the bundled example with every variable set, so that all its
// channels are there.
func brand(t testing.TB) brandfolder.Brand {
	t.Helper()
	b, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: brandfolder.Assumed}.Load(example.FS())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return b
}

// TestExampleBrand runs the tests of the bundled brand, which cover its bot.
func TestExampleBrand(t *testing.T) {
	t.Parallel()
	r, err := chattest.Suite{Brand: brand(t), Store: memory.New, Cover: true}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
	for _, res := range r.Results {
		if res.Failure != nil {
			t.Error(res.Failure)
		}
	}
	if len(r.Results) < 15 {
		t.Errorf("%d tests", len(r.Results))
	}
	for _, f := range r.Cover {
		if f.Percent() < 90 {
			t.Errorf("%s: %.1f %% of %d lines, not %s", f.File, f.Percent(), f.Lines, f.Ranges())
		}
		t.Logf("%s: %.1f %% %s", f.File, f.Percent(), f.Ranges())
	}
}
