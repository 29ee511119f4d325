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
func (r *run) faqSearch(a args) int {
	text := a.text(a.at(1), "text", textLimit)
	in, limit := fields{"text": text}, usualHits
	if v := a.options(a.at(2), "options", "limit").RawGetString("limit"); v != lua.LNil {
		limit = a.whole(v, "limit", 1, maxHits)
		in["limit"] = limit
	}
	answer := r.immediate(a.L, engine.CallFAQ, in, func(int) any {
		heard := min(len(text), maxHeard)
		r.vm.Work(int64(200 + heard + heard*r.bundle.faq.Size()/entriesPerWork))
		return r.searchFAQ(text, limit)
	})
	hit := decode[*engine.FAQAnswer](answer)
	if hit == nil {
		r.try(fmt.Sprintf("searched the FAQ for %q: nothing found", shorten(text)), false)
		a.L.Push(lua.LNil)
		return 1
	}
	r.try(fmt.Sprintf("searched the FAQ for %q: found %q", shorten(text), hit.Question), true)
	r.remember(text, hit)
	v, err := r.toLua(answer)
	if err != nil {
		a.fail("%v", err)
	}
	a.L.Push(v)
	return 1
}

func (r *run) searchFAQ(text string, limit int) *engine.FAQAnswer {
	hits := r.bundle.faq.Search(string(cut([]byte(text), maxHeard)), faq.Place{
		Language: r.start.Language, Channel: r.start.Conversation.Channel, Kind: r.start.Conversation.Kind,
	}, limit)
	if len(hits) == 0 {
		return nil
	}
	e := hits[0].Entry
	out := &engine.FAQAnswer{
		Question: hits[0].Question, Answer: e.Answer, Score: share(hits[0].Score),
		Links: e.Links, Cards: e.Cards, SeeAlso: e.SeeAlso,
	}
	for _, h := range hits[1:] {
		out.Alternatives = append(out.Alternatives, engine.FAQAlternative{Question: h.Question, Answer: h.Entry.Answer, Score: share(h.Score)})
	}
	return out
}

// remember keeps what was searched for, for faq.feedback.
func (r *run) remember(text string, hit *engine.FAQAnswer) {
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
func (r *run) faqFeedback(a args) int {
	hit := a.table(a.at(1), "hit")
	question := a.some(hit.RawGetString("question"), "hit.question", textLimit)
	helped := a.boolean(a.at(2), "helped")
	r.immediate(a.L, a.fn, fields{"question": question, "helped": helped}, func(step int) any {
		key := faq.Key(question)
		written, ok := r.bundle.asked[key]
		if !ok {
			return engine.Raised{Raise: fmt.Sprintf("%s: hit.question is no question of the FAQ: %q", a.fn, shorten(question))}
		}
		r.effect(engine.Effect{Step: step, Feedback: &engine.FeedbackEffect{
			Question: written, Text: string(cut([]byte(r.searched[key]), maxHeard)), Helped: helped,
		}})
		return nil
	})
	if helped {
		r.try(fmt.Sprintf("answered %q: it helped", shorten(question)), true)
	} else {
		r.try(fmt.Sprintf("answered %q: it did not help", shorten(question)), false)
	}
	return 0
}
