package nlu

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Example is a sentence and what it means.
type Example struct {
	Text  string `json:"text"`
	Label string `json:"label"`
}

// Options of training. The zero value is right for a brand's intents.
type Options struct {
	// PlainNames leaves a label's name out of its examples. Without it the name,
	// with spaces for underscores, counts as one more.
	PlainNames bool
	Encoder    Encoder // nil for none
}

// Model classifies texts. It is immutable and safe for concurrent use.
type Model struct {
	labels []string // sorted
	vocab  *vocabulary
	rows   []int8    // a row of classes for each feature, the last for the bias
	scales []float32 // of each row
	repair *speller
	cut    float64
	hash   string
}

const (
	svmShare    = 3    // of the margins in the logits
	lrShare     = 0.75 // of the regression's
	temperature = 0.67
	// defaultCut is the entropy, in nats, above which too small a training set
	// rejects; larger sets measure their own.
	defaultCut = 1.75
)

// ErrTooFew says that there are not two labels to tell apart.
var errTooFew = errors.New("nlu: training needs examples of at least two labels")

// Train makes a model. It fails when ctx ends and when there are fewer than two
// labels. It uses all processors.
func Train(ctx context.Context, examples []Example, opt Options) (*Model, error) {
	m := &Model{cut: defaultCut}
	number := map[string]int32{}
	for _, e := range examples {
		number[e.Label] = 0
	}
	m.labels = slices.Sorted(mapKeys(number))
	if len(m.labels) < 2 {
		return nil, errTooFew
	}
	sum := sha256.New()
	var texts [][]string
	var raw []string
	var labels []int32
	add := func(text string, label int32) {
		texts, raw, labels = append(texts, tokens(text)), append(raw, text), append(labels, label)
	}
	for i, label := range m.labels {
		number[label] = int32(i)
	}
	for _, e := range examples {
		add(e.Text, number[e.Label])
		sum.Write([]byte(e.Label + "\x00" + e.Text + "\x00"))
	}
	if !opt.PlainNames {
		for i, label := range m.labels {
			add(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(label), int32(i))
		}
	}
	m.hash = hex.EncodeToString(sum.Sum(nil))
	m.vocab = newVocabulary(texts, opt.Encoder)
	m.repair = newSpeller(m.vocab.known)
	rows, norms := make([][]term, len(texts)), make([]float32, len(texts))
	parallel(len(texts), func(i int) {
		rows[i] = m.vocab.vector(raw[i], texts[i])
		for _, t := range rows[i] {
			norms[i] += t.value * t.value
		}
	})
	return m, m.fit(ctx, rows, norms, labels)
}

// fit trains both halves and keeps their blend.
func (m *Model) fit(ctx context.Context, rows [][]term, norms []float32, labels []int32) error {
	size, classes := m.vocab.size(), len(m.labels)
	var lr []float32
	var wait sync.WaitGroup
	wait.Go(func() { lr = trainSoftmax(rows, labels, classes, size) })
	svm := make([][]float32, classes)
	parallel(classes, func(k int) {
		if ctx.Err() == nil {
			svm[k] = trainSVM(rows, norms, labels, int32(k), size)
		}
	})
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	m.rows, m.scales = make([]int8, (size+1)*classes), make([]float32, size+1)
	row := make([]float32, classes)
	for f := range size + 1 {
		high := float32(0)
		for k := range row {
			row[k] = svmShare*svm[k][f] + lrShare*lr[f*classes+k]
			high = max(high, row[k], -row[k])
		}
		if high == 0 {
			continue
		}
		m.scales[f] = high / 127
		for k, v := range row {
			m.rows[f*classes+k] = int8(math.RoundToEven(float64(v / m.scales[f])))
		}
	}
	return nil
}

func parallel(n int, fn func(int)) {
	var wait sync.WaitGroup
	workers := min(n, runtime.GOMAXPROCS(0))
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n; i += workers {
				fn(i)
			}
		})
	}
	wait.Wait()
}

// Labels are what the model tells apart, sorted.
func (m *Model) Labels() []string { return slices.Clone(m.labels) }

// Hash names the examples that the model was trained from.
func (m *Model) Hash() string { return m.hash }

// Cut is the entropy in nats above which a text is rejected.
func (m *Model) Cut() float64 { return m.cut }

// WithCut is the model with another cut.
func (m *Model) WithCut(cut float64) *Model {
	other := *m
	other.cut = cut
	return &other
}

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
	Entropy float64 `json:"entropy"` // nats
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
	softmax(p, temperature)
	r := Result{Entropy: entropy(p), Read: strings.Join(words, " ")}
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
