package assent_test

import (
	"strings"
	"testing"
	"time"

	"parley/engine/understanding/assent"
)

// FuzzRead: any text is read, and what is only around an answer does not turn it.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"yes", "not ok", "si, si", "👍🏽👎", "\xff?", "I can't say no", "no. no. no", "d'accord!", "¿cómo no?", "pas"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, language := range []string{"en", "de", "es", "fr", "pt-BR"} {
			plain := assent.Read(text, language)
			opposite := map[assent.Answer]assent.Answer{assent.Yes: assent.No, assent.No: assent.Yes}
			for _, around := range []string{"%!", " %\n", "%, but", "%, maybe", "%?"} {
				got := assent.Read(strings.Replace(around, "%", text, 1), language)
				if other, ok := opposite[plain]; ok && got == other {
					t.Fatalf("%q is %q, %q is %q", text, plain, around, got)
				}
			}
			if a, end, ok := assent.Opening(text, language); ok && (end <= 0 || end > len(text) || a != assent.Yes && a != assent.No) {
				t.Fatalf("%q opens with %q until %d", text, a, end)
			}
		}
	})
}

// TestLong: the time grows with the length of a text.
func TestLong(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"yes ", "not ", "no, ", "a.", "si ", "'", "👍", "nooo ", "can't say ", "ja, aber "} {
		text := strings.Repeat(part, 1<<16/len(part))
		began := time.Now()
		assent.Read(text, "en")
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q takes %v", part, took)
		}
	}
}
