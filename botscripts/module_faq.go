package botscripts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/faq"
	"parley/engine"
)

// index makes the bundle's FAQ searchable.
func (r *Runtime) index(entries []faq.Entry) (*faq.Index, error) {
	raw, err := json.Marshal(entries)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	return r.indexes.get(hex.EncodeToString(sum[:]), func() (*faq.Index, error) {
		// Nobody may end it: others wait for it, too.
		return faq.NewIndex(context.Background(), entries)
	})
}

// faqAnswer is the journaled answer of faq.search, and what the bot gets.
type faqAnswer struct {
	Question     string           `json:"question"`
	Answer       string           `json:"answer"`
	Score        float64          `json:"score"`
	Links        []engine.Link    `json:"links,omitempty"`
	Cards        []engine.Card    `json:"cards,omitempty"`
	SeeAlso      []string         `json:"see_also,omitempty"`
	Alternatives []faqAlternative `json:"alternatives,omitempty"`
}

type faqAlternative struct {
	Question string  `json:"question"`
	Answer   string  `json:"answer"`
	Score    float64 `json:"score"`
}

const (
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
	answer := r.immediate(a.L, "faq.search", in, func(int) any {
		r.vm.Work(int64(200 + min(len(text), maxHeard)))
		return r.searchFAQ(text, limit)
	})
	hit := decode[*faqAnswer](answer)
	if hit == nil {
		r.try(fmt.Sprintf("searched the FAQ for %q: nothing found", shorten(text)), false)
		a.L.Push(lua.LNil)
		return 1
	}
	r.try(fmt.Sprintf("searched the FAQ for %q: found %q", shorten(text), hit.Question), true)
	v, err := r.toLua(answer)
	if err != nil {
		a.fail("%v", err)
	}
	a.L.Push(v)
	return 1
}

func (r *run) searchFAQ(text string, limit int) *faqAnswer {
	hits := r.bundle.faq.Search(string(cut([]byte(text), maxHeard)), faq.Place{
		Language: r.start.Language, Channel: r.start.Conversation.Channel, Kind: r.start.Conversation.Kind,
	}, limit)
	if len(hits) == 0 {
		return nil
	}
	e := hits[0].Entry
	out := &faqAnswer{
		Question: hits[0].Question, Answer: e.Answer, Score: share(hits[0].Score),
		Links: e.Links, Cards: e.Cards, SeeAlso: e.SeeAlso,
	}
	for _, h := range hits[1:] {
		out.Alternatives = append(out.Alternatives, faqAlternative{Question: h.Question, Answer: h.Entry.Answer, Score: share(h.Score)})
	}
	return out
}
