package desk

import (
	"context"

	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// JudgeTone keeps what an agent says of how a message sounds.
func (s *Handlers) JudgeTone(ctx context.Context, r api.JudgeToneRequestObject) (api.JudgeToneResponseObject, error) {
	u := signin.Who(ctx).User
	m, err := s.Tones.Judge(ctx, u.Brand, r.Id, r.Message, r.Body.Tone, signin.Who(ctx).Actor())
	return api.JudgeTone200JSONResponse(draw.Message(m)), err
}
