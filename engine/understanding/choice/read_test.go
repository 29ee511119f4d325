package choice

import (
	"os"
	"strings"
	"testing"
)

// TestRead: testdata/<language>.txt has texts below the options "= id=Label | …". Before
// a text stands what it means: an id, some of them, "none", or "-" for nothing. Of
// these none may be taken for one that it is not, and nine in ten are understood.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		raw, err := os.ReadFile("testdata/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		var options []Option
		all, right := 0, 0
		for line := range strings.Lines(string(raw)) {
			line = strings.TrimSpace(line)
			if rest, ok := strings.CutPrefix(line, "= "); ok {
				options = nil
				for _, o := range strings.Split(rest, " | ") {
					id, label, _ := strings.Cut(o, "=")
					options = append(options, Option{id, label})
				}
				continue
			}
			want, text, ok := strings.Cut(line, ": ")
			if !ok {
				t.Fatalf("%s: %q is no case", language, line)
			}
			a := Read(options, text, true)
			got := "-"
			if a.None {
				got = "none"
			}
			if len(a.Options) > 0 {
				var ids []string
				for _, n := range a.Options {
					ids = append(ids, options[n].ID)
				}
				got = strings.Join(ids, " ")
			}
			all++
			switch {
			case got == want:
				right++
			case len(a.Options) == 1:
				t.Errorf("%s: %q is taken for %s, it means %s", language, text, got, want)
			default:
				t.Logf("%s: %q is %s, it means %s", language, text, got, want)
			}
		}
		if share := float64(right) / float64(all); all < 60 || share < .95 {
			t.Errorf("%s: %d of %d right", language, right, all)
		}
	}
}
