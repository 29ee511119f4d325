package faq_test

import (
	"os"
	"strings"
	"testing"

	"parley/botscripts/faq"
)

// TestExampleQuestions: testdata/acme.txt has what people ask the example brand,
// and the question that has the answer. What it cannot answer it must not answer.
func TestExampleQuestions(t *testing.T) {
	t.Parallel()
	x := learned()
	raw, err := os.ReadFile("testdata/acme.txt")
	if err != nil {
		t.Fatal(err)
	}
	right, wrong, missed, answered, in, out := 0, 0, 0, 0, 0, 0
	for _, line := range strings.Split(string(raw), "\n") {
		want, query, ok := strings.Cut(line, " < ")
		if !ok {
			continue
		}
		got := "none"
		if hits := x.Search(query, faq.Place{}, 1); len(hits) > 0 {
			got = hits[0].Question
		}
		switch {
		case want == "none" && got != want:
			answered++
			t.Logf("%q is answered: %s", query, got)
		case want == "none":
		case got == want:
			right++
		case got == "none":
			missed++
		default:
			wrong++
			t.Logf("%q: %s, want %s", query, got, want)
		}
		if want == "none" {
			out++
		} else {
			in++
		}
	}
	t.Logf("of %d questions %d right, %d wrong, %d not known; of %d others %d answered", in, right, wrong, missed, out, answered)
	if right*100 < 75*in || wrong > 1 || answered*100 > 10*out {
		t.Error("want 75 % right, at most one wrong, and 10 % of the others answered")
	}
	for query, want := range map[string]string{
		"do you sell e-bikes?":           "",
		"do you have shoes for children": "",
		"bike got stolen help":           "What should I do if my bike was stolen?",
		"12345":                          "",
		"0049 30 1234567":                "",
		"asdf qwer":                      "",
		"how do i do that":               "",
	} {
		got := ""
		if hits := x.Search(query, faq.Place{}, 1); len(hits) > 0 {
			got = hits[0].Question
		}
		if got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}
