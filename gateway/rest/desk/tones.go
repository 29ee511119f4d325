package desk

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// Tones takes what agents say of how a consumer's message sounds.
type Tones interface {
	// Judge fails as Invalid with the field tone, and as NotFound for what is no
	// consumer's message of the conversation.
	Judge(ctx context.Context, brand, conversation, message string, tone engine.Tone, actor string) (engine.Message, error)
}

// JudgeTone keeps what an agent says of how a message sounds.
func (s *Handlers) JudgeTone(ctx context.Context, r api.JudgeToneRequestObject) (api.JudgeToneResponseObject, error) {
	u := signin.Who(ctx).User
	m, err := s.Tones.Judge(ctx, u.Brand, r.Id, r.Message, r.Body.Tone, signin.Who(ctx).Actor())
	return api.JudgeTone200JSONResponse(draw.Message(m)), err
}
