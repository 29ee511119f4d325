package sentiment

import (
	"math"

	"parley/engine"
)

const (
	decay = 0.7     // of a message's weight with each later one
	alert = 1.0 / 3 // a conversation's band begins beyond it
)

// Add counts one more consumer message to a conversation's mood, in order.
// Languages stay as they are. A neutral message changes nothing as long as no
// other came before it, so that a mood without any other is the zero value.
func Add(m engine.Mood, h engine.Heard) engine.Mood {
	score, k := min(max(h.Score, -1), 1), 1.0
	switch {
	case math.IsNaN(score):
		return m
	case h.Tone == engine.ToneNegative:
		k = 2
	case h.Tone == engine.TonePositive:
	case m.Weight <= 0:
		return m
	default:
		score, k = 0, 0.5
	}
	m.Sum, m.Weight = short(decay*m.Sum+k*score), short(decay*m.Weight+k)
	m.Tone = band(m.Score())
	return m
}

// short keeps the numbers that are stored with every conversation short.
func short(f float64) float64 { return math.Round(1e6*f) / 1e6 }

// band is the alert that a conversation's score gives, "" for none.
func band(score float64) engine.Tone {
	switch {
	case score < -alert:
		return engine.ToneNegative
	case score > alert:
		return engine.TonePositive
	}
	return ""
}
