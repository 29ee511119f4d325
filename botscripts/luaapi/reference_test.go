package luaapi_test

import (
	"flag"
	"maps"
	"os"
	"parley/botscripts/luaapi"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/sandbox"
)

var update = flag.Bool("update", false, "write docs/lua.md and the golden files")

func reference(t testing.TB) []luaapi.Page {
	t.Helper()
	pages, err := luaapi.Reference()
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// golden compares with a file, which -update writes.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", file, diff)
	}
}

func TestGenerated(t *testing.T) {
	t.Parallel()
	pages := reference(t)
	golden(t, filepath.Join("..", "..", "docs", "lua.md"), luaapi.Markdown(pages))
	raw, err := luaapi.JSON(pages)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("testdata", "lua.json"), string(raw))
	files := luaapi.Annotations(pages)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		golden(t, filepath.Join("testdata", "annotations", filepath.Base(name)), files[name])
	}
	if found, err := os.ReadDir(filepath.Join("testdata", "annotations")); err != nil || len(found) != len(files) {
		t.Errorf("there are %d files of annotations, want %d (%v)", len(found), len(files), err)
	}
}

// Every link inside the page leads to a heading of it.
func TestLinks(t *testing.T) {
	t.Parallel()
	page := luaapi.Markdown(reference(t))
	headings := map[string]int{}
	for line := range strings.SplitSeq(page, "\n") {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			headings[luaapi.Anchor(title)]++
		}
	}
	for _, part := range strings.Split(page, "](#")[1:] {
		name, _, _ := strings.Cut(part, ")")
		if headings[name] != 1 {
			t.Errorf("#%s leads to %d headings", name, headings[name])
		}
	}
}

func TestPagesAreStrict(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"name: x\nnonsense: 1\n",
		"name: x\nmembers:\n  - {name: x.y, sumary: z.}\n",
		"name: x\nname: y\n",
	} {
		if page, err := luaapi.ParsePage([]byte(raw)); err == nil {
			t.Errorf("%q gave %+v", raw, page)
		}
	}
	example := &luaapi.Example{Bot: "x.y()", Test: "> hi"}
	good := luaapi.Member{Name: "x.y", Summary: "Does it.", Example: example}
	for what, change := range map[string]func(*luaapi.Member){
		"is not a name":                 func(m *luaapi.Member) { m.Name = "x y" },
		"needs a summary":               func(m *luaapi.Member) { m.Summary = "Does it" },
		"needs an example":              func(m *luaapi.Member) { m.Example = nil },
		"does not occur in its example": func(m *luaapi.Member) { m.Name = "x.z" },
		"there is no type Nothing":      func(m *luaapi.Member) { m.Params = []luaapi.Value{{Name: "a", Type: "Nothing?", Doc: "b"}} },
		"needs a name, a type":          func(m *luaapi.Member) { m.Returns = []luaapi.Value{{Name: "a", Type: "any"}} },
		"takes nothing":                 func(m *luaapi.Member) { m.Field = "any"; m.Params = []luaapi.Value{{Name: "a", Type: "any", Doc: "b"}} },
	} {
		m := good
		change(&m)
		err := luaapi.Validate([]luaapi.Page{{Name: "x", Title: "X", Doc: "d", Members: []luaapi.Member{m}}})
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := luaapi.Validate([]luaapi.Page{{Name: "x", Title: "X", Doc: "d", Members: []luaapi.Member{good}}}); err != nil {
		t.Error(err)
	}
}

func TestLuaType(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]string{
		"string?":                    "string?",
		"(string|Choice)[]":          "(string|parley.Choice)[]",
		`"GET"|"POST"`:               `"GET"|"POST"`,
		"table<string, HttpOptions>": "table<string, parley.HttpOptions>",
	} {
		if got := luaapi.LuaType(typ); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
}

// The annotations are Lua that an editor can read.
func TestAnnotationsAreLua(t *testing.T) {
	t.Parallel()
	for name, source := range luaapi.Annotations(reference(t)) {
		if !strings.HasSuffix(name, ".lua") {
			continue
		}
		if _, err := sandbox.Compile(name, source); err != nil {
			t.Error(err)
		}
		if !strings.HasPrefix(source, "---@meta ") {
			t.Errorf("%s does not begin with ---@meta", name)
		}
	}
}
