package botscripts

import (
	"math"

	"parley/engine"
)

// MaxHeard is how many bytes of a text count. Nobody says what they want after that.
const MaxHeard = 2000

// intentClassify is intent.classify(text).
func (r *Run) intentClassify(a Args) int {
	text := a.Text(a.At(1), "text", MaxRead)
	return r.Found(a, engine.CallIntent, Fields{"text": text}, func() any {
		if r.Bundle.Intents == nil {
			return engine.Raised{Raise: a.Fn + ": " + noIntents}
		}
		return r.classify(text)
	})
}

const noIntents = "the brand has no intents: write intents.yaml, with the name of each and sentences that say it"

func (r *Run) classify(text string) engine.IntentAnswer {
	text = string(Cut([]byte(text), MaxHeard))
	r.VM.Work(int64(200 + len(text)))
	result := r.Bundle.Intents.Classify(text)
	out := engine.IntentAnswer{Confidence: Share(result.Probability), Known: result.Known}
	for _, g := range result.Top {
		out.Top = append(out.Top, engine.IntentGuess{Name: g.Label, Confidence: Share(g.Probability)})
	}
	if result.Known {
		out.Name = result.Label
	}
	for _, why := range r.Bundle.Intents.Explain(text, result.Label).For {
		out.Words = append(out.Words, why.Word)
	}
	return out
}

// Share is a probability with as many digits as mean anything.
func Share(p float64) float64 { return math.Round(p*1000) / 1000 }

// Found makes an immediate call and gives its answer to the bot as it is in the
// journal: nil, a value or a table.
func (r *Run) Found(a Args, call string, in Fields, do func() any) int {
	v, err := r.ToLua(r.Immediate(a.L, call, in, func(int) any { return do() }))
	if err != nil {
		a.Fail("%v", err)
	}
	a.L.Push(v)
	return 1
}
