package nlu

import (
	"math"
	"math/rand/v2"
)

const (
	svmC         = 1.0
	svmPositive  = 2.0 // C of the class's own examples, as a multiple
	svmPasses    = 20
	svmTolerance = 0.1
)

// trainSVM separates one class from all others: L2-regularised squared hinge
// loss by dual coordinate descent with shrinking (Hsieh et al., ICML 2008). The
// last weight is the bias, a feature of 1.
func trainSVM(rows [][]term, norms []float32, labels []int32, class int32, size int) []float32 {
	n := len(rows)
	w := make([]float32, size+1)
	alpha := make([]float32, n)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	random := rand.New(rand.NewPCG(uint64(class)+1, 0))
	active := n
	high := float32(math.Inf(1)) // gradients above it are shrunk away
	for range svmPasses {
		newHigh, newLow := float32(math.Inf(-1)), float32(math.Inf(1))
		random.Shuffle(active, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for s := 0; s < active; s++ {
			i := order[s]
			y, diagonal := float32(-1), float32(0.5/svmC)
			if labels[i] == class {
				y, diagonal = 1, float32(0.5/(svmC*svmPositive))
			}
			g := w[size]
			for _, t := range rows[i] {
				g += w[t.index] * t.value
			}
			g = g*y - 1 + alpha[i]*diagonal
			gradient := g
			if alpha[i] == 0 {
				if g > high {
					active--
					order[s], order[active] = order[active], order[s]
					s--
					continue
				}
				gradient = min(g, 0)
			}
			newHigh, newLow = max(newHigh, gradient), min(newLow, gradient)
			if gradient > 1e-12 || gradient < -1e-12 {
				old := alpha[i]
				alpha[i] = max(old-g/(norms[i]+1+diagonal), 0)
				step := (alpha[i] - old) * y
				for _, t := range rows[i] {
					w[t.index] += step * t.value
				}
				w[size] += step
			}
		}
		if newHigh-newLow <= svmTolerance {
			if active == n {
				break
			}
			active = n
			high = float32(math.Inf(1))
			continue
		}
		if high = newHigh; high <= 0 {
			high = float32(math.Inf(1))
		}
	}
	return w
}
