package texts_test

import (
	"testing"

	"parley/engine"
	"parley/engine/texts"
)

func keys() []string {
	return []string{texts.Connecting, texts.Queued, texts.OffHours, texts.Assigned, texts.Transferred,
		texts.TransferredTo, texts.BotFailed, texts.BotStopped, texts.Misunderstood, texts.BotBack, texts.OptedOut, texts.OptedIn, texts.Help, texts.Number}
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "de", "es", "fr"} {
		seen := map[string]string{}
		for _, key := range keys() {
			got := texts.Format(engine.BrandSettings{}, lang, key, nil)
			if got == "" {
				t.Errorf("%s has no %q", lang, key)
			}
			seen[key] = got
		}
		if lang != "en" && seen[texts.Queued] == texts.Format(engine.BrandSettings{}, "en", texts.Queued, nil) {
			t.Errorf("%s falls back to English", lang)
		}
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	brand := engine.BrandSettings{
		Languages: []string{"de-AT", "en"},
		Texts:     map[string]string{"assigned": "Hello from {agent}!", "help.fr": "Aide de {brand}"},
	}
	for _, c := range []struct{ name, lang, key, want string }{
		{"the brand's override", "en", texts.Assigned, "Hello from Ana!"},
		{"an override for one language", "fr", texts.Help, "Aide de Acme"},
		{"ours, regional", "en-GB", texts.BotBack, "You are back with our virtual assistant."},
		{"the brand's default language", "", texts.BotBack, "Sie sind wieder bei unserem virtuellen Assistenten."},
		{"a language nobody wrote", "tr", texts.BotBack, "Sie sind wieder bei unserem virtuellen Assistenten."},
	} {
		got := texts.Format(brand, c.lang, c.key, map[string]string{"agent": "Ana", "brand": "Acme"})
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
