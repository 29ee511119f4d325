package botscripts

import (
	"math"

	"parley/engine"
)

// maxHeard is how many bytes of a text count. Nobody says what they want after that.
const maxHeard = 2000

// intentClassify is intent.classify(text).
func (r *run) intentClassify(a args) int {
	text := a.text(a.at(1), "text", textLimit)
	return r.found(a, engine.CallIntent, fields{"text": text}, func() any {
		if r.bundle.intents == nil {
			return engine.Raised{Raise: a.fn + ": " + noIntents}
		}
		return r.classify(text)
	})
}

const noIntents = "the brand has no intents: write intents.yaml, with the name of each and sentences that say it"

func (r *run) classify(text string) engine.IntentAnswer {
	text = string(cut([]byte(text), maxHeard))
	r.vm.Work(int64(200 + len(text)))
	result := r.bundle.intents.Classify(text)
	out := engine.IntentAnswer{Confidence: share(result.Probability), Known: result.Known}
	for _, g := range result.Top {
		out.Top = append(out.Top, engine.IntentGuess{Name: g.Label, Confidence: share(g.Probability)})
	}
	if result.Known {
		out.Name = result.Label
	}
	for _, why := range r.bundle.intents.Explain(text, result.Label).For {
		out.Words = append(out.Words, why.Word)
	}
	return out
}

// share is a probability with as many digits as mean anything.
func share(p float64) float64 { return math.Round(p*1000) / 1000 }

// found makes an immediate call and gives its answer to the bot as it is in the
// journal: nil, a value or a table.
func (r *run) found(a args, call string, in fields, do func() any) int {
	v, err := r.toLua(r.immediate(a.L, call, in, func(int) any { return do() }))
	if err != nil {
		a.fail("%v", err)
	}
	a.L.Push(v)
	return 1
}
