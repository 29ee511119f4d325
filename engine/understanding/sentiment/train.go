package sentiment

import (
	"context"
	"math"
	"slices"

	"parley/engine"
	"parley/engine/understanding/nlu"
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
	count := map[engine.Tone]int{}
	for _, e := range examples {
		count[engine.Tone(e.Label)]++
	}
	var use []nlu.Example
	labels := 0
	for _, l := range []engine.Tone{engine.ToneNegative, engine.ToneNeutral, engine.TonePositive} {
		if count[l] >= Enough {
			labels++
		}
	}
	if labels < 2 {
		return Scorer{}, nil
	}
	for _, e := range examples {
		switch l := engine.Tone(e.Label); l {
		case engine.ToneNegative, engine.ToneNeutral, engine.TonePositive:
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
	if r, ok := s.learnt(text); ok {
		return r
	}
	return Score(text, language)
}

// Hear is what counts of a message in each of the languages, in their order. The
// message is read once.
func (s Scorer) Hear(text string, languages []string) []engine.Heard {
	out := make([]engine.Heard, len(languages))
	r, ok := s.learnt(text)
	if ok {
		for i := range out {
			out[i] = r.Heard()
		}
		return out
	}
	tokens := tokenize(text)
	for i, language := range languages {
		lex := lexiconOf(language)
		same := slices.IndexFunc(languages[:i], func(l string) bool { return lexiconOf(l) == lex })
		if same >= 0 {
			out[i] = out[same]
			continue
		}
		out[i] = lex.score(tokens).Heard()
	}
	return out
}

// learnt says false when there is nothing learnt, or nothing like the message.
func (s Scorer) learnt(text string) (Result, bool) {
	if s.model == nil {
		return Result{}, false
	}
	guess := s.model.Classify(text)
	if !guess.Known {
		return Result{}, false
	}
	r := Result{Label: engine.Tone(guess.Label), Trained: true}
	for _, g := range guess.Top {
		switch engine.Tone(g.Label) {
		case engine.TonePositive:
			r.Score += g.Probability
		case engine.ToneNegative:
			r.Score -= g.Probability
		}
	}
	r.Score = math.Round(1000*r.Score) / 1000
	return r, true
}
