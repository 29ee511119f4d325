package alias_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/alias"
)

func TestAliasesAreStable(t *testing.T) {
	t.Parallel()
	const id = "0190d7a2-7c1e-7a31-9a4f-3b8f1c2d4e5f"
	for lang, want := range map[string]string{
		"en": "Jade Koala 72", "": "Jade Koala 72", "ja": "Jade Koala 72", "de-AT": "Jade-Koala 72",
		"fr": "Koala jade 72", "es": "Koala jade 72",
	} {
		if got := alias.Of(id, lang); got != want {
			t.Errorf("%q: %q, want %q", lang, got, want)
		}
	}
}

// TestAliasesDiffer: of thirty consumers in a list hardly any two share a name,
// and ids that follow each other do not share their words.
func TestAliasesDiffer(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "de", "fr", "es"} {
		seen, colours := map[string]int{}, map[int]int{}
		const n = 3000
		for i := range n {
			id := fmt.Sprintf("0190d7a2-7c1e-7a31-9a4f-%012d", i)
			seen[alias.Of(id, lang)]++
			colours[alias.Colour(id)]++
			if c := alias.Colour(id); c < 0 || c >= alias.Colours {
				t.Fatalf("colour %d", c)
			}
		}
		// n²/2 pairs over 46,080 names are some 98.
		if len(seen) < n-150 {
			t.Errorf("%s: %d names for %d consumers", lang, len(seen), n)
		}
		for c := range alias.Colours {
			if colours[c] < n/alias.Colours/2 {
				t.Errorf("%s: colour %d comes %d times", lang, c, colours[c])
			}
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		address string
		want    string
	}{
		{"Zoe", "v_8f3", "Zoe"},
		{"", "+4915112345678", "+4915112345678"},
		{"", "72275", "72275"},
		{"", "maya@acme.example", "maya@acme.example"},
		{" ", "v_8f3", alias.Of("p1", "en")},
		{"", "5678901234567890", alias.Of("p1", "en")},
		{"", "", alias.Of("p1", "en")},
	} {
		got := alias.Name(engine.Consumer{ID: "p1", Name: tt.name}, engine.Conversation{Address: tt.address}, "en")
		if got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	if n := len(strings.Fields(alias.Of("p1", "en"))); n != 3 {
		t.Errorf("an alias has %d words", n)
	}
}
