package slots_test

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"parley/engine/understanding/slots"
)

// TestHours: every line of testdata/hours/<language>.txt is "kind | answer | value". "a or b"
// are several meanings, "-" is none, and "~" before a value says that it is assumed. Moments
// are written without the year and the zone.
func TestHours(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		raw, err := os.ReadFile("testdata/hours/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(raw), "\n") {
			if line == "" || line[0] == '#' {
				continue
			}
			parts := strings.Split(line, " | ")
			if len(parts) != 3 {
				t.Fatalf("%s:%d: %q is no case", language, n+1, line)
			}
			kind := slots.Kind(parts[0])
			if got := meant(slots.Read(kind, parts[1], options(t, language))); got != parts[2] {
				t.Errorf("%s:%d: %s\n got %s\nwant %s", language, n+1, parts[1], got, parts[2])
			}
			polite := parts[1] + map[string]string{"en": " please", "de": " bitte", "es": ", gracias", "fr": " merci"}[language]
			if got := meant(slots.Read(kind, polite, options(t, language))); got != parts[2] {
				t.Errorf("%s:%d: %s\n got %s\nwant %s", language, n+1, polite, got, parts[2])
			}
		}
	}
}

func meant(found []slots.Slot) string {
	var values []string
	for _, s := range found {
		value := strings.TrimSuffix(strings.TrimPrefix(s.Value, "2026-"), ":00+01:00")
		if s.Assumed {
			value = "~" + value
		}
		values = append(values, value)
	}
	return cmp.Or(strings.Join(values, " or "), "-")
}

// TestUnknownWords: a word that is not understood, before or after an answer, makes it
// unclear or changes nothing.
func TestUnknownWords(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		raw, err := os.ReadFile("testdata/hours/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			parts := strings.Split(strings.TrimSpace(line), " | ")
			if len(parts) != 3 || parts[2] == "-" || strings.Contains(parts[2], " or ") {
				continue
			}
			for _, text := range []string{parts[1] + " blorp", "blorp " + parts[1], "blorp, " + parts[1], parts[1] + ", blorp", parts[1] + " (blorp)"} {
				if got := meant(slots.Read(slots.Kind(parts[0]), text, options(t, language))); got != parts[2] && got != "-" {
					t.Errorf("%s in %s: got %s, want %s or none", text, language, got, parts[2])
				}
			}
		}
	}
}

// TestTakenOut: a time with a word before it that takes it out, or makes a bound of it, is none.
func TestTakenOut(t *testing.T) {
	t.Parallel()
	for language, words := range map[string][]string{
		"en": {"not", "after", "before", "until", "anything but", "not after", "any time after", "no later than"},
		"de": {"nicht", "nach", "vor", "bis", "ab", "alles außer", "frühestens", "spätestens", "nicht vor"},
		"es": {"no", "después de", "antes de", "hasta", "a partir de", "cualquier hora menos", "excepto"},
		"fr": {"pas", "après", "avant", "jusqu'à", "à partir de", "tout sauf", "pas avant"},
	} {
		raw, err := os.ReadFile("testdata/hours/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			parts := strings.Split(strings.TrimSpace(line), " | ")
			if len(parts) != 3 || parts[0] != "time" || parts[2] == "-" || strings.ContainsAny(parts[1], ",I") || strings.Contains(parts[1], "wieso") || strings.Contains(parts[1], "pourquoi") || strings.Contains(parts[2], " or ") {
				continue
			}
			for _, w := range words {
				if got := meant(slots.Read(slots.Time, w+" "+parts[1], options(t, language))); got != "-" {
					t.Errorf("%s: %s %s: got %s", language, w, parts[1], got)
				}
			}
		}
	}
}
