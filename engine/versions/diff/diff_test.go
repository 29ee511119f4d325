package diff

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
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

func TestDiff(t *testing.T) {
	t.Parallel()
	long := "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n"
	before := map[string]string{
		"brand.yaml": "id: acme\nname: Acme\n", "bots/a.lua": long, "bots/same.lua": "same", "lib/b.lua": "x\n",
		"faq/old.md": "# Old\nGone.\n", "i18n/de.yaml": "hi: Hallo\n", "tests/a.chat": "> hi\n",
	}
	after := map[string]string{
		"brand.yaml": "id: acme\nname: Acme Bikes\ncolor: red\n", "bots/same.lua": "same", "lib/b.lua": "x",
		"bots/a.lua":   strings.NewReplacer("two\n", "2\n", "eleven\n", "", "nine\n", "nine\n9\x1b[31m½\n").Replace(long),
		"bots/new.lua": "a\nb\n", "faq/new.md": "", "i18n/de.yaml": "hi: Hallo!\n", "tests/a.chat": "> hi\n", "intents.yaml": "a: [b]",
	}
	d := Between(before, after)
	var out strings.Builder
	if err := d.Print(&out, 0); err != nil {
		t.Fatal(err)
	}
	golden(t, "diff", out.String())
	out.Reset()
	if err := d.Print(&out, 3); err != nil || strings.Count(out.String(), "…") != 2 {
		t.Errorf("cut to 3 lines: %v\n%s", err, out.String())
	}
	const want = "Bots: 2 changed, 1 added; FAQ: 1 added, 1 removed; Texts: 1 changed; Settings: 1 changed, 1 added"
	if got := d.Summary(); got != want {
		t.Errorf("the summary is %q", got)
	}
	if same := Between(before, before); len(same) != 0 || same.Summary() != "no difference" {
		t.Errorf("equal versions differ in %v", same)
	}
	if all := Between(nil, before); len(all) != len(before) || all[0].Change != Added {
		t.Errorf("a first version is %v", all)
	}
}

// apply turns before into after with the hunks alone.
func apply(t *rapid.T, before string, all []Hunk) string {
	lines := split(before)
	var out []string
	at := 1
	for _, h := range all {
		if h.Old < at {
			t.Fatalf("hunks overlap: %+v", all)
		}
		out = append(out, lines[at-1:h.Old-1]...)
		if at = h.Old; len(out)+1 != h.New {
			t.Fatalf("a hunk claims line %d, which is %d", h.New, len(out)+1)
		}
		for _, l := range h.Lines {
			if l.Op != Insert {
				if lines[at-1] != l.Text {
					t.Fatalf("line %d is %q, not %q", at, lines[at-1], l.Text)
				}
				at++
			}
			if l.Op != Remove {
				out = append(out, l.Text)
			}
		}
	}
	return unsplit(append(out, lines[at-1:]...))
}

func unsplit(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	s := strings.Join(lines, "\n") + "\n"
	if cut, ok := strings.CutSuffix(s, noEnd+"\n"); ok {
		return cut
	}
	return s
}

func TestHunksTurnOneTextIntoTheOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string {
			s := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 40).Draw(t, "lines"), "\n")
			if rapid.Bool().Draw(t, "ended") {
				s += "\n"
			}
			return s
		})
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		all := hunks(before, after)
		if got := apply(t, before, all); got != after {
			t.Fatalf("%q became %q, not %q, by %+v", before, got, after, all)
		}
		if before == after && len(all) > 0 {
			t.Fatalf("equal texts differ: %+v", all)
		}
	})
}

func TestAHugeRewriteIsNotComparedByLine(t *testing.T) {
	t.Parallel()
	a, b := strings.Repeat("a\n", 3000), strings.Repeat("b\n", 3000)
	all := hunks(a, b)
	if len(all) != 1 || len(all[0].Lines) != 6000 {
		t.Errorf("%d hunks", len(all))
	}
}
