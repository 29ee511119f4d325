package storagetest

import (
	"testing"

	"parley/engine"
)

func testUtterances(_ *testing.T, f fixture) {
	utterance := func(brand, conversation, text string) *engine.Utterance {
		return &engine.Utterance{
			Brand: brand, Conversation: conversation, Text: text, Source: engine.FromIntent, State: engine.UtteranceOpen, At: at(1),
			Guesses: []engine.Guess{{Intent: "refund", Probability: 0.25}},
		}
	}
	first, second, third, foreign := utterance("acme", "c1", "one"), utterance("acme", "c1", "two"), utterance("acme", "c2", "one"), utterance("beta", "c3", "one")
	second.Guesses = nil
	f.update(func(t engine.Tx) error {
		return add([]*engine.Utterance{first, second, third, foreign}, t.Utterances().Add)
	})
	f.equal([]int64{first.N, second.N, third.N, foreign.N}, []int64{1, 2, 3, 1})
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Utterances().Add(utterance("acme", "c1", "one")) })

	get := func(brand string, n int64) engine.Utterance {
		return read(f, func(t engine.Tx) (engine.Utterance, error) { return t.Utterances().Get(brand, n) })
	}
	f.equal(get("acme", 1), *first)
	f.equal(get("beta", 1), *foreign)
	f.missing(func(t engine.Tx) error { _, err := t.Utterances().Get("beta", 2); return err })
	f.equal(read(f, func(t engine.Tx) (engine.Utterance, error) { return t.Utterances().Find("acme", "c1", "two") }), *second)
	f.missing(func(t engine.Tx) error { _, err := t.Utterances().Find("beta", "c1", "two"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Utterances().Find("acme", "c2", "two"); return err })

	list := func(brand string, state engine.UtteranceState, below int64, limit int) []int64 {
		found := read(f, func(t engine.Tx) ([]engine.Utterance, error) {
			return t.Utterances().List(engine.UtteranceFilter{Brand: brand, State: state, Below: below, Limit: limit})
		})
		out := []int64{}
		for _, u := range found {
			out = append(out, u.N)
		}
		return out
	}
	f.equal(list("acme", "", 0, 10), []int64{3, 2, 1})
	f.equal(list("acme", "", 3, 1), []int64{2})
	f.equal(list("beta", "", 0, 10), []int64{1})

	judged := *second
	judged.Message, judged.Source, judged.State, judged.At = "m1", engine.FromAgent, engine.UtteranceAccepted, at(5)
	judged.Intent, judged.Question, judged.Version, judged.By = "refund", "How?", "h1", "agent:u1"
	f.update(func(t engine.Tx) error { return t.Utterances().Save(judged) })
	f.equal(get("acme", 2), judged)
	f.equal(list("acme", engine.UtteranceOpen, 0, 10), []int64{3, 1})
	f.equal(list("acme", engine.UtteranceAccepted, 9, 10), []int64{2})
	judged.Brand, judged.N = "beta", 2
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Utterances().Save(judged) })

	f.update(func(t engine.Tx) error { return t.Utterances().Drop("acme", 2) })
	f.equal(list("acme", "", 0, 10), []int64{3})
	f.equal(list("beta", "", 0, 10), []int64{1})
	f.update(func(t engine.Tx) error { return t.Utterances().Drop("acme", 0) })
	again := utterance("acme", "c1", "one")
	f.update(func(t engine.Tx) error { return t.Utterances().Add(again) })
	f.equal(again.N, int64(4))
}
