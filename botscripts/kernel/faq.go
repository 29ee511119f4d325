package kernel

import (
	"parley/botscripts/faq"
	"parley/engine"
)

// entriesPerWork are those that a byte of a text is looked for in, for the price of an instruction.
const entriesPerWork = 500

// SearchFAQ is the entry of the FAQ that answers a text where the conversation
// is, with at most limit-1 alternatives; nil when none does. The script pays for it.
func (r *Run) SearchFAQ(text string, limit int) *engine.FAQAnswer {
	heard := min(len(text), MaxHeard)
	r.VM.Work(int64(200 + heard + heard*r.Bundle.FAQ.Size()/entriesPerWork))
	hits := r.Bundle.FAQ.Search(Cut(text, MaxHeard), faq.Place{
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
