package draw

import (
	"parley/engine"
	"parley/gateway/api"
)

// heard is nil when nothing was heard: a neutral message has a tone only
// together with a language or with who judged it.
func heard(h engine.Heard) *api.Heard {
	if h == (engine.Heard{}) {
		return nil
	}
	return &api.Heard{Score: h.Score, Tone: toneOf(h.Tone), Language: Or(h.Language), By: Or(h.By)}
}

// moodOf is nil when the consumer was never heard.
func moodOf(m engine.Mood) *api.Mood {
	if m.Weight <= 0 && m.Tone == "" {
		return nil
	}
	return &api.Mood{Score: m.Score(), Tone: toneOf(m.Tone)}
}

func moodData(d engine.MoodData) *api.Mood {
	return &api.Mood{Score: d.Score, Tone: toneOf(d.Tone)}
}

// toneOf names the tone that is stored as nothing.
func toneOf(t engine.Tone) engine.Tone {
	if t == "" {
		return engine.ToneNeutral
	}
	return t
}
