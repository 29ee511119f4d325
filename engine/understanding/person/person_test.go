package person_test

import (
	"os"
	"strings"
	"testing"

	"parley/engine/understanding/person"
)

func brandWords() map[string][]string {
	return map[string][]string{
		"en": {"agent", "human", "real person", "representative"}, "de": {"Mitarbeiter", "Mensch"}, "es": {"agente", "humano", "asesor"},
		"fr": {"conseiller", "humain", "agent"}, "it": {"operatore"},
	}
}

// TestRead: testdata/<language>.txt has texts under what they are: [wanted], [bot] for
// a question who writes, [-] for neither. No mention is taken for a wish, and nine in
// ten wishes are heard.
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
			got := map[person.Wish]string{person.Wanted: "wanted", person.Curious: "bot", person.Nothing: "-"}[person.Read(line, brandWords())]
			all++
			switch {
			case got == want:
				right++
			case got == "-":
				t.Logf("%s: %q is not heard, it is %s", language, line, want)
			default:
				t.Errorf("%s: %q is taken for %s, it is %s", language, line, got, want)
			}
		}
		if share := float64(right) / float64(all); all < 120 || share < .95 {
			t.Errorf("%s: %d of %d right", language, right, all)
		}
	}
}
