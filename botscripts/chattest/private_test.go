package chattest

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMask(t *testing.T) {
	t.Parallel()
	m := newMask()
	m.knowName("Ann-Marie von Berg")
	m.knowAgent("Jo Bloggs")
	m.learn([]byte(`{"order":{"name":"city bike","last_name":"Berg","street":"Am Ring","zip":"AB1","id":7,"items":[{"city":"Köln"}]},"customer":{"name":"Vera Lind"}}`))
	for text, want := range map[string]string{
		"Hi, I am Ann-Marie.":             "Hi, I am Robin.",
		"Bergmann is not Berg":            "Bergmann is not Sam",
		"a@b.example and A@B.example":     "person1@mail.example and person1@mail.example",
		"Am Ring, Köln":                   "Place2, Place1",
		"a city bike of Vera Lind":        "a city bike of Charlie Jamie",
		"Bloggs and Jo Bloggs":            "Agent1 and Agent1",
		"on 2026-11-25 at 10:00, 5 of 12": "on 2026-11-25 at 10:00, 5 of 12",
		"+4.90 €, version 1.2":            "+4.90 €, version 1.2",
		"":                                "",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"0170 1234567", "+49 (170) 123-4567", "order 48213", "DE89370400440532013000", "12 Baker Street", "Hauptstr. 5"} {
		got := m.text(text)
		if got == text || regexp.MustCompile(`48213|1234567|3704004405|Baker|Hauptstr`).MatchString(got) {
			t.Errorf("%q became %q", text, got)
		}
		if again := m.text(text); again != got {
			t.Errorf("%q became %q, then %q", text, got, again)
		}
	}
}

// TestMaskIsConsistent: the same number is the same everywhere, of the same
// length, and another one is another.
func TestMaskIsConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMask()
		made := map[string]string{}
		for _, v := range rapid.SliceOfDistinct(rapid.StringMatching(`[1-9]\d{4,11}`), func(s string) string { return s }).Draw(t, "numbers") {
			got := m.text(v)
			if len(got) != len(v) || got[0] == '0' || strings.Trim(got, "0123456789") != "" {
				t.Fatalf("%s became %s", v, got)
			}
			if in := m.text("x/" + v + "?"); in != "x/"+got+"?" {
				t.Fatalf("%s became %s, and %s in a text", v, got, in)
			}
			if other, taken := made[got]; taken {
				t.Fatalf("%s and %s both became %s", other, v, got)
			}
			made[got] = v
		}
	})
}
