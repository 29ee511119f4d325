package storagetest

import (
	"testing"

	"parley/engine"
)

func testTones(_ *testing.T, f fixture) {
	m := message("m1", "c1", 1)
	m.Heard = engine.Heard{Score: -0.5, Tone: engine.ToneNegative, Language: "de"}
	plain, foreign := message("m2", "c1", 2), message("m3", "c2", 1)
	foreign.Brand = "beta"
	f.update(func(t engine.Tx) error { return add([]engine.Message{m, plain, foreign}, t.Messages().Add) })
	get := func(id string) engine.Message {
		return read(f, func(t engine.Tx) (engine.Message, error) { return t.Messages().Get("acme", id) })
	}
	f.equal(get("m1"), m)
	f.equal(get("m2"), plain)

	judged := func(brand string, limit int) []engine.Message {
		return read(f, func(t engine.Tx) ([]engine.Message, error) { return t.Tones().Judged(brand, limit) })
	}
	version := func(brand string) int64 {
		return read(f, func(t engine.Tx) (int64, error) { return t.Tones().Version(brand) })
	}
	f.equal(len(judged("acme", 10)), 0)
	f.equal(version("acme"), int64(0))

	m.Heard = engine.Heard{Score: 1, Tone: engine.TonePositive, Language: "de", By: "agent:u1"}
	plain.Heard = engine.Heard{By: "agent:u1"}
	f.update(func(t engine.Tx) error { return t.Tones().Judge("acme", "m1", m.Heard) })
	first := version("acme")
	f.update(func(t engine.Tx) error { return t.Tones().Judge("acme", "m2", plain.Heard) })
	if first == 0 || version("acme") == first {
		f.t.Errorf("versions %d and %d", first, version("acme"))
	}
	f.equal(judged("acme", 10), []engine.Message{plain, m})
	f.equal(judged("acme", 1), []engine.Message{plain})
	f.equal(len(judged("beta", 10)), 0)
	f.equal(version("beta"), int64(0))
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Tones().Judge("acme", "m3", m.Heard) })
	f.equal(len(judged("beta", 10)), 0)

	m.Heard.By = ""
	f.update(func(t engine.Tx) error { return t.Tones().Judge("acme", "m1", m.Heard) })
	f.equal(judged("acme", 10), []engine.Message{plain})
}

func testFeedback(_ *testing.T, f fixture) {
	give := func(brand, question string, helped, unhelped int, when int) {
		f.update(func(t engine.Tx) error {
			return t.Feedback().Add(engine.FAQFeedback{Brand: brand, Question: question, Helped: helped, Unhelped: unhelped, At: at(when)})
		})
	}
	list := func(brand string) []engine.FAQFeedback {
		return read(f, func(t engine.Tx) ([]engine.FAQFeedback, error) { return t.Feedback().List(brand) })
	}
	f.equal(len(list("acme")), 0)
	give("acme", "Where?", 1, 0, 5)
	give("acme", "How?", 0, 1, 6)
	give("acme", "Where?", 0, 1, 9)
	give("acme", "Where?", 1, 0, 7) // late
	give("beta", "Where?", 1, 0, 8)
	f.equal(list("acme"), []engine.FAQFeedback{
		{Brand: "acme", Question: "How?", Unhelped: 1, At: at(6)},
		{Brand: "acme", Question: "Where?", Helped: 2, Unhelped: 1, At: at(9)},
	})
	f.equal(list("beta"), []engine.FAQFeedback{{Brand: "beta", Question: "Where?", Helped: 1, At: at(8)}})
}
