package sentiment

import "math"

const decay = 0.7 // of a message's weight with each later one

// Running is the score of a conversation so far. The zero value has no messages.
// Keep it with the conversation and add its consumer messages in order.
type Running struct {
	Sum    float64 `json:"sum"`
	Weight float64 `json:"weight"`
}

// Add counts one more consumer message.
func (r Running) Add(m Result) Running {
	if math.IsNaN(m.Score) {
		return r
	}
	k := 0.5
	switch m.Label {
	case Negative:
		k = 2
	case Positive:
		k = 1
	}
	return Running{Sum: decay*r.Sum + k*min(max(m.Score, -1), 1), Weight: decay*r.Weight + k}
}

// Score is the conversation's score, −1 … 1; 0 without messages.
func (r Running) Score() float64 {
	if r.Weight <= 0 {
		return 0
	}
	return r.Sum / r.Weight
}

// Label is the alert band: below −1/3 negative, above 1/3 positive.
func (r Running) Label() Label {
	switch s := r.Score(); {
	case s < -1.0/3:
		return Negative
	case s > 1.0/3:
		return Positive
	}
	return Neutral
}
