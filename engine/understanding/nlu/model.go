package nlu

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Model classifies texts. It is immutable and safe for concurrent use.
type Model struct {
	labels []string // sorted
	vocab  *vocabulary
	rows   []int8    // a row of classes for each feature, the last for the bias
	scales []float32 // of each row
	repair *speller
	held   heldOut
	cut    float64
	hash   string
}

// temperature is the inverse temperature of the softmax. Of those tried on
// validation data it gives the probabilities that can be believed most.
const temperature = 0.8

// entropyTemperature is that of the entropy: flatter, because what sets unknown
// texts apart is how many labels they are a little like.
const entropyTemperature = 0.5

// Labels are what the model tells apart, sorted.
func (m *Model) Labels() []string { return slices.Clone(m.labels) }

// Hash names the examples and the options that the model was trained from, as
// the function Hash does. Where the cut was moved to makes no difference.
func (m *Model) Hash() string { return m.hash }

// Guess is a label with its probability, 0 … 1.
type Guess struct {
	Label       string  `json:"label"`
	Probability float64 `json:"probability"`
}

// Result is what a text was taken for.
type Result struct {
	Guess
	// Known is false when the text is none of the labels, as far as the model can
	// tell: its entropy is above the cut, or no feature of it was ever seen.
	Known   bool    `json:"known"`
	Entropy float64 `json:"entropy"` // nats, of probabilities made flatter
	Top     []Guess `json:"top"`     // the best three, best first
	Read    string  `json:"read"`    // the words as they were read, repaired
}

// Classify says what a text means.
func (m *Model) Classify(text string) Result {
	words := tokens(text)
	m.repair.words(words)
	p := make([]float32, len(m.labels))
	vector := m.vocab.vector(text, words)
	m.logits(vector, p)
	flat := slices.Clone(p)
	softmax(flat, entropyTemperature)
	softmax(p, temperature)
	r := Result{Entropy: entropy(flat), Read: strings.Join(words, " ")}
	r.Top = m.best(p, 3)
	r.Guess = r.Top[0]
	r.Known = len(vector) > 0 && r.Entropy <= m.cut
	return r
}

// logits adds up the rows of a vector's features.
func (m *Model) logits(vector []term, sum []float32) {
	classes := len(m.labels)
	add := func(f int, value float32) {
		by := m.scales[f] * value
		row := m.rows[f*classes : (f+1)*classes][:len(sum)]
		for k := range sum {
			sum[k] += float32(row[k]) * by
		}
	}
	for _, t := range vector {
		add(int(t.index), t.value)
	}
	add(len(m.scales)-1, 1)
}

func entropy(p []float32) float64 {
	h := 0.0
	for _, v := range p {
		if v > 0 {
			h -= float64(v) * math.Log(float64(v))
		}
	}
	return h
}

func (m *Model) best(p []float32, n int) []Guess {
	order := make([]int, 0, n+1)
	for k := range p {
		at, _ := slices.BinarySearchFunc(order, k, func(a, b int) int {
			return cmp.Or(cmp.Compare(p[b], p[a]), cmp.Compare(a, b))
		})
		if at < n {
			order = slices.Insert(order, at, k)
			order = order[:min(n, len(order))]
		}
	}
	out := make([]Guess, len(order))
	for i, k := range order {
		out[i] = Guess{Label: m.labels[k], Probability: float64(p[k])}
	}
	return out
}
