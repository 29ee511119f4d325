package botscripts

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/faq"
	"parley/engine"
)

const (
	// entriesPerWork are those that a byte of a text is looked for in, for the price of an instruction.
	entriesPerWork = 500

	usualHits = 3
	maxHits   = 10
)

// faqSearch is faq.search(text, {limit=}): the best hit with its alternatives,
// or nil.
func (r *Run) faqSearch(a Args) int {
	text := a.Text(a.At(1), "text", MaxRead)
	in, limit := Fields{"text": text}, usualHits
	if v := a.Options(a.At(2), "options", "limit").RawGetString("limit"); v != lua.LNil {
		limit = a.Whole(v, "limit", 1, maxHits)
		in["limit"] = limit
	}
	answer := r.Immediate(a.L, engine.CallFAQ, in, func(int) any {
		heard := min(len(text), MaxHeard)
		r.VM.Work(int64(200 + heard + heard*r.Bundle.FAQ.Size()/entriesPerWork))
		return r.searchFAQ(text, limit)
	})
	hit := Decode[*engine.FAQAnswer](answer)
	if hit == nil {
		r.Try(fmt.Sprintf("searched the FAQ for %q: nothing found", Shorten(text)), false)
		a.L.Push(lua.LNil)
		return 1
	}
	r.Try(fmt.Sprintf("searched the FAQ for %q: found %q", Shorten(text), hit.Question), true)
	r.remember(text, hit)
	v, err := r.ToLua(answer)
	if err != nil {
		a.Fail("%v", err)
	}
	a.L.Push(v)
	return 1
}

func (r *Run) searchFAQ(text string, limit int) *engine.FAQAnswer {
	hits := r.Bundle.FAQ.Search(string(Cut([]byte(text), MaxHeard)), faq.Place{
		Language: r.Start.Language, Channel: r.Start.Conversation.Channel, Kind: r.Start.Conversation.Kind,
	}, limit)
	if len(hits) == 0 {
		return nil
	}
	e := hits[0].Entry
	out := &engine.FAQAnswer{
		Question: hits[0].Question, Answer: e.Answer, Score: Share(hits[0].Score),
		Links: e.Links, Cards: e.Cards, SeeAlso: e.SeeAlso,
	}
	for _, h := range hits[1:] {
		out.Alternatives = append(out.Alternatives, engine.FAQAlternative{Question: h.Question, Answer: h.Entry.Answer, Score: Share(h.Score)})
	}
	return out
}

// remember keeps what was searched for, for faq.feedback.
func (r *Run) remember(text string, hit *engine.FAQAnswer) {
	if r.searched == nil {
		r.searched = map[string]string{}
	}
	r.searched[faq.Key(hit.Question)] = text
	for _, other := range hit.Alternatives {
		r.searched[faq.Key(other.Question)] = text
	}
}

// faqFeedback is faq.feedback(hit, helped): it counts what the consumer says of
// an answer. hit is what faq.search gave, or one of its alternatives.
func (r *Run) faqFeedback(a Args) int {
	hit := a.Table(a.At(1), "hit")
	question := a.Some(hit.RawGetString("question"), "hit.question", MaxRead)
	helped := a.Boolean(a.At(2), "helped")
	r.Immediate(a.L, a.Fn, Fields{"question": question, "helped": helped}, func(step int) any {
		key := faq.Key(question)
		written, ok := r.Bundle.Asked[key]
		if !ok {
			return engine.Raised{Raise: fmt.Sprintf("%s: hit.question is no question of the FAQ: %q", a.Fn, Shorten(question))}
		}
		r.Effect(engine.Effect{Step: step, Feedback: &engine.FeedbackEffect{
			Question: written, Text: string(Cut([]byte(r.searched[key]), MaxHeard)), Helped: helped,
		}})
		return nil
	})
	if helped {
		r.Try(fmt.Sprintf("answered %q: it helped", Shorten(question)), true)
	} else {
		r.Try(fmt.Sprintf("answered %q: it did not help", Shorten(question)), false)
	}
	return 0
}
