package i18n

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func loaded(t *testing.T, files map[string]string) *Catalog {
	t.Helper()
	c, problems := Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

const english = `greeting: "Hello {name}!"
braces: "{{not}} a {{ placeholder"
order:
  shipped: On its way since {day}.
  where.exactly: Here.
cart:
  zero: Your cart is empty.
  one: One bike.
  other: "{count} bikes, {name}."
reasons:
  late: Too late
  other: Something else
`

func TestText(t *testing.T) {
	t.Parallel()
	c := loaded(t, map[string]string{
		"i18n/en.yaml":        english,
		"i18n/de.yaml":        "greeting: \"Hallo {name}!\"\n",
		"i18n/de/carts.yaml":  "cart.one: Ein Rad.\ncart.other: \"{count} Räder.\"\n",
		"i18n/de-AT.yaml":     "greeting: \"Servus {name}!\"\n",
		"i18n/pl.yaml":        "cart: {one: rower, few: \"{count} rowery\", many: \"{count} rowerów\", other: roweru}\n",
		"bots/main.lua":       "return 1",
		"i18n/readme/x.txt":   "no text",
		"faq/i18n/none.yaml":  "[",
		"intents.yaml":        "x: y",
		"tests/i18n.yaml.txt": "",
	})
	if diff := cmp.Diff([]string{"de", "de-AT", "en", "pl"}, c.Languages()); diff != "" {
		t.Error(diff)
	}
	count := func(n float64) *float64 { return &n }
	for _, tt := range []struct {
		language, key string
		vars          map[string]string
		count         *float64
		want          string // "!" before a part of an error
	}{
		{"en", "greeting", map[string]string{"name": "Kim"}, nil, "Hello Kim!"},
		{"en", "greeting", map[string]string{"name": "{day}"}, nil, "Hello {day}!"},
		{"de", "greeting", map[string]string{"name": "Kim"}, nil, "Hallo Kim!"},
		{"de-CH", "greeting", map[string]string{"name": "Kim"}, nil, "Hallo Kim!"},
		{"de-AT", "greeting", map[string]string{"name": "Kim"}, nil, "Servus Kim!"},
		{"de-AT", "cart", nil, count(1), "Ein Rad."},
		{"it", "order.where.exactly", nil, nil, "Here."},
		{"", "reasons.other", nil, nil, "Something else"},
		{"en", "braces", nil, nil, "{not} a { placeholder"},
		{"en", "cart", nil, count(0), "Your cart is empty."},
		{"en", "cart", nil, count(1), "One bike."},
		{"en", "cart", map[string]string{"count": "1.5", "name": "Kim"}, count(1.5), "1.5 bikes, Kim."},
		{"de", "cart", map[string]string{"count": "0"}, count(0), "0 Räder."},
		{"pl", "cart", map[string]string{"count": "22"}, count(22), "22 rowery"},
		{"pl", "cart", map[string]string{"count": "5"}, count(5), "5 rowerów"},
		{"pl", "cart", nil, count(1.5), "roweru"},
		{"en", "greeting", nil, nil, `!the text "greeting" needs a value for {name}`},
		{"en", "cart", nil, nil, `!the text "cart" has plural forms and needs a count`},
		{"en", "order", nil, nil, `!there is no text "order"; there are order.shipped, order.where.exactly`},
		{"en", "nothing", nil, nil, `!there is no text "nothing"`},
		{"en", "greeting", map[string]string{"name": strings.Repeat("x", maxWritten)}, nil, "!longer than 64 KiB"},
	} {
		got, err := c.Text(tt.language, "en", tt.key, tt.vars, tt.count)
		if want, fails := strings.CutPrefix(tt.want, "!"); fails && tt.want != "!" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %s: %q, %v; want an error with %q", tt.language, tt.key, got, err, want)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("%s %s: %q, %v; want %q", tt.language, tt.key, got, err, tt.want)
		}
	}
	if !c.Has("fr", "en", "cart") || c.Has("en", "en", "cart.one") || c.Has("fr", "es", "cart") {
		t.Error("Has tells what Text does not")
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		files map[string]string
		first string
		want  []string
	}{
		"none": {map[string]string{"i18n/en.yaml": english}, "en", nil},
		"syntax": {map[string]string{"i18n/en.yaml": "a: \"{name\"\nb: x } y\nc: \"{a b}\"\nd: \"{}\"\ne e: x\nf:\ng: [x]\n"}, "en", []string{
			"i18n/en.yaml:1: a: a placeholder is written {name}, with letters, digits and _; write {{ for a brace",
			"i18n/en.yaml:2: b: a } has no {; write }} for a brace",
			"i18n/en.yaml:3: c: a placeholder is written {name}, with letters, digits and _; write {{ for a brace",
			"i18n/en.yaml:4: d: a placeholder is written {name}, with letters, digits and _; write {{ for a brace",
			`i18n/en.yaml:5: "e e" is not a key; use letters, digits, _ and -, with dots between`,
			"i18n/en.yaml:6: f has no value",
			"i18n/en.yaml:7: g must be plain text"}},
		"braces": {map[string]string{"i18n/en.yaml": "a: {name}\nb: \"{name}\"\nc: {d: e}\n"}, "en", []string{
			"i18n/en.yaml:1: a: a text that begins with { is written in quotes"}},
		"twice": {map[string]string{"i18n/en.yaml": "a.b: x\na:\n  b: y\n", "i18n/en/more.yaml": "\na.b: z\n"}, "en", []string{
			"i18n/en.yaml:3: a.b is given twice, first on line 1",
			`i18n/en/more.yaml:2: the text "a.b" is already in i18n/en.yaml, line 1`}},
		"both":  {map[string]string{"i18n/en.yaml": "a: x\na.other: y\n"}, "en", []string{"i18n/en.yaml:2: a is both a text and has plural forms"}},
		"name":  {map[string]string{"i18n/English.yaml": "a: x\n"}, "en", []string{`i18n/English.yaml:1: "English" is not a language; name the file i18n/en.yaml or i18n/pt-BR.yaml`, "i18n/English.yaml:1: there are no texts in en, the first of the brand's languages"}},
		"long":  {map[string]string{"i18n/en.yaml": "a: " + strings.Repeat("x", maxText+1)}, "en", []string{"i18n/en.yaml:1: a is longer than 4000 bytes"}},
		"deep":  {map[string]string{"i18n/en.yaml": strings.Repeat("{a: ", maxDepth+1) + "x" + strings.Repeat("}", maxDepth+1)}, "en", []string{"i18n/en.yaml:1: a.a.a.a.a.a.a.a is nested more than 8 keys deep"}},
		"empty": {map[string]string{"i18n/en.yaml": "# nothing yet\n"}, "en", []string{"i18n/en.yaml:1: this file is empty"}},
		"languages": {map[string]string{"i18n/en.yaml": "a: x {n}\nb: y\nc: {one: x, other: \"{count}\"}\nd: y\n",
			"i18n/de.yaml": "a: x\nb: \"{n}\"\nc: {one: \"{count}\", other: x}\nd: {one: x, other: y}\ne: z\n"}, "en-GB", []string{
			"i18n/de.yaml:1: a lacks the placeholder {n}, which it has in en-GB",
			"i18n/de.yaml:2: b has the placeholder {n}, which it has not in en-GB",
			"i18n/de.yaml:4: d has plural forms in only one of de and en-GB",
			"i18n/de.yaml:5: e is not in en-GB, the first of the brand's languages"}},
	} {
		c, problems := Load(tt.files)
		problems = append(problems, c.Check(tt.first)...)
		var got []string
		for _, p := range problems {
			got = append(got, p.String())
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{ // of 0, 1, 2, 3, 5, 11, 21, 22, 112, 1.5
		"en":    "other one other other other other other other other other",
		"de-AT": "other one other other other other other other other other",
		"fr":    "one one other other other other other other other one",
		"hi":    "one one other other other other other other other other",
		"ja":    "other other other other other other other other other other",
		"ru":    "many one few few many many one few many other",
		"pl":    "many one few few many many many few many other",
		"cs":    "other one few few other other other other other many",
		"hr":    "other one few few other other one few other other",
		"ar":    "zero one two few few many many many many other",
	} {
		var got []string
		for _, n := range []float64{0, 1, 2, 3, 5, 11, 21, 22, 112, 1.5} {
			got = append(got, Plural(language, n))
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(english)
	f.Add("a: \"{{x}} {y}\"\nb: {one: 1, other: 2}\n")
	f.Add("a.b: |\n  x\n  y\na: {c: d}\n")
	f.Add("? [x]\n: y\n&a b: *a\n")
	f.Fuzz(func(t *testing.T, source string) {
		c, problems := Load(map[string]string{"i18n/en.yaml": source})
		again, problemsAgain := Load(map[string]string{"i18n/en.yaml": source})
		if diff := cmp.Diff(problems, problemsAgain); diff != "" {
			t.Fatal(diff)
		}
		lines := strings.Count(source, "\n") + strings.Count(source, "\r") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines+1 || p.Message == "" || p.File != "i18n/en.yaml" {
				t.Fatalf("bad problem %+v of %d lines", p, lines)
			}
		}
		if !slices.Equal(c.Keys(), again.Keys()) {
			t.Fatal("two looks differ")
		}
		for _, key := range c.Keys() {
			vars := map[string]string{}
			for _, name := range c.languages["en"][key].placeholders() {
				vars[name] = "v"
			}
			n := 3.0
			vars["count"] = "3"
			if _, err := c.Text("en", "", key, vars, &n); err != nil {
				t.Fatalf("%s: %v", key, err)
			}
		}
		for _, p := range c.Check("en") {
			t.Fatalf("a language differs from itself: %s", p)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	var file strings.Builder
	for i := range 500 {
		fmt.Fprintf(&file, "section%d:\n  title: \"Hello {name}, this is text number %d of many\"\n  body: And a text that is a little longer than the others.\n", i, i)
	}
	files := map[string]string{"i18n/en.yaml": file.String()}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		if _, problems := Load(files); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
