package chattest_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/connectors"
	"parley/engine"
	"parley/storage/memory"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sections reads "-- path --" sections.
func sections(text string) map[string]string {
	files, name := map[string]string{}, ""
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(rest, " --\n") {
			name = strings.TrimSuffix(rest, " --\n")
			continue
		}
		if name != "" {
			files[name] += line
		}
	}
	return files
}

// small is a brand of one script.
func small(files map[string]string) brandfolder.Brand {
	b := brandfolder.Brand{
		Kinds: connectors.Kinds(),
		Brand: engine.Brand{ID: "shop", Name: "Shop", Settings: engine.BrandSettings{
			TimeZone: "Europe/Berlin", Languages: []string{"en", "de"}, DefaultSkill: "care", BotName: "Ava",
			EscapeWords: map[string][]string{"en": {"human"}}, HTTPHosts: []string{"a.example", "*.a.example"},
		}},
		Channels: []engine.Channel{
			{Brand: "shop", ID: "shop.sms", Kind: "twilio", Name: "SMS", Bot: "main"},
			{Brand: "shop", ID: "shop.web", Kind: "webchat", Name: "Web", Bot: "main"},
		},
		Skills: []engine.Skill{{Brand: "shop", ID: "care", Name: "Care"}, {Brand: "shop", ID: "sales", Name: "Sales"}},
		Bundle: engine.Bundle{Brand: "shop", Files: map[string]string{}}, Tests: map[string]string{},
	}
	for name, text := range files {
		switch filepath.Ext(name) {
		case ".lua", ".md", ".yaml":
			b.Bundle.Files[name] = text
		case ".chat":
			b.Tests[name] = text
		}
	}
	b.Bundle.Hash = brandfolder.Hash(b.Bundle.Files)
	return b
}

// TestPlays runs testdata/plays/*.txt: the files of a brand, and what comes of
// its tests.
func TestPlays(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/plays/*.txt")
	if err != nil || len(paths) < 5 {
		t.Fatalf("%d plays, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			head, want, ok := strings.Cut(string(raw), "-- outcome --\n")
			if !ok {
				t.Fatal("there is no outcome")
			}
			b := small(sections(head))
			r, err := chattest.Suite{Brand: b, Store: memory.New}.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := outcome(r)
			if *update {
				if err := os.WriteFile(path, []byte(head+"-- outcome --\n"+got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got; go test -update writes it):\n%s", diff)
			}
			again(t, b)
		})
	}
}

func outcome(r chattest.Report) string {
	var out strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintln(&out, p)
	}
	for _, res := range r.Results {
		if res.Failure == nil {
			fmt.Fprintf(&out, "%s: %s: passed\n", res.Test.File, res.Test.Title)
			continue
		}
		fmt.Fprintln(&out, res.Failure)
	}
	return out.String()
}

// again holds that written tests are read as the same, and come out the same.
func again(t *testing.T, b brandfolder.Brand) {
	t.Helper()
	on := stage()
	for _, name := range slices.Sorted(maps.Keys(b.Tests)) {
		tests, problems := chattest.Parse(name, b.Tests[name])
		if len(problems) > 0 {
			continue
		}
		for _, one := range tests {
			text := chattest.Format(one)
			same, problems := chattest.Parse(name, text)
			if len(problems) > 0 || len(same) != 1 {
				t.Fatalf("%v in what was written:\n%s", problems, text)
			}
			if twice := chattest.Format(same[0]); twice != text {
				t.Errorf("written twice:\n%s", cmp.Diff(text, twice))
			}
			before, after := chattest.Run(t.Context(), one, b, on), chattest.Run(t.Context(), same[0], b, on)
			if (before.Failure == nil) != (after.Failure == nil) {
				t.Errorf("%s comes out another way when it is written again:\n%v\n%v", one.Title, before.Failure, after.Failure)
			}
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	b := brand(t)
	all, err := chattest.Suite{Brand: b, Store: memory.New, Workers: 1}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if all.Failed() != 0 || len(all.Cover) != 0 {
		t.Errorf("%d failed, cover %v", all.Failed(), all.Cover)
	}
	for i := 1; i < len(all.Results); i++ {
		a, b := all.Results[i-1].Test, all.Results[i].Test
		if a.File > b.File || a.File == b.File && a.Line >= b.Line {
			t.Errorf("%s:%d comes before %s:%d", a.File, a.Line, b.File, b.Line)
		}
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	b := small(map[string]string{
		"bots/main.lua": "return function(chat) chat:say 'a & b' chat:ask '?' end",
		"tests/a.chat":  "# good\n> hi\n< a & b\n< \\?\n",
		"tests/b.chat":  "# bad\n> hi\n< <other>\n",
	})
	r, err := chattest.Suite{Brand: b, Store: memory.New}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.Took = 0
	for i := range r.Results {
		r.Results[i].Took = 0
	}
	r.Problems = append(r.Problems, chattest.Problem{File: "tests/c.chat", Line: 3, Message: "odd"})
	var out bytes.Buffer
	if err := chattest.JUnit(&out, "Shop", r); err != nil {
		t.Fatal(err)
	}
	const file = "testdata/junit.xml"
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Error(diff)
	}
}

// BenchmarkThousandTests runs a thousand tests of ten lines on the bundled bot.
func BenchmarkThousandTests(b *testing.B) {
	folder := brand(b)
	folder.Tests = map[string]string{}
	for i := range 1000 {
		folder.Tests[fmt.Sprintf("tests/%d.chat", i)] = fmt.Sprintf(`# order status %d
at 2026-11-23 10:00
http GET https://orders.acme.example/orders/10001 → 200 {"number":"10001","status":"delivered","items":["Urban %d"]}
> hi
< *Ava*
< What can I do for you?
> [Order status]
< *order number*
> 10001
< Order 10001: Urban %d.*
< Is there anything else*
`, i, i, i)
	}
	for b.Loop() {
		r, err := chattest.Suite{Brand: folder, Store: memory.New}.Run(b.Context())
		if err != nil || r.Failed() > 0 || len(r.Results) != 1000 {
			b.Fatalf("%v, %d of %d failed", err, r.Failed(), len(r.Results))
		}
	}
}

// FuzzParse holds that any file is read, and that what is written is read as it was.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/plays/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for name, text := range sections(string(raw)) {
			if strings.HasSuffix(name, ".chat") {
				f.Add(text)
			}
		}
	}
	for _, text := range brand(f).Tests {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tests, problems := chattest.Parse("tests/f.chat", text)
		if len(problems) > 0 {
			for _, p := range problems {
				if p.Line < 1 || p.Message == "" {
					t.Errorf("%+v", p)
				}
			}
			return
		}
		for _, one := range tests {
			written := chattest.Format(one)
			same, problems := chattest.Parse("tests/f.chat", written)
			if len(problems) > 0 || len(same) != 1 {
				t.Fatalf("%v in what was written:\n%s", problems, written)
			}
			if again := chattest.Format(same[0]); again != written {
				t.Fatalf("written %q, and again %q", written, again)
			}
			if len(same[0].Steps) != len(one.Steps) {
				t.Fatalf("%d steps became %d:\n%s", len(one.Steps), len(same[0].Steps), written)
			}
		}
	})
}
