package bench

import (
	"slices"
	"time"
)

// Spread is how long something took, in milliseconds.
type Spread struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// spread sorts what was measured.
func spread(took []time.Duration) Spread {
	slices.Sort(took)
	return Spread{P50: millis(percentile(took, 50)), P99: millis(percentile(took, 99))}
}

// percentile is the smallest value that p percent of the sorted values do not
// exceed (nearest rank); 0 of none.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*p + 99) / 100
	return sorted[max(rank, 1)-1]
}

func millis(d time.Duration) float64 { return round(float64(d)/float64(time.Millisecond), 2) }
