package nlu

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// version changes whenever the same examples would give another model.
const version = 2

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
	// Keep is the share of rightly understood sentences that the cut lets through,
	// above 0 and at most 1; 0 is 0.95. Less is stricter.
	Keep float64
	// DefaultCut leaves out the measurement of the cut, which takes about three
	// times as long as the rest, and takes the one of small sets.
	DefaultCut bool
	Encoder    Encoder // nil for none
}

const (
	svmShare = 3    // of the margins in the logits
	lrShare  = 0.75 // of the regression's
)

// maxLabels and maxCells bound what training may take, in labels and in bytes of
// the model's matrix.
const (
	maxLabels = 4096
	maxCells  = 1 << 27
)

var (
	errTooFew  = errors.New("nlu: training needs examples of at least two labels")
	errTooMany = fmt.Errorf("nlu: training takes at most %d labels, and examples that make no more than %d weights", maxLabels, maxCells)
)

// Hash names the model that the examples give, before it is trained. The order
// of the examples does not matter.
func Hash(examples []Example, opt Options) string {
	return hashOf(sorted(examples), opt)
}

func hashOf(examples []Example, opt Options) string {
	sum := sha256.New()
	encoder := ""
	if opt.Encoder != nil {
		encoder = opt.Encoder.Name()
	}
	fmt.Fprintf(sum, "nlu %d %t %t %g %q\n", version, opt.PlainNames, opt.DefaultCut, keepOf(opt), encoder)
	var size [8]byte
	for _, e := range examples {
		for _, s := range [...]string{e.Label, e.Text} {
			binary.LittleEndian.PutUint64(size[:], uint64(len(s)))
			sum.Write(size[:])
			sum.Write([]byte(s))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// sorted gives the examples in an order of their own: the order in which a brand
// writes them down says nothing.
func sorted(examples []Example) []Example {
	return slices.SortedFunc(slices.Values(examples), func(a, b Example) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Text, b.Text))
	})
}

// Train makes a model. It fails when ctx ends, with fewer than two labels and
// with more than a model holds. It uses all processors.
func Train(ctx context.Context, examples []Example, opt Options) (*Model, error) {
	examples = sorted(examples)
	m, err := train(ctx, examples, opt)
	if err != nil {
		return nil, err
	}
	m.hash = hashOf(examples, opt)
	if !opt.DefaultCut {
		if m.held, err = measureCut(ctx, examples, opt); err != nil {
			return nil, err
		}
	}
	return m.Keeping(keepOf(opt)), nil
}

// train makes a model with the default cut.
func train(ctx context.Context, examples []Example, opt Options) (*Model, error) {
	m := &Model{}
	number := map[string]int32{}
	for _, e := range examples {
		number[e.Label] = 0
	}
	m.labels = slices.Sorted(mapKeys(number))
	switch {
	case len(m.labels) < 2:
		return nil, errTooFew
	case len(m.labels) > maxLabels:
		return nil, errTooMany
	}
	m.cut = defaultCut(len(m.labels), len(examples))
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
	}
	if !opt.PlainNames {
		for i, label := range m.labels {
			add(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(label), int32(i))
		}
	}
	m.vocab = newVocabulary(texts, opt.Encoder)
	if (m.vocab.size()+1)*len(m.labels) > maxCells {
		return nil, errTooMany
	}
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
	wait.Go(func() { lr = trainSoftmax(ctx, rows, labels, classes, size) })
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

// parallel calls fn for 0 … n-1, on all processors.
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
