package rest

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
)

// Tones takes what agents say of how a consumer's message sounds.
type Tones interface {
	// Judge fails as Invalid with the field tone, and as NotFound for what is no
	// consumer's message of the conversation.
	Judge(ctx context.Context, brand, conversation, message string, tone engine.Tone, actor string) (engine.Message, error)
}

// JudgeTone keeps what an agent says of how a message sounds.
func (s *Server) JudgeTone(ctx context.Context, r api.JudgeToneRequestObject) (api.JudgeToneResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	if len(r.Message) > maxID {
		return nil, engine.Errorf(engine.NotFound, "There is no such message.")
	}
	m, err := s.Tones.Judge(ctx, u.Brand, r.Id, r.Message, r.Body.Tone, actor(ctx))
	return api.JudgeTone200JSONResponse(message(m)), err
}

// heard is nil when nothing was heard: a neutral message has a tone only
// together with a language or with who judged it.
func heard(h engine.Heard) *api.Heard {
	if h == (engine.Heard{}) {
		return nil
	}
	return &api.Heard{Score: h.Score, Tone: toneOf(h.Tone), Language: or(h.Language), By: or(h.By)}
}

// given is the zero value for nil.
func given[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
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
