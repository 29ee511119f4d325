package listen

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"parley/engine"
	"parley/engine/smstext"
	"parley/engine/understanding/language"
	"parley/engine/understanding/sentiment"
)

// longest is how many bytes of a message are read.
const longest = 2 << 10

// Reading is what a message alone says, read before the transaction that stores
// it. The zero value says nothing.
type Reading struct {
	some      bool
	languages []string          // the brand's
	evidence  language.Evidence // with several languages
	tones     []engine.Heard    // in each of the languages; nil when nobody wants to know
}

// hears says whether a message is in the consumer's own words: it has a text
// that neither picks a choice that was offered nor is one of the law's words.
func hears(c engine.Content) bool {
	return c.Text != "" && c.Picked == nil && smstext.ParseKeyword(c.Text, false) == smstext.KeywordNone
}

// Read does what takes time: it reads the first 2 KiB of a message. A nil
// Listener reads by lexicon.
func (l *Listener) Read(brand engine.Brand, c engine.Content) Reading {
	r := Reading{languages: brand.Settings.Languages}
	several, off := len(r.languages) > 1, brand.Settings.Sentiment.Off
	if off && !several || !hears(c) {
		return Reading{}
	}
	r.some = true
	text := c.Text[:min(len(c.Text), longest)]
	if several && !anyLanguage(brand.Settings.EscapeWords, text) {
		r.evidence = language.Read(text, r.languages)
	}
	if !off {
		in := r.languages
		if len(in) == 0 {
			in = []string{""}
		}
		r.tones = l.scorer(brand.ID).Hear(text, in)
	}
	return r
}

// anyLanguage says whether a text is a request for a person, and nothing else, in
// a word that several languages have, such as "agent": it tells none of them.
func anyLanguage(escapes map[string][]string, text string) bool {
	said, in := bare(text), 0
	for _, list := range escapes {
		if slices.ContainsFunc(list, func(word string) bool { return bare(word) == said }) {
			in++
		}
	}
	return said != "" && in > 1
}

// bare is a text's letters in lower case, without what stands around them.
func bare(text string) string {
	return strings.TrimFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsMark(c) })
}

// Hear decides with what is known of the conversation, and counts the message to
// its mood: some additions. The language is the likeliest by the evidence and the
// messages so far; the tone is that in this language, or else in the conversation's.
func (r Reading) Hear(conv *engine.Conversation) engine.Heard {
	if !r.some {
		return engine.Heard{}
	}
	var h engine.Heard
	if len(r.languages) > 1 {
		h.Language, _, _ = r.evidence.Decide(conv.Mood.Languages)
		count(&conv.Mood, h.Language)
	}
	if r.tones != nil {
		in := max(0, language.Index(r.languages, cmp.Or(h.Language, conv.Language)))
		h.Score, h.Tone = r.tones[in].Score, r.tones[in].Tone
		conv.Mood = sentiment.Add(conv.Mood, h)
	}
	return h
}

// count counts one message in a language, "" for none. Who has a copy of the
// mood keeps its counts.
func count(m *engine.Mood, lang string) {
	if lang == "" {
		return
	}
	if m.Languages = maps.Clone(m.Languages); m.Languages == nil {
		m.Languages = map[string]float64{}
	}
	m.Languages[lang]++
}
