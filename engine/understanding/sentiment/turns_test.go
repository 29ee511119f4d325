package sentiment_test

import (
	"testing"

	"parley/engine"
	"parley/engine/understanding/sentiment"
)

// TestTurns: what says the opposite of its words, or less than they do.
func TestTurns(t *testing.T) {
	t.Parallel()
	const bad, fair, good = engine.ToneNegative, engine.ToneNeutral, engine.TonePositive
	for _, tt := range []struct {
		language, text string
		want           []engine.Tone
	}{
		{"en", "without a doubt the best place around", []engine.Tone{good}},
		{"en", "I couldn't be happier with it", []engine.Tone{good}},
		{"en", "nobody helps me here", []engine.Tone{bad}},
		{"en", "it would be great if you answered", []engine.Tone{bad, fair}},
		{"en", "Thank you, but the lamp still doesn't work", []engine.Tone{bad}},
		{"en", "no thanks", []engine.Tone{fair}},
		{"en", "No, that's fine", []engine.Tone{fair, good}},
		{"en", "nothing else, thank you", []engine.Tone{good}},
		{"en", "Can you recommend a good lock?", []engine.Tone{fair}},
		{"en", "What a lovely shop", []engine.Tone{good}},
		{"en", "I don't know the number", []engine.Tone{fair}},
		{"en", "parcel is here :)", []engine.Tone{good}},
		{"en", "parcel is not here :(", []engine.Tone{bad}},
		{"en", "see https://shop.example/a:/b (no. 8)", []engine.Tone{fair}},
		{"de", "ohne Zweifel der beste Laden", []engine.Tone{good}},
		{"de", "mir hilft niemand", []engine.Tone{bad}},
		{"de", "wäre schön, wenn Sie antworten würden", []engine.Tone{bad, fair}},
		{"de", "besser könnte es nicht sein", []engine.Tone{good}},
		{"de", "Danke, aber das Licht funktioniert immer noch nicht", []engine.Tone{bad}},
		{"de", "wir hatten ein schönes Zimmer", []engine.Tone{good}},
		{"es", "sin duda la mejor tienda", []engine.Tone{good}},
		{"es", "nadie me ayuda con esto", []engine.Tone{bad}},
		{"es", "sería genial si contestaran", []engine.Tone{bad, fair}},
		{"es", "Gracias, pero la luz sigue sin funcionar", []engine.Tone{bad}},
		{"es", "no, gracias", []engine.Tone{fair}},
		{"fr", "sans aucun doute la meilleure adresse", []engine.Tone{good}},
		{"fr", "personne ne m'aide", []engine.Tone{bad}},
		{"fr", "ce serait super si vous répondiez", []engine.Tone{bad, fair}},
		{"fr", "Merci, mais la lampe ne marche toujours pas", []engine.Tone{bad}},
		{"fr", "merci de me rappeler demain", []engine.Tone{fair}},
	} {
		r := sentiment.Score(tt.text, tt.language)
		right := false
		for _, want := range tt.want {
			right = right || r.Label == want
		}
		if !right {
			t.Errorf("%s %q is %s %.2f %q, want %s", tt.language, tt.text, r.Label, r.Score, r.Words, tt.want)
		}
	}
}
