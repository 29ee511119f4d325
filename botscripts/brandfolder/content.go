package brandfolder

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/botscripts/faq"
	"parley/botscripts/i18n"
	"parley/botscripts/intents"
)

// checkFAQ reads all questions and holds that none is asked twice of the
// same people.
func (b *builder) checkFAQ() {
	first, asked := map[string]faq.Entry{}, map[string]bool{}
	var all []faq.Entry
	for _, name := range slices.Sorted(maps.Keys(b.brand.Bundle.Files)) {
		if !strings.HasPrefix(name, "faq/") {
			continue
		}
		entries, err := faq.Check(name, b.brand.Bundle.Files[name])
		for _, e := range faq.Problems(err) {
			b.Problems = append(b.Problems, Problem{File: e.Path, Line: e.Line, Message: e.Message})
		}
		for _, e := range entries {
			key := faq.Key(e.Question) + "\n" + e.Language + "\n" + strings.Join(slices.Sorted(slices.Values(e.Channels)), ",")
			if f, twice := first[key]; twice {
				b.Problems = append(b.Problems, Problem{File: e.Path, Line: e.Line, Message: fmt.Sprintf("the question %q is already in %s, line %d", e.Question, f.Path, f.Line)})
				continue
			}
			first[key], all, asked[faq.Key(e.Question)] = e, append(all, e), true
		}
	}
	for _, e := range all {
		for _, other := range e.SeeAlso {
			if !asked[faq.Key(other)] {
				b.Problems = append(b.Problems, Problem{File: e.Path, Line: e.Line, Message: fmt.Sprintf("see also: there is no question %q", other)})
			}
		}
		if langs := b.brand.Brand.Settings.Languages; e.Language != "" && len(langs) > 0 && !speaks(langs, e.Language) {
			b.Problems = append(b.Problems, Problem{File: e.Path, Line: e.Line,
				Message: fmt.Sprintf("the brand does not speak %s; its languages are %s", e.Language, strings.Join(langs, ", "))})
		}
	}
}

// checkIntents holds that intents.yaml can be trained from.
func (b *builder) checkIntents() {
	if text, ok := b.brand.Bundle.Files[intents.File]; ok {
		_, problems := intents.Parse(text)
		b.Problems = append(b.Problems, problems...)
	}
	_, problems := intents.Cases(b.brand.Bundle.Files)
	b.Problems = append(b.Problems, problems...)
}

// checkTexts holds that the files of texts are right and that languages agree.
func (b *builder) checkTexts() {
	catalog, problems := i18n.Load(b.brand.Bundle.Files)
	b.Problems = append(b.Problems, problems...)
	languages := b.brand.Brand.Settings.Languages
	if len(languages) == 0 {
		return // told as missing
	}
	for _, name := range slices.Sorted(maps.Keys(b.brand.Bundle.Files)) {
		if language := i18n.Language(name); i18n.IsFile(name) && !speaks(languages, language) {
			b.Problems = append(b.Problems, Problem{File: name, Line: 1,
				Message: fmt.Sprintf("the brand does not speak %s; its languages are %s", language, strings.Join(languages, ", "))})
		}
	}
	b.Problems = append(b.Problems, catalog.Check(languages[0])...)
	for _, language := range languages[1:] {
		if len(catalog.Languages()) > 0 && !slices.ContainsFunc(catalog.Languages(), func(s string) bool { return speaks([]string{language}, s) }) {
			b.Problems = append(b.Problems, Problem{File: "i18n/" + language + ".yaml", Line: 1,
				Message: fmt.Sprintf("this file is missing: there are texts, but none in %s, one of the brand's languages", language)})
		}
	}
}

// speaks tells whether texts in a language serve one of the brand's: those in
// de serve de-AT.
func speaks(languages []string, language string) bool {
	return slices.ContainsFunc(languages, func(s string) bool {
		return s == language || strings.HasPrefix(s, language+"-") || strings.HasPrefix(language, s+"-")
	})
}
