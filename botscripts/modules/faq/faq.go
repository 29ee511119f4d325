package faq

import (
	_ "embed"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/faq"
	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed faq.yaml
var page string

// Module is require "faq".
func Module() kernel.Module {
	return kernel.Module{Name: "faq", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "feedback", Do: feedback, Traits: engine.TraitJournaled},
		{Name: "search", Do: search, Traits: engine.TraitJournaled | engine.TraitUnderstands},
	}}
}

const (
	usualHits = 3
	maxHits   = 10
)

// search is faq.search(text, {limit=}): the best hit with its alternatives,
// or nil.
func search(a kernel.Args) int {
	r := a.Run
	text := a.Text(a.At(1), "text", kernel.TextLimit)
	in, limit := kernel.Fields{"text": text}, usualHits
	if v := a.Options(a.At(2), "options", "limit").RawGetString("limit"); v != lua.LNil {
		limit = a.Whole(v, "limit", 1, maxHits)
		in["limit"] = limit
	}
	answer := r.Immediate(a.L, engine.CallFAQ, in, func(int) any { return r.SearchFAQ(text, limit) })
	hit := kernel.Decode[*engine.FAQAnswer](answer)
	if hit == nil {
		r.Try(fmt.Sprintf("searched the FAQ for %q: nothing found", kernel.Shorten(text)), false)
		return a.Return(lua.LNil)
	}
	r.Try(fmt.Sprintf("searched the FAQ for %q: found %q", kernel.Shorten(text), hit.Question), true)
	remember(r, text, hit)
	return a.Give(answer)
}

// remember keeps what was searched for, for faq.feedback.
func remember(r *kernel.Run, text string, hit *engine.FAQAnswer) {
	searched := kernel.Own[state](r)
	if searched.texts == nil {
		searched.texts = map[string]string{}
	}
	searched.texts[faq.Key(hit.Question)] = text
	for _, other := range hit.Alternatives {
		searched.texts[faq.Key(other.Question)] = text
	}
}

// feedback is faq.feedback(hit, helped): it counts what the consumer says of
// an answer. hit is what faq.search gave, or one of its alternatives.
func feedback(a kernel.Args) int {
	r := a.Run
	hit := a.Table(a.At(1), "hit")
	question := a.Some(hit.RawGetString("question"), "hit.question", kernel.TextLimit)
	helped := a.Boolean(a.At(2), "helped")
	r.Immediate(a.L, a.Fn, kernel.Fields{"question": question, "helped": helped}, func(step int) any {
		key := faq.Key(question)
		written, ok := r.Bundle.Asked[key]
		if !ok {
			return engine.Raised{Raise: fmt.Sprintf("%s: hit.question is no question of the FAQ: %q", a.Fn, kernel.Shorten(question))}
		}
		r.Effect(engine.Effect{Step: step, Feedback: &engine.FeedbackEffect{
			Question: written, Text: kernel.Cut(kernel.Own[state](r).texts[key], kernel.MaxHeard), Helped: helped,
		}})
		return nil
	})
	if helped {
		r.Try(fmt.Sprintf("answered %q: it helped", kernel.Shorten(question)), true)
	} else {
		r.Try(fmt.Sprintf("answered %q: it did not help", kernel.Shorten(question)), false)
	}
	return 0
}

// state is what a run remembers: the last text for which the FAQ gave a question, by its key.
type state struct{ texts map[string]string }
