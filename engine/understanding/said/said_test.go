package said_test

import (
	"testing"

	"parley/engine/understanding/said"
)

func TestSlip(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		written, known string
		want           bool
	}{
		{"corect", "correct", true}, {"tlak", "talk", true}, {"invioce", "invoice", true}, {"exactemnt", "exactement", true}, {"exatcemnt", "exactement", false},
		{"Kreditkrate", "Kreditkarte", true}, {"agemt", "agent", false}, {"agnet", "agent", true}, {"operatpr", "operator", true}, {"operatoe", "operator", false},
		{"operstor", "operator", true}, {"agents", "agent", false}, {"correcta", "correct", false}, {"night", "right", false},
		{"yse", "yes", false}, {"", "yes", false}, {"note", "not", false}, {"naturlcih", "naturlich", true},
	} {
		if got := said.Slip(tt.written, tt.known); got != tt.want {
			t.Errorf("Slip(%q, %q) = %v", tt.written, tt.known, got)
		}
	}
}

func TestMeant(t *testing.T) {
	t.Parallel()
	var l said.Lexicon[int]
	l.Add(1, "yes|yeah|natürlich|of course|don't")
	l.Add(2, "never|correct")
	l.AddExact(3, "corrects")
	for text, want := range map[string]int{
		"yes": 1, "YESSS": 1, "yeees": 1, "Natürlich": 1, "natuerlich": 1, "natürlcih": 1, "of  Course": 1, "don't": 1, "don’t": 1, "dont": 0,
		"nver": 2, "corects": 0, "corrects": 3, "bees": 0, "": 0,
	} {
		got, _, _ := l.Meant(said.Words(text), 0)
		if got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

// A word is never without text, whatever is dropped from it.
func TestAccentAlone(t *testing.T) {
	t.Parallel()
	var l said.Lexicon[int]
	l.Add(1, "yes")
	for _, text := range []string{"ﾞ", "\u0301", "ﾞﾟ yes", "\u0300\u0301", "a\u0301 ﾞ"} {
		for i, w := range said.Words(text) {
			if w.Text == "" {
				t.Errorf("word %d of %q has no text", i, text)
			}
			l.Meant(said.Words(text), i)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, text := range []string{"ﾞ", "Natürlich, d'accord!", "e\u0301", "½ ﷺ", "\xff"} {
		f.Add(text)
	}
	var l said.Lexicon[int]
	l.Add(1, "yes|natürlich|of course")
	f.Fuzz(func(t *testing.T, text string) {
		words := said.Words(text)
		for i, w := range words {
			if w.Text == "" || w.Start < 0 || w.End <= w.Start || w.End > len(text) {
				t.Fatalf("word %d of %q: %+v", i, text, w)
			}
			l.Meant(words, i)
		}
	})
}
