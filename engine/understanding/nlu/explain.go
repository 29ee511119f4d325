package nlu

import (
	"cmp"
	"math"
	"slices"
)

// Reason is how much a word spoke for a label: the logits that it adds to the
// label's beyond what it adds to all labels in the mean. Negative is against.
type Reason struct {
	Word   string  `json:"word"` // as it was read, repaired
	Weight float64 `json:"weight"`
}

// Reasons are the words that decided.
type Reasons struct {
	For     []Reason `json:"for"`     // at most five, the strongest first
	Against []Reason `json:"against"` // at most three, the strongest first
	// Encoder is what the encoder's vector of the whole text added, 0 without one.
	Encoder float64 `json:"encoder"`
}

const maxFor, maxAgainst = 5, 3

// Explain tells which words of a text spoke for a label and which against. What
// two neighbours add as a pair is shared by both. It is zero for an unknown label.
func (m *Model) Explain(text, label string) Reasons {
	k, ok := slices.BinarySearch(m.labels, label)
	if !ok {
		return Reasons{}
	}
	words := tokens(text)
	m.repair.words(words)
	adds := map[int32]float64{}
	var out Reasons
	for _, t := range m.vocab.vector(text, words) {
		add := m.share(int(t.index), k) * float64(t.value)
		if int(t.index) < len(m.vocab.idf) {
			adds[t.index] = add
		} else {
			out.Encoder += add
		}
	}
	weights := m.wordWeights(words, adds)
	for i, w := range words {
		if slices.Index(words, w) == i {
			switch r := (Reason{w, weights[w]}); {
			case r.Weight > 0:
				out.For = append(out.For, r)
			case r.Weight < 0:
				out.Against = append(out.Against, r)
			}
		}
	}
	strongest := func(list []Reason, n int) []Reason {
		slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
		return list[:min(n, len(list))]
	}
	out.For, out.Against = strongest(out.For, maxFor), strongest(out.Against, maxAgainst)
	return out
}

// share is a feature's weight for a class beyond the mean of all classes.
func (m *Model) share(f, k int) float64 {
	row := m.rows[f*len(m.labels) : (f+1)*len(m.labels)]
	sum := 0
	for _, w := range row {
		sum += int(w)
	}
	return float64(m.scales[f]) * (float64(row[k]) - float64(sum)/float64(len(row)))
}

// wordWeights deals what each feature adds to the words that have it.
func (m *Model) wordWeights(words []string, adds map[int32]float64) map[string]float64 {
	all := featuresOf(words)
	weights := map[string]float64{}
	deal := func(word, feature string, index map[string]int32, share float64) {
		if i, ok := index[feature]; ok {
			weights[word] += adds[i] * share
		}
	}
	before := edge
	for _, w := range words {
		deal(w, w, m.vocab.words, 1/float64(all.words[w]))
		pair := before + " " + w
		each := 1 / float64(all.words[pair])
		if before == edge {
			deal(w, pair, m.vocab.words, each)
		} else {
			deal(before, pair, m.vocab.words, each/2)
			deal(w, pair, m.vocab.words, each/2)
		}
		before = w
		own := featuresOf([]string{w}).grams
		for _, g := range slices.Sorted(mapKeys(own)) { // sums of floats need an order
			deal(w, g, m.vocab.grams, float64(own[g])/float64(all.grams[g]))
		}
	}
	if len(words) > 0 {
		deal(before, before+" "+edge, m.vocab.words, 1)
	}
	return weights
}
