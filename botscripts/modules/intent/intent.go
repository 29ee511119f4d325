package intent

import (
	_ "embed"

	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed intent.yaml
var page string

// Module is require "intent".
func Module() kernel.Module {
	return kernel.Module{Name: "intent", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "classify", Do: classify, Traits: engine.TraitJournaled | engine.TraitUnderstands},
	}}
}

// understand is intent.classify(text).
func classify(a kernel.Args) int {
	r := a.Run
	text := a.Text(a.At(1), "text", kernel.TextLimit)
	return a.Found(engine.CallIntent, kernel.Fields{"text": text}, func() any {
		if r.Bundle.Intents == nil {
			return engine.Raised{Raise: a.Fn + ": " + None}
		}
		return understand(r, text)
	})
}

// None is what is told where a brand has no intents.
const None = "the brand has no intents: write intents.yaml, with the name of each and sentences that say it"

func understand(r *kernel.Run, text string) engine.IntentAnswer {
	text = r.Heard(text)
	result := r.Bundle.Intents.Classify(text)
	out := engine.IntentAnswer{Confidence: kernel.Share(result.Probability), Known: result.Known}
	for _, g := range result.Top {
		out.Top = append(out.Top, engine.IntentGuess{Name: g.Label, Confidence: kernel.Share(g.Probability)})
	}
	if result.Known {
		out.Name = result.Label
	}
	for _, why := range r.Bundle.Intents.Explain(text, result.Label).For {
		out.Words = append(out.Words, why.Word)
	}
	return out
}
