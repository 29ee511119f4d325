package authors

import "testing"

func TestRecordedCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, url string
		want         bool
	}{
		{"https://a.example/1", "https://a.example/1", true},
		{"https://a.example/1", "https://a.example/12", false},
		{"https://a.example/*", "https://a.example/", true},
		{"https://*/1", "https://a.example/1", true},
		{"https://*/1", "https://a.example/2", false},
		{"*a*b*", "xxaxxbxx", true},
		{"*a*b*", "xxbxxaxx", false},
		{"a*a", "a", false},
		{"*", "", true},
		{"", "", true},
		{"", "x", false},
	} {
		if got := fits(c.pattern, c.url); got != c.want {
			t.Errorf("%q, %q: got %v", c.pattern, c.url, got)
		}
	}
}
