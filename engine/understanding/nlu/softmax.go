package nlu

import (
	"context"
	"math"
	"math/rand/v2"
)

const (
	lrStep   = 1.0
	lrEpochs = 40
	lrSeed   = 1
	// lrDropout is the share of an example's features that one step leaves out, so
	// that no few of them carry a class alone. Chosen on validation data: it gains
	// half a point over none.
	lrDropout = 1 - float32(lrKept)/256
	lrKept    = 51 // of 256 features
	// lrQuiet is the gradient below which a class is left alone: most classes are
	// far off for most examples, and their updates would change nothing.
	lrQuiet = 3e-2
)

// trainSoftmax is softmax regression by Adagrad (Duchi et al. 2011), one example
// at a time, each time without most of its features (Srivastava et al. 2014). The
// matrix has a row of classes for each feature; the last row is the bias.
func trainSoftmax(ctx context.Context, rows [][]term, labels []int32, classes, size int) []float32 {
	w := make([]float32, (size+1)*classes)
	seen := make([]float32, (size+1)*classes) // sums of squared gradients
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(lrSeed, 0))
	p := make([]float32, classes)
	loud := make([]int, 0, classes)
	var kept []term
	for range lrEpochs {
		if ctx.Err() != nil {
			return nil
		}
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			row := kept[:0]
			dice := uint64(0) // eight throws
			for j, t := range rows[i] {
				if j%8 == 0 {
					dice = random.Uint64()
				}
				throw := byte(dice)
				dice >>= 8
				if throw < lrKept {
					row = append(row, term{t.index, t.value / (1 - lrDropout)})
				}
			}
			kept = row
			copy(p, w[size*classes:])
			for _, t := range row {
				addScaled(p, w[int(t.index)*classes:(int(t.index)+1)*classes], t.value)
			}
			softmax(p, 1)
			p[labels[i]]--
			loud = loud[:0]
			for k, g := range p {
				if g > lrQuiet || g < -lrQuiet {
					loud = append(loud, k)
				}
			}
			update := func(at int, value float32) {
				for _, k := range loud {
					g := p[k] * value
					seen[at+k] += g * g
					w[at+k] -= lrStep * g / float32(math.Sqrt(float64(seen[at+k])+0.1))
				}
			}
			for _, t := range row {
				update(int(t.index)*classes, t.value)
			}
			update(size*classes, 1)
		}
	}
	return w
}

func addScaled(sum, row []float32, by float32) {
	row = row[:len(sum)]
	for k := range sum {
		sum[k] += row[k] * by
	}
}

// softmax turns logits into probabilities in place.
func softmax(x []float32, temperature float32) {
	high := x[0]
	for _, v := range x {
		high = max(high, v)
	}
	sum := float32(0)
	for k, v := range x {
		x[k] = float32(math.Exp(float64((v - high) * temperature)))
		sum += x[k]
	}
	for k := range x {
		x[k] /= sum
	}
}
