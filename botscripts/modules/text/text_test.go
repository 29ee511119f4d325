package text

import (
	"testing"
	"unicode/utf8"
)

func FuzzTexts(f *testing.F) {
	f.Add("kim McKay", 3)
	f.Add("\u0301\u0301x", 1)
	f.Add("ﬃ ß", 2)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if !utf8.ValidString(s) {
			return
		}
		n = max(n%1000, 1)
		if got := truncate(s, n); len([]rune(got)) > n && got != s {
			t.Fatalf("%q cut to %d is %q", s, n, got)
		}
		if got := mask(s, n); len([]rune(got)) > len([]rune(s)) {
			t.Fatalf("%q masked is %q", s, got)
		}
		if got := title(title(s)); utf8.ValidString(got) && fold(got) != fold(title(s)) {
			t.Fatalf("%q with capitals is %q and %q", s, title(s), got)
		}
	})
}
