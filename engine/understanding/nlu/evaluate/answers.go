package evaluate

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"

	"parley/engine/understanding/nlu"
)

// Answer is what a model made of a text.
type Answer struct {
	Text        string  `json:"text"`
	Want        string  `json:"want"` // "" for a text that is none of the labels
	Got         string  `json:"got"`
	Probability float64 `json:"probability"` // of Got
	Entropy     float64 `json:"entropy"`     // nats
	Known       bool    `json:"known"`
}

// Right says that the label is the one wanted, rejected or not.
func (a Answer) Right() bool { return a.Got == a.Want }

// Ask classifies all texts, on all processors, in their order.
func Ask(m *nlu.Model, examples []nlu.Example) []Answer {
	out := make([]Answer, len(examples))
	var wait sync.WaitGroup
	workers := min(len(examples), runtime.GOMAXPROCS(0))
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(examples); i += workers {
				r := m.Classify(examples[i].Text)
				out[i] = Answer{examples[i].Text, examples[i].Label, r.Label, r.Probability, r.Entropy, r.Known}
			}
		})
	}
	wait.Wait()
	return out
}

// Accuracy is the share of answers that are right, without rejection; 0 of none.
func Accuracy(answers []Answer) float64 {
	return share(answers, Answer.Right)
}

func share(answers []Answer, is func(Answer) bool) float64 {
	if len(answers) == 0 {
		return 0
	}
	n := 0
	for _, a := range answers {
		if is(a) {
			n++
		}
	}
	return float64(n) / float64(len(answers))
}

// AUROC is the probability that a text out of scope has a higher entropy than
// one in scope; equal ones count half. It is 0.5 when either is empty.
func AUROC(in, out []Answer) float64 {
	if len(in) == 0 || len(out) == 0 {
		return 0.5
	}
	type score struct {
		entropy float64
		outside bool
	}
	var all []score
	for _, a := range in {
		all = append(all, score{a.Entropy, false})
	}
	for _, a := range out {
		all = append(all, score{a.Entropy, true})
	}
	slices.SortFunc(all, func(a, b score) int { return cmp.Compare(a.entropy, b.entropy) })
	ranks := 0.0 // of those outside, from 1, equal ones their mean
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].entropy == all[i].entropy {
			j++
		}
		for _, s := range all[i:j] {
			if s.outside {
				ranks += float64(i+j+1) / 2
			}
		}
		i = j
	}
	n := float64(len(out))
	return (ranks - n*(n+1)/2) / (n * float64(len(in)))
}

// Rejecting tells how well a model does that rejects above an entropy.
type Rejecting struct {
	Cut     float64 `json:"cut"`      // nats
	InScope float64 `json:"in_scope"` // share of texts in scope classified rightly and not rejected
	Recall  float64 `json:"recall"`   // share of texts out of scope that are rejected
	F1      float64 `json:"f1"`       // of being out of scope
	Overall float64 `json:"overall"`  // share of all texts treated rightly
}

// RejectAt tells how a cut does.
func RejectAt(cut float64, in, out []Answer) Rejecting {
	rejected := func(a Answer) bool { return a.Entropy > cut }
	r := Rejecting{Cut: cut, Recall: share(out, rejected)}
	r.InScope = share(in, func(a Answer) bool { return a.Right() && !rejected(a) })
	hits, wrong := r.Recall*float64(len(out)), share(in, rejected)*float64(len(in))
	if hits > 0 {
		r.F1 = 2 * hits / (hits + wrong + float64(len(out)))
	}
	if n := len(in) + len(out); n > 0 {
		r.Overall = (r.InScope*float64(len(in)) + hits) / float64(n)
	}
	return r
}

// BestCut is the threshold rule of Larson et al. 2019: the cut that is best on
// validation texts, with "out of scope" as one more label. Of equal ones it is
// the lowest.
func BestCut(in, out []Answer) float64 {
	all := slices.Concat(in, out)
	slices.SortFunc(all, func(a, b Answer) int { return cmp.Compare(a.Entropy, b.Entropy) })
	right := len(out)
	best, cut := right, 0.0
	for i, a := range all {
		switch {
		case a.Want == "":
			right--
		case a.Right():
			right++
		}
		if (i+1 == len(all) || all[i+1].Entropy > a.Entropy) && right > best {
			best, cut = right, a.Entropy
		}
	}
	return cut
}

// Bin is a part of a reliability table: answers of a like probability.
type Bin struct {
	Answers     int     `json:"answers"`
	Probability float64 `json:"probability"` // mean
	Accuracy    float64 `json:"accuracy"`
}

// Reliability deals the answers to ten bins by their probability, and gives the
// expected calibration error: by how much probability and accuracy differ, in
// the mean of all answers.
func Reliability(answers []Answer) (bins [10]Bin, ece float64) {
	for _, a := range answers {
		b := &bins[min(max(int(a.Probability*10), 0), 9)]
		b.Answers++
		b.Probability += a.Probability
		if a.Right() {
			b.Accuracy++
		}
	}
	for i := range bins {
		if n := float64(bins[i].Answers); n > 0 {
			ece += math.Abs(bins[i].Probability-bins[i].Accuracy) / float64(len(answers))
			bins[i].Probability /= n
			bins[i].Accuracy /= n
		}
	}
	return bins, ece
}
