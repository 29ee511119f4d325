package math

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRandom(t *testing.T) {
	t.Parallel()
	draw := func(seed int64) []float64 {
		var out []float64
		for n := range uint64(10000) {
			out = append(out, draw(seed, n+1))
		}
		return out
	}
	a := draw(1)
	if !cmp.Equal(a, draw(1)) {
		t.Error("the same seed gives other numbers")
	}
	if b := draw(2); a[0] == b[0] || a[1] == b[0] {
		t.Error("another seed gives the same numbers")
	}
	buckets := make([]int, 10)
	for _, f := range a {
		if f < 0 || f >= 1 {
			t.Fatalf("%v is outside [0, 1)", f)
		}
		buckets[int(f*10)]++
	}
	for i, n := range buckets {
		if n < 850 || n > 1150 {
			t.Errorf("bucket %d has %d of 10000", i, n)
		}
	}
}
