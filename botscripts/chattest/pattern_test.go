package chattest

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"a b", "a  b\n", true},
		{"a b", "a bc", false},
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"…", "anything\nat all", true},
		{"a*", "abc", true},
		{"a *", "a", true},
		{"a *", "ab", false},
		{"* a", "a", true},
		{"*a", "ba", true},
		{"*a", "ab", false},
		{"a*a", "a", false},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "a1c2b", false},
		{`a\*`, "a*", true},
		{`a\*`, "ab", false},
		{`a\nb`, "a b", true},
		{`a\…`, "a…", true},
		{"*a*", "a", true},
		{"**", "x", true},
	} {
		if got := matches(c.pattern, c.text); got != c.want {
			t.Errorf("%q and %q: %v", c.pattern, c.text, got)
		}
	}
}

// TestWhatIsWrittenMeansItself: any text as a pattern fits that text, and is read
// back as it was.
func TestWhatIsWrittenMeansItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab *…\\[]()\"'=\n|<>#é"))).Draw(t, "text")
		if !matches(pattern(text), text) {
			t.Errorf("%q does not fit %q", pattern(text), text)
		}
		if got := plain(pattern(text)); got != text {
			t.Errorf("%q became %q", text, got)
		}
		w, rest, problem := word(quoted(pattern(text), "="), "=")
		if problem != "" || rest != "" || plain(w) != text {
			t.Errorf("%q became %q, %q, %s", quoted(pattern(text), "="), w, rest, problem)
		}
	})
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "5 min": 5 * time.Minute, "3 hours": 3 * time.Hour, "2 days": 48 * time.Hour, "1 week": 168 * time.Hour,
		"1h30m": 90 * time.Minute, "0.5 hours": 30 * time.Minute, "1 s": time.Second, "250ms": 250 * time.Millisecond,
	} {
		if got, ok := duration(text); !ok || got != want {
			t.Errorf("%q is %s, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "soon", "5", "-1s", "1 fortnight", "9999999 weeks", "1.2.3 s"} {
		if got, ok := duration(text); ok {
			t.Errorf("%q is %s", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour/time.Millisecond)).Draw(t, "ms")) * time.Millisecond
		if got, ok := duration(spell(d)); !ok || got != d {
			t.Errorf("%s is written %q and read %s", d, spell(d), got)
		}
	})
}
