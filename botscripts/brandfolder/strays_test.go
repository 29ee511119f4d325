package brandfolder

import (
	"slices"
	"strings"
	"testing"

	"parley/connectors"

	"github.com/google/go-cmp/cmp"
)

// TestSilentLosses: what a folder would lose without a word is told, with file and line.
func TestSilentLosses(t *testing.T) {
	t.Parallel()
	const bom = "\uFEFF"
	for name, tt := range map[string]struct {
		more []string
		want []string
	}{
		"byte order marks": {[]string{"faq/a.md", bom + "## Q?\n\nA.\n", "i18n/en.yaml", bom + "a: b\n", "tests/a.chat", bom + "## a\n> hi\n", "lib/x.lua", bom + "return 1\n", "intents.yaml", bom + "order: [where is it, track it, has it been sent]\nhours: [when are you open, opening times, open today]\n"}, nil},
		"deeper headings above any question": {[]string{"faq/a.md", "# FAQ\n\n### When?\n\nAt nine.\n\n### Where?\n\nHere.\n"}, []string{
			"faq/a.md:3: this heading stands below no question; a question is a line that begins with ## and a blank",
			"faq/a.md:7: this heading stands below no question; a question is a line that begins with ## and a blank"}},
		"deeper headings in an answer": {[]string{"faq/a.md", "## When?\n\nAt nine.\n\n### On Sundays\n\nNever.\n"}, nil},
		"no blank behind the marks":    {[]string{"faq/a.md", "##When?\n\nAt nine.\n\n## Where?\n\nHere.\n"}, []string{"faq/a.md:1: write a blank behind the ## of a question"}},
		"an indented heading":          {[]string{"faq/a.md", "  ## When?\n\nAt nine.\n"}, nil},
		"no heading":                   {[]string{"faq/a.md", "\nWhen? At nine.\n"}, []string{"faq/a.md:2: this file holds no question; a question is a line that begins with ## and a blank"}},
		"titles only":                  {[]string{"faq/a.md", "# When?\nAt nine.\n"}, []string{"faq/a.md:1: this file holds no question; a question is a line that begins with ## and a blank"}},
		"underlined headings":          {[]string{"faq/a.md", "When?\n-----\nAt nine.\n"}, []string{"faq/a.md:1: this file holds no question; a question is a line that begins with ## and a blank"}},
		"an empty file and a readme":   {[]string{"faq/a.md", "\n\n", "faq/README.md", "How we write these."}, nil},
		"misspelt keys": {[]string{"faq/a.md", "## When?\nLangauge: en\n\nAt nine.\n\n## Where?\nSee allso: When?\n\nHere.\n\n## Who?\nChanels: web\n\nWe.\n\n## Hm?\nNote: all is well\n\nYes.\n"}, []string{
			`faq/a.md:2: "Langauge" is not known here; did you mean "Language"?`,
			`faq/a.md:7: "See allso" is not known here; did you mean "See also"?`,
			`faq/a.md:12: "Chanels" is not known here; did you mean "Channel"?`}},
		"other extensions": {[]string{"bots/a.luau", "", "faq/b.MD", "", "faq/c.txt", "", "i18n/en.yml", "", "tests/a.test", "", "lib/README.md", "", "bots/main.lua~", "", "bots/.main.lua.swp", ""}, []string{
			"bots/a.luau:1: this file is not read: files in bots/ end with .lua",
			"faq/b.MD:1: this file is not read: files in faq/ end with .md",
			"faq/c.txt:1: this file is not read: files in faq/ end with .md",
			"i18n/en.yml:1: this file is not read: files in i18n/ end with .yaml",
			"tests/a.test:1: this file is not read: files in tests/ end with .chat"}},
		"other places": {[]string{"hello.lua", "", "a.chat", "", "intent.yaml", "", "brand.yml", "", "bot/x.lua", "", "FAQs/x.md", "", "test/y.chat", "", "locales/de.yaml", "", "extra/deep/z.lua", ""}, []string{
			"FAQs/x.md:1: this file is not read: such files are in faq/",
			"a.chat:1: this file is not read: tests are in tests/",
			"bot/x.lua:1: this file is not read: such files are in bots/",
			"brand.yml:1: this file is not read: its name is brand.yaml",
			"extra/deep/z.lua:1: this file is not read: .lua files are in bots/ or lib/",
			"hello.lua:1: this file is not read: bots are in bots/, modules that they share in lib/",
			"intent.yaml:1: this file is not read: its name is intents.yaml",
			"locales/de.yaml:1: this file is not read: such files are in i18n/",
			"test/y.chat:1: this file is not read: such files are in tests/"}},
		"the author's own": {[]string{"README.md", "x", "LICENSE", "x", "docs/guide.md", "x", "images/a.png", "\xff", "package.json", "{}", ".luals/chat.lua", "x", "node_modules/a/b.lua", "x", "Makefile", "x"}, nil},
		"plurals without other": {[]string{"i18n/en.yaml", "cart:\n  one: a bike\n  few: bikes\n"}, []string{
			"i18n/en.yaml:3: cart has the plural form few, one and lacks other, which every count may need"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := reading.Load(folderOf(minimal, tt.more...))
			if diff := cmp.Diff(tt.want, slices.Sorted(slices.Values(messages(problems)))); diff != "" && len(tt.want)+len(problems) > 0 {
				got := slices.Sorted(slices.Values(messages(problems)))
				if !slices.Equal(slices.Sorted(slices.Values(tt.want)), got) {
					t.Error(diff)
				}
			}
		})
	}
}

// TestMissingTexts: a text that one of the brand's languages lacks is told where it should be.
func TestMissingTexts(t *testing.T) {
	t.Parallel()
	yaml := func(languages string) string { return strings.Replace(minimal, "[en]", languages, 1) }
	for name, tt := range map[string]struct {
		yaml string
		more []string
		want []string
	}{
		"a key":           {yaml("[en, de]"), []string{"i18n/en.yaml", "a: A\nb: B\n", "i18n/de.yaml", "a: A\n"}, []string{"i18n/de.yaml:1: b is missing; en has it in i18n/en.yaml, line 2"}},
		"a language":      {yaml("[en, de]"), []string{"i18n/en.yaml", "a: A\n"}, []string{"i18n/de.yaml:1: this file is missing: there are texts, but none in de, one of the brand's languages"}},
		"a variant's own": {yaml("[en, de, de-AT]"), []string{"i18n/en.yaml", "a: A\nb: B\n", "i18n/de.yaml", "a: A\nb: B\n", "i18n/de-AT.yaml", "a: Servus\n"}, nil},
	} {
		_, problems := reading.Load(folderOf(tt.yaml, tt.more...))
		if diff := cmp.Diff(tt.want, messages(problems)); diff != "" && len(tt.want)+len(problems) > 0 {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// kindNames are the kinds of this build as messages list them.
func kindNames() string {
	var all []string
	for _, k := range connectors.Kinds() {
		all = append(all, string(k.Kind))
	}
	return strings.Join(all, ", ")
}
