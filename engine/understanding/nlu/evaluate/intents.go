package evaluate

import (
	"cmp"
	"context"
	"slices"

	"parley/engine/understanding/nlu"
)

// folds of a cross-validation.
const folds = 5

// CrossValidate asks about every example a model that was trained from the other
// folds, of which there are five. A label's examples are dealt to the folds in
// turn. teach says which examples models may be trained from, nil for all: two
// runs over the same examples compare what some of them teach. Where fewer than
// two labels are taught, the answer is none. progress, which may be nil, is told
// before each fold, from 0, of how many.
func CrossValidate(ctx context.Context, examples []nlu.Example, opt nlu.Options, teach func(nlu.Example) bool, progress func(fold, of int)) ([]Answer, error) {
	opt.DefaultCut = true // only labels are asked for
	seen := map[string]int{}
	fold := make([]int, len(examples))
	for i, e := range examples {
		fold[i] = seen[e.Label] % folds
		seen[e.Label]++
	}
	answers := make([]Answer, len(examples))
	for f := range folds {
		if progress != nil {
			progress(f, folds)
		}
		var known, questions []nlu.Example
		var at []int
		labels := map[string]bool{}
		for i, e := range examples {
			switch {
			case fold[i] == f:
				questions, at = append(questions, e), append(at, i)
				answers[i] = Answer{Text: e.Text, Want: e.Label}
			case teach == nil || teach(e):
				known, labels[e.Label] = append(known, e), true
			}
		}
		if len(questions) == 0 || len(labels) < 2 {
			continue
		}
		m, err := nlu.Train(ctx, known, opt)
		if err != nil {
			return nil, err
		}
		for i, a := range Ask(m, questions) {
			answers[at[i]] = a
		}
	}
	return answers, ctx.Err()
}

// Weak intents are those with fewer examples or a lower F1.
const (
	fewExamples = 10
	lowF1       = 0.7
)

// Intent is how well one label is understood.
type Intent struct {
	Label     string  `json:"label"`
	Examples  int     `json:"examples"`
	Precision float64 `json:"precision"` // of the answers with this label, how many are right
	Recall    float64 `json:"recall"`    // of its examples, how many are found
	F1        float64 `json:"f1"`
	// Weak says why the label needs care, "" when it does not.
	Weak string `json:"weak,omitempty"`
}

// ByIntent tells how well each label is understood, by name.
func ByIntent(answers []Answer) []Intent {
	type counts struct{ examples, answers, right int }
	by := map[string]*counts{}
	of := func(label string) *counts {
		if by[label] == nil {
			by[label] = &counts{}
		}
		return by[label]
	}
	for _, a := range answers {
		of(a.Want).examples++
		of(a.Got).answers++
		if a.Right() {
			of(a.Want).right++
		}
	}
	var out []Intent
	for label, c := range by {
		in := Intent{Label: label, Examples: c.examples}
		if c.answers > 0 {
			in.Precision = float64(c.right) / float64(c.answers)
		}
		if c.examples > 0 {
			in.Recall = float64(c.right) / float64(c.examples)
		}
		if c.right > 0 {
			in.F1 = 2 * in.Precision * in.Recall / (in.Precision + in.Recall)
		}
		switch {
		case c.examples < fewExamples:
			in.Weak = "few examples"
		case in.F1 < lowF1:
			in.Weak = "often confused"
		}
		out = append(out, in)
	}
	slices.SortFunc(out, func(a, b Intent) int { return cmp.Compare(a.Label, b.Label) })
	return out
}

// Confusion is what one label is taken for wrongly.
type Confusion struct {
	Want  string   `json:"want"`
	Got   string   `json:"got"`
	Texts []string `json:"texts"`
}

// Confusions are the wrong answers by what was wanted and got, the most frequent
// first.
func Confusions(answers []Answer) []Confusion {
	by := map[[2]string][]string{}
	for _, a := range answers {
		if !a.Right() {
			key := [2]string{a.Want, a.Got}
			by[key] = append(by[key], a.Text)
		}
	}
	out := []Confusion{}
	for key, texts := range by {
		out = append(out, Confusion{key[0], key[1], texts})
	}
	slices.SortFunc(out, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(len(b.Texts), len(a.Texts)), cmp.Compare(a.Want, b.Want), cmp.Compare(a.Got, b.Got))
	})
	return out
}
