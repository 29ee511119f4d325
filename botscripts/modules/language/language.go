package language

import (
	_ "embed"

	"parley/botscripts/kernel"
	"parley/engine"
	"parley/engine/understanding/language"
)

//go:embed language.yaml
var page string

// Module is require "language".
func Module() kernel.Module {
	return kernel.Module{Name: "language", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "detect", Do: detect, Traits: engine.TraitJournaled},
	}}
}

// detect is language.detect(text): one of the brand's languages, or nil.
func detect(a kernel.Args) int {
	r := a.Run
	text := a.Text(a.At(1), "text", kernel.TextLimit)
	return a.Found(a.Fn, kernel.Fields{"text": text}, func() any {
		code, _, ok := language.Detect(r.Heard(text), r.Turn.Brand.Settings.Languages, spoken(r))
		if !ok {
			return nil
		}
		return code
	})
}

// spoken is in which languages the consumer wrote so far. Before anything was
// heard, the conversation's language counts as one message.
func spoken(r *kernel.Run) map[string]float64 {
	if heard := r.Turn.Conversation.Mood.Languages; len(heard) > 0 {
		return heard
	}
	if known := r.Start.Conversation.Language; known != "" {
		return map[string]float64{known: 1}
	}
	return nil
}
