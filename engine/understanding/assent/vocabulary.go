package assent

import (
	"sync"

	"parley/engine/understanding/said"
)

// vocabulary is what a language answers with.
type vocabulary struct {
	said.Lexicon[class]
	noNegates bool // "no" is also "not"
}

// list is a class and its words, with | between them.
type list struct {
	class
	words string
}

func built(noNegates bool, lists []list) *vocabulary {
	v := &vocabulary{noNegates: noNegates}
	for _, l := range append(common(), lists...) {
		if l.class == filler || l.class == very || l.class == subject {
			v.AddExact(l.class, l.words)
		} else {
			v.Add(l.class, l.words)
		}
	}
	return v
}

var vocabularies = sync.OnceValue(func() map[string]*vocabulary {
	return map[string]*vocabulary{
		"en": built(false, english()), "de": built(false, german()), "es": built(true, spanish()), "fr": built(false, french()),
	}
})

func languageOf(language string) *vocabulary { return vocabularies()[base(language)] }

// common is what people say in any of the languages.
func common() []list {
	return []list{
		{polite, "please|pls|plz|thanks|thank you|thx|ty|bitte|danke|dankeschon|gracias|por favor|porfa|merci|svp|stp|s il vous plait|s il te plait"},
		{agree, "ok|okay|okey|okej|oki|okie|k|kk"},
		{filler, "oh|ah|eh|uh|uhm|um|ahm|hm|hmm|ach|hi|hello|hey|hallo|hola|bonjour|salut|lol|haha"},
	}
}
