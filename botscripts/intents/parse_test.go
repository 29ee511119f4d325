package intents

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const two = "order:\n  - Where is it?\n  - Track my order\n  - Has it been sent?\nhours:\n  - When are you open?\n  - Are you open today?\n  - Opening times\n"

func TestParse(t *testing.T) {
	t.Parallel()
	got, problems := Parse(two + "refund:\n  description: Money back.\n  examples: [\"I want my money back\", Refund me, Can you refund it]\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []Intent{
		{Name: "order", Line: 1, Examples: []string{"Where is it?", "Track my order", "Has it been sent?"}},
		{Name: "hours", Line: 5, Examples: []string{"When are you open?", "Are you open today?", "Opening times"}},
		{Name: "refund", Line: 9, Description: "Money back.", Examples: []string{"I want my money back", "Refund me", "Can you refund it"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		want []string
	}{
		"empty": {"", []string{"intents.yaml:1: this file is empty"}},
		"one":   {"order: [a b, c d, e f]\n", []string{"intents.yaml:1: a brand needs at least 2 intents, to tell them apart"}},
		"few":   {two + "few: [a, b]\n", []string{"intents.yaml:9: few has 2 examples and needs at least 3; ten or more make it reliable"}},
		"none":  {two + "none: {description: x}\n", []string{"intents.yaml:9: none has 0 examples and needs at least 3; ten or more make it reliable"}},
		"twice": {two + "more:\n  - where  is IT?\n  - x y\n  - x y\n", []string{
			`intents.yaml:10: more has the example "where  is IT?", which order has on line 2`,
			`intents.yaml:12: more has the example "x y" twice`}},
		"key":   {two + "more: {exampels: [a, b, c]}\n", []string{"intents.yaml:9: more.exampels is not known; known here: examples, description; did you mean \"examples\"?"}},
		"name":  {two + "More: [a, b, c]\n", []string{`intents.yaml:9: "More" is not the name of an intent; use a-z, 0-9 and _`}},
		"long":  {two + "more: [" + strings.Repeat("x", maxExample+1) + ", b, c]\n", []string{"intents.yaml:9: an example of more is longer than 500 bytes"}},
		"shape": {"- a\n- b\n", []string{"intents.yaml:1: the file must be a mapping of keys to values"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := Parse(tt.in)
			var got []string
			for _, p := range problems {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(two)
	f.Add("a: {examples: [b], description: c}\nb: d\n")
	f.Add("a: *b\n? [x]\n: y\n<<: {a: 1}\n")
	f.Fuzz(func(t *testing.T, text string) {
		found, problems := Parse(text)
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, p := range problems {
			if p.File != File || p.Line < 1 || p.Line > lines+1 || p.Message == "" {
				t.Fatalf("bad problem %+v of %d lines", p, lines)
			}
		}
		if len(problems) > 0 {
			return
		}
		if len(found) < minIntents {
			t.Fatalf("no problem with %d intents", len(found))
		}
		for _, in := range found {
			if len(in.Examples) < minExamples {
				t.Fatalf("no problem with %+v", in)
			}
		}
	})
}
