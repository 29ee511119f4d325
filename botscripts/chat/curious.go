package chat

import (
	"maps"
	"slices"
	"strings"

	"parley/engine"
	words "parley/engine/texts"
)

// curious says whether a message asks if a person writes here, and nothing the brand
// has written answers it: where any text is an answer, its intents and its FAQ come first.
func (r *talk) curious(q question, text string) bool {
	if !q.escape || !r.AsksForHuman(text) {
		return false
	}
	if q.rule.kind != "" && q.rule.kind != kindText {
		return true
	}
	known := r.Bundle.Intents != nil && r.Bundle.Intents.Classify(r.Heard(text)).Known
	return !known && (r.Bundle.FAQ.Size() == 0 || r.SearchFAQ(text, 1) == nil)
}

// honestly is what a bot answers to that: that it is one, and how to get a person.
func (r *talk) honestly() string {
	brand, language := r.Turn.Brand, r.Start.Language
	said := words.Format(brand.Settings, language, words.Bot, map[string]string{"brand": brand.Name})
	escapes := brand.Settings.EscapeWords
	base, _, _ := strings.Cut(language, "-")
	for _, in := range append([]string{language, base, brand.Settings.Language()}, slices.Sorted(maps.Keys(escapes))...) {
		if len(escapes[in]) > 0 {
			said += " " + words.Format(brand.Settings, language, words.BotPerson, map[string]string{"word": escapes[in][0]})
			break
		}
	}
	return strings.TrimSpace(said)
}

// honest is the question, asked again below the honest answer.
func (r *talk) honest(q question) engine.Content {
	return q.asked(strings.TrimSpace(r.honestly() + "\n\n" + q.prompt.Text))
}
