package assent_test

import (
	"os"
	"strings"
	"testing"

	"parley/engine/understanding/assent"
)

// TestRead: testdata/<language>.txt has texts under what they mean: [yes], [no], and
// [ask] for neither. None may be taken for the other, and nine in ten are understood.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		raw, err := os.ReadFile("testdata/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		want, all, right := "", 0, 0
		for line := range strings.Lines(string(raw)) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "[") {
				want = strings.Trim(line, "[]")
				continue
			}
			got := string(assent.Read(line, language))
			if got == string(assent.Unsure) || got == string(assent.Silent) {
				got = "ask"
			}
			all++
			switch {
			case got == want:
				right++
			case got == "ask":
				t.Logf("%s: %q is asked again, it means %s", language, line, want)
			default:
				t.Errorf("%s: %q is taken for %s, it means %s", language, line, got, want)
			}
		}
		if share := float64(right) / float64(all); all < 150 || share < .95 {
			t.Errorf("%s: %d of %d right", language, right, all)
		}
	}
}
