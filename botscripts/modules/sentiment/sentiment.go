package sentiment

import (
	"cmp"
	_ "embed"

	"parley/botscripts/kernel"
	"parley/engine"
	"parley/engine/understanding/sentiment"
)

//go:embed sentiment.yaml
var page string

// Module is require "sentiment".
func Module() kernel.Module {
	return kernel.Module{Name: "sentiment", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "conversation", Do: conversation, Traits: engine.TraitJournaled},
		{Name: "score", Do: score, Traits: engine.TraitJournaled},
	}}
}

// score is sentiment.score(text): {score, label}.
func score(a kernel.Args) int {
	r := a.Run
	text := a.Text(a.At(1), "text", kernel.TextLimit)
	return a.Found(a.Fn, kernel.Fields{"text": text}, func() any {
		s := sentiment.Score(r.Heard(text), r.Start.Language)
		return map[string]any{"score": s.Score, "label": string(s.Label)}
	})
}

// conversation is sentiment.conversation(): {score, label} of what the
// consumer wrote so far.
func conversation(a kernel.Args) int {
	return a.Found(a.Fn, kernel.Fields{}, func() any {
		mood := a.Run.Turn.Conversation.Mood
		return map[string]any{"score": kernel.Share(mood.Score()), "label": string(cmp.Or(mood.Tone, engine.ToneNeutral))}
	})
}
