package faq

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	entry := func(line int, question, answer string, wordings ...string) Entry {
		return Entry{Question: question, Answer: answer, Wordings: wordings, Path: "faq/x.md", Line: line}
	}
	tests := []struct {
		name, in string
		want     []Entry
	}{
		{"empty", "", nil},
		{"title alone", "# Shipping\n\nAbout this file.\n", nil},
		{"plain", "## How?\n\nSo.\n", []Entry{entry(1, "How?", "So.")}},
		{"wordings", "# T\n\n## How?\n- In what way?\n* By what means?\n\nSo.\n\nAnd so.\n",
			[]Entry{entry(3, "How?", "So.\n\nAnd so.", "In what way?", "By what means?")}},
		{"blank line before wordings, none after", "## How?\n\n+ What way?\nSo.", []Entry{entry(1, "How?", "So.", "What way?")}},
		{"wording over two lines", "## How?\n- In what\n  way?\n\nSo.", []Entry{entry(1, "How?", "So.", "In what way?")}},
		{"answer that starts with a list", "## What?\n- Which?\n\n- This\n- That\n", []Entry{entry(1, "What?", "- This\n- That", "Which?")}},
		{"list inside an answer", "## What?\nThese:\n- This\n- That\n", []Entry{entry(1, "What?", "These:\n- This\n- That")}},
		{"deeper headings are text", "## What?\nA.\n### More\nB.\n", []Entry{entry(1, "What?", "A.\n### More\nB.")}},
		{"headings in code are text", "## What?\n```sh\n## no question\n```\n## Why?\nB.\n",
			[]Entry{entry(1, "What?", "```sh\n## no question\n```"), entry(5, "Why?", "B.")}},
		{"a title ends an entry", "## What?\nA.\n# Next part\nnot A\n## Why?\nB.",
			[]Entry{entry(1, "What?", "A."), entry(5, "Why?", "B.")}},
		{"closing hashes and CRLF", "## C# or Lua? ##\r\n- Which?\r\n\r\nLua.\r\n", []Entry{entry(1, "C# or Lua?", "Lua.", "Which?")}},
		{"hash without a space", "##nope\n## C#\nYes.\n#hashtag", []Entry{entry(2, "C#", "Yes.\n#hashtag")}},
		{"comments are left out", "<!-- a note -->\n## What?\n<!-- for editors -->\nLanguage: de\n- Which?\n\nA.\n<!--\n## Hidden?\nNo.\n-->\nB.\n",
			[]Entry{{Question: "What?", Answer: "A.\nB.", Wordings: []string{"Which?"}, Language: "de", Path: "faq/x.md", Line: 2}}},
		{"a comment in code or in a line is text", "## What?\n```\n<!-- x\n```\nA <!-- b -->.", []Entry{entry(1, "What?", "```\n<!-- x\n```\nA <!-- b -->.")}},
		{"front matter", "---\ntitle: x\n---\n## What?\nA.", []Entry{entry(4, "What?", "A.")}},
		{"rule is no wording", "## What?\n---\nA.", []Entry{entry(1, "What?", "---\nA.")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse("faq/x.md", tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseAbout(t *testing.T) {
	t.Parallel()
	got, err := Parse("faq/x.md", `## How?
Language: de
Channels: web, sms
Links: [Track it](https://x.example/t) | tel:+49301234
Card: Express | In a day | https://x.example/e.jpg | [Order](https://x.example/o)
See also: Why? | When?

- Wie?

So: Links: none.

## Why?

Language: this is the answer.
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{
		{
			Question: "How?", Answer: "So: Links: none.", Wordings: []string{"Wie?"}, Language: "de", Channels: []string{"web", "sms"},
			Links:   []Link{{Label: "Track it", URL: "https://x.example/t"}, {Label: "tel:+49301234", URL: "tel:+49301234"}},
			Cards:   []Card{{Title: "Express", Subtitle: "In a day", Image: "https://x.example/e.jpg", Links: []Link{{Label: "Order", URL: "https://x.example/o"}}}},
			SeeAlso: []string{"Why?", "When?"}, Path: "faq/x.md", Line: 1,
		},
		{Question: "Why?", Answer: "Language: this is the answer.", Path: "faq/x.md", Line: 12},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxQuestion+1)
	tests := []struct {
		name, in string
		want     []string
		entries  int
	}{
		{"no answer", "## How?\n- So?\n\n## Why?\nB.", []string{`faq/x.md:1: the question "How?" has no answer below it`}, 1},
		{"every fault", "##\nA.\n\n## How?\n\n## " + long + "\nC.\n## D?\n-\n\nD.", []string{
			"faq/x.md:1: this heading has no question",
			`faq/x.md:4: the question "How?" has no answer below it`,
			"faq/x.md:6: the question is longer than 500 bytes",
			"faq/x.md:9: this wording is empty",
		}, 0},
		{"comment without an end", "## How?\nA.\n<!-- note\n## Why?\nB.", []string{"faq/x.md:3: this comment has no end; write --> behind it"}, 1},
		{"long wording", "## How?\n- " + long + "\n\nA.", []string{"faq/x.md:2: the wording is longer than 500 bytes"}, 0},
		{"long answer", "## How?\n" + strings.Repeat("x", maxAnswer+1), []string{`faq/x.md:1: the answer to "How?" is longer than 16384 bytes`}, 0},
		{"many wordings", "## How?\n" + strings.Repeat("- x\n", maxWordings+1) + "\nA.", []string{"faq/x.md:102: a question has at most 100 other wordings"}, 0},
		{"not UTF-8", "## How?\n\xff", []string{`faq/x.md:1: the entry "How?" is not valid UTF-8`}, 0},
		{"question not UTF-8", "## How\xff?\nA.", []string{"faq/x.md:1: the question is not valid UTF-8"}, 0},
		{"about", "## How?\nLanguage: German\nChannels: web sms\nLinks: http://x | [a](javascript:b)\nCard: a | b | c\nSee also: a || b\n\nSo.", []string{
			`faq/x.md:2: "German" is not a language; write it as en or pt-BR`,
			"faq/x.md:3: write the channels as: Channels: web, sms",
			`faq/x.md:4: "http://x" is not a link; write it as [label](https://…)`,
			`faq/x.md:4: "[a](javascript:b)" is not a link; write it as [label](https://…)`,
			"faq/x.md:5: a card is: title | subtitle | https://image | [label](https://…)",
			"faq/x.md:6: between two | must be something, of at most 500 bytes",
		}, 0},
		{"many entries", strings.Repeat("## Q\nA\n", maxEntries+1), []string{"faq/x.md:4001: a file holds at most 2000 questions"}, maxEntries},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			entries, err := Parse("faq/x.md", tt.in)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
			var one *Error
			if !errors.As(err, &one) || one.Path != "faq/x.md" {
				t.Errorf("the error is no *Error: %v", err)
			}
			if len(entries) != tt.entries {
				t.Errorf("%d entries, want %d", len(entries), tt.entries)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("# T\n\n## How?\n- So?\n\n```\n## no\n```\nA.\n## Why?\n")
	f.Add("##\n-\n~~~\n")
	f.Fuzz(func(t *testing.T, in string) {
		entries, err := Parse("faq/x.md", in)
		lines := strings.Count(in, "\n") + 1
		for _, e := range entries {
			if e.Question == "" || strings.TrimSpace(e.Answer) == "" || e.Line < 1 || e.Line > lines {
				t.Fatalf("bad entry %+v", e)
			}
		}
		if err != nil {
			return
		}
		// Writing the entries out and reading them again changes nothing.
		var b strings.Builder
		for _, e := range entries {
			if strings.HasPrefix(strings.TrimLeft(e.Answer, " \t"), "#") || strings.ContainsAny(e.Answer, "`~") || strings.TrimRight(e.Question, "#") != e.Question {
				return // would need escapes, which the format has not
			}
			b.WriteString("## " + e.Question + "\n- w\n\n" + e.Answer + "\n")
		}
		again, err := Parse("faq/x.md", b.String())
		if err != nil || len(again) != len(entries) {
			t.Fatalf("read again: %d entries, %d before, %v", len(again), len(entries), err)
		}
		for i := range again {
			if again[i].Question != entries[i].Question || again[i].Answer != entries[i].Answer {
				t.Fatalf("changed: %+v\nto %+v", entries[i], again[i])
			}
		}
	})
}
