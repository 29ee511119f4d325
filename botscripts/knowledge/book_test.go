package knowledge

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/intents"
	"parley/engine"
	"parley/engine/learning"
	"parley/engine/understanding/nlu"
)

const commented = `# What our customers want.
order_status: # the most frequent one
  - Where is my order?
  - "Track: my parcel"
  - >-
    Has it
    been sent?

  # opening hours are on the web site, too
opening_hours:
    description: When the shop is open.
    examples:
    - When are you open?
    - Opening times
    # said by phone
    - Are you open today?
refund: ["I want my money back", Refund me, 'Give it back [now]']
`

func TestExamples(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		intent string
		texts  []string
		want   []string // added lines, by the line before
	}{
		"block, behind a folded item": {"order_status", []string{"wheres my stuff", "is it there: yes?", "no", "#1 please", "ça arrive quand ?"},
			[]string{"    been sent?", "  - wheres my stuff\n  - \"is it there: yes?\"\n  - \"no\"\n  - \"#1 please\"\n  - ça arrive quand ?"}},
		"block of a mapping, unindented": {"opening_hours", []string{"open now?"}, []string{"    - Are you open today?", "    - open now?"}},
		"new":                            {"parking", []string{"where can I park", "do you have parking", "is parking free"}, []string{"refund: [\"I want my money back\", Refund me, 'Give it back [now]']", "\nparking:\n  - where can I park\n  - do you have parking\n  - is parking free"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := map[string]string{intents.File: commented, "brand.yaml": "id: acme"}
			got, err := Book{}.Add(before, learning.Addition{Intent: tt.intent, Texts: tt.texts})
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(commented, tt.want[0]+"\n", tt.want[0]+"\n"+tt.want[1]+"\n", 1)
			if diff := cmp.Diff(want, got[intents.File]); diff != "" {
				t.Error(diff)
			}
			if before[intents.File] != commented || got["brand.yaml"] != before["brand.yaml"] {
				t.Error("something else was changed")
			}
			cases, problems := intents.Cases(got)
			if len(problems) > 0 || len(cases) != len(tt.texts) {
				t.Fatal(cases, problems)
			}
			for i, c := range cases {
				if c.Text != tt.texts[i] || c.Intent != tt.intent {
					t.Errorf("case %d is %+v", i, c)
				}
			}
		})
	}
}

func TestExamplesInBrackets(t *testing.T) {
	t.Parallel()
	for name, line := range map[string][2]string{
		"one line":         {`refund: ["I want it back", Refund me, 'Give it [now]'] # ok`, `refund: ["I want it back", Refund me, 'Give it [now]', "pay me, now"] # ok`},
		"a comma too much": {"refund: [a b, c d, e f, ]", `refund: [a b, c d, e f, "pay me, now"]`},
		"in braces":        {"refund: {examples: [a b, c d, e f], description: \"[x]\"}", `refund: {examples: [a b, c d, e f, "pay me, now"], description: "[x]"}`},
		"several lines":    {"refund: [a b,\n  c d,\n  e f]", "refund: [a b,\n  c d,\n  e f, \"pay me, now\"]"},
	} {
		files := map[string]string{intents.File: "hours: [x y, y z, z x]\n" + line[0] + "\n# end"}
		got, err := Book{}.Add(files, learning.Addition{Intent: "refund", Texts: []string{"pay me, now"}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff("hours: [x y, y z, z x]\n"+line[1]+"\n# end", got[intents.File]); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// A second lesson goes where the first one went, and nothing is added twice.
func TestCasesGrow(t *testing.T) {
	t.Parallel()
	files := map[string]string{intents.File: strings.ReplaceAll(commented, "\n", "\r\n")}
	for _, a := range []learning.Addition{
		{Intent: "refund", Texts: []string{"cash back"}}, {Intent: "order_status", Texts: []string{"wheres it"}}, {Intent: "refund", Texts: []string{"Money!"}},
	} {
		var err error
		if files, err = (Book{}).Add(files, a); err != nil {
			t.Fatal(err)
		}
	}
	want := aboutCases + "refund:\n  - cash back\n  - \"Money!\"\norder_status:\n  - wheres it\n"
	want = strings.Replace(want, `"Money!"`, "Money!", 1)
	if diff := cmp.Diff(want, files[intents.CasesFile]); diff != "" {
		t.Error(diff)
	}
	if strings.Count(files[intents.File], "\n") != strings.Count(files[intents.File], "\r\n") {
		t.Error("the line ends are mixed")
	}
	k, err := Book{}.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	wantCases := []nlu.Example{{Text: "cash back", Label: "refund"}, {Text: "Money!", Label: "refund"}, {Text: "wheres it", Label: "order_status"}}
	if diff := cmp.Diff(wantCases, k.Cases); diff != "" {
		t.Error(diff)
	}
}

const questions = "# Shipping\n\n## How long does delivery take?\n\n- When will it arrive?\n- What are your\n  shipping times?\n\nTwo days.\n- or three\n\n## What does it cost?\n\nFive euros.\n\n## Do you ship abroad?\nYes."

func TestWordings(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ question, before, lines string }{
		"list":          {"how long does  delivery take?", "  shipping times?\n", "- is it fast\n- how fast\n"},
		"no list":       {"What does it cost?", "## What does it cost?\n\n", "- is it fast\n- how fast\n\n"},
		"close answer":  {"Do you ship abroad?", "## Do you ship abroad?\n", "- is it fast\n- how fast\n\n"},
		"a new heading": {"", "", ""},
	} {
		files := map[string]string{"faq/shipping.md": questions}
		a := learning.Addition{Question: tt.question, Texts: []string{"is it fast", "how fast"}}
		want := strings.Replace(questions, tt.before, tt.before+tt.lines, 1)
		path := "faq/shipping.md"
		if tt.question == "" {
			a.Question, a.Answer, path = "Is it fast?", "Very.\r\n\r\nReally.", LearnedFile
			want = "# Learned from conversations\n\n## Is it fast?\n\n- is it fast\n- how fast\n\nVery.\n\nReally.\n"
			files["faq/zoo.md"] = "## Zoo?\n\nNo.\n"
		}
		got, err := Book{}.Add(files, a)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got[path]); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	files := map[string]string{intents.File: commented, "faq/shipping.md": questions, intents.CasesFile: "refund: [give me cash]\n"}
	for name, a := range map[string]learning.Addition{
		"another intent has it":   {Intent: "refund", Texts: []string{"where is my  ORDER?"}},
		"a case says otherwise":   {Intent: "order_status", Texts: []string{"Give me cash"}},
		"too few of a new one":    {Intent: "parking", Texts: []string{"where can I park"}},
		"no name of an intent":    {Intent: "Parking lot", Texts: []string{"a b", "b c", "c d"}},
		"an injected key":         {Intent: "x: y\nz", Texts: []string{"a b", "b c", "c d"}},
		"no answer":               {Question: "Is it fast?", Texts: []string{"is it"}},
		"a second answer":         {Question: "What does it cost?", Answer: "Nothing.", Texts: []string{"is it"}},
		"an answer with headings": {Question: "Is it fast?", Answer: "Yes.\n## And?\nNo.", Texts: []string{"is it"}},
		"a question of two lines": {Question: "Is it\nfast?", Answer: "Yes.", Texts: []string{"is it"}},
		"a heading of hashes":     {Question: "Is it fast? #", Answer: "Yes.", Texts: []string{"is it"}},
	} {
		before := maps.Clone(files)
		_, err := Book{}.Add(files, a)
		if engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, files); diff != "" {
			t.Errorf("%s changed the files:\n%s", name, diff)
		}
	}
	for name, broken := range map[string]map[string]string{
		"intents": {intents.File: "a: b\n"}, "faq": {"faq/a.md": "## Q\n"}, "cases": {intents.File: commented, intents.CasesFile: "nothing: [x]\n"},
	} {
		if _, err := (Book{}).Read(broken); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFAQ(t *testing.T) {
	t.Parallel()
	ask, err := Book{}.FAQ(context.Background(), map[string]string{"faq/a.md": questions})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"when will it arrive": "How long does delivery take?", "my cat is grey": ""} {
		if got := ask(text); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

func FuzzExamples(f *testing.F) {
	f.Add(commented, "refund", "pay me, now")
	f.Add("a: [b c, d e,\n f g]\nb: {examples: [x, y, z]}\n", "b", "]")
	f.Add("a:\n- |\n  b\n\n- c\n-\n  d # e\nb: [f, g, h]", "a", "- \"x\": 'y'")
	f.Fuzz(func(t *testing.T, text, intent, example string) {
		example = learning.Plain(example)
		before, problems := intents.Parse(text)
		if example == "" || len(problems) > 0 {
			return
		}
		got, err := Book{}.Add(map[string]string{intents.File: text}, learning.Addition{Intent: intent, Texts: []string{example}})
		if err != nil {
			return
		}
		after, problems := intents.Parse(got[intents.File])
		if len(problems) > 0 || !lengthened(before, after, intent, []string{example}) {
			t.Fatalf("%q became %q: %v", text, got[intents.File], problems)
		}
	})
}
