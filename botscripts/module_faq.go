package botscripts

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// faqAnswer is the journaled answer of faq.search.
type faqAnswer struct {
	Question string  `json:"question"`
	Answer   string  `json:"answer"`
	Score    float64 `json:"score"`
}

// faqSearch is faq.search(text): {question, answer, score}, or nil.
func (r *run) faqSearch(a args) int {
	text := a.text(a.at(1), "text", maxText)
	hit := decode[*faqAnswer](r.immediate(a.L, "faq.search", fields{"text": text}, func(int) any {
		hit, ok := r.bundle.faq.Search(text)
		if !ok {
			return nil
		}
		return faqAnswer{Question: hit.Question, Answer: hit.Answer, Score: hit.Score}
	}))
	if hit == nil {
		r.try(fmt.Sprintf("searched the FAQ for %q: nothing found", shorten(text)), false)
		a.L.Push(lua.LNil)
		return 1
	}
	r.try(fmt.Sprintf("searched the FAQ for %q: found %q", shorten(text), hit.Question), true)
	t := a.L.CreateTable(0, 3)
	t.RawSetString("question", lua.LString(hit.Question))
	t.RawSetString("answer", lua.LString(hit.Answer))
	t.RawSetString("score", lua.LNumber(hit.Score))
	a.L.Push(t)
	return 1
}
