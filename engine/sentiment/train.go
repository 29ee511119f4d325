package sentiment

import (
	"context"

	"parley/engine/nlu"
)

// Enough is how many examples a label needs before it is learnt from.
const Enough = 50

// Scorer scores messages by a brand's own labels, or by lexicon. The zero value
// has only the lexicon. It is immutable and safe for concurrent use.
type Scorer struct{ model *nlu.Model }

// Train learns from messages that the brand labelled negative, neutral or
// positive; other labels are left out, and so are those with fewer than Enough
// examples. With fewer than two labels left the scorer keeps to the lexicon.
func Train(ctx context.Context, examples []nlu.Example) (Scorer, error) {
	count := map[Label]int{}
	for _, e := range examples {
		count[Label(e.Label)]++
	}
	var use []nlu.Example
	labels := 0
	for _, l := range []Label{Negative, Neutral, Positive} {
		if count[l] >= Enough {
			labels++
		}
	}
	if labels < 2 {
		return Scorer{}, nil
	}
	for _, e := range examples {
		switch l := Label(e.Label); l {
		case Negative, Neutral, Positive:
			if count[l] >= Enough {
				use = append(use, e)
			}
		}
	}
	model, err := nlu.Train(ctx, use, nlu.Options{PlainNames: true})
	if err != nil {
		return Scorer{}, err
	}
	return Scorer{model}, nil
}

// Trained says whether the scorer has learnt from labels.
func (s Scorer) Trained() bool { return s.model != nil }

// Score reads a message: by what was learnt, else by lexicon. What was learnt is
// silent about messages unlike all its examples. The score is the probability of
// positive less that of negative.
func (s Scorer) Score(text, language string) Result {
	if s.model == nil {
		return Score(text, language)
	}
	guess := s.model.Classify(text)
	if !guess.Known {
		return Score(text, language)
	}
	r := Result{Label: Label(guess.Label), Trained: true}
	for _, g := range guess.Top {
		switch Label(g.Label) {
		case Positive:
			r.Score += g.Probability
		case Negative:
			r.Score -= g.Probability
		}
	}
	return r
}
