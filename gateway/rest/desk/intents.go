package desk

import (
	"context"

	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// CorrectIntent keeps what an agent says that a message means.
func (s *Handlers) CorrectIntent(ctx context.Context, r api.CorrectIntentRequestObject) (api.CorrectIntentResponseObject, error) {
	u := signin.Who(ctx).User
	kept, err := s.Learner.Correct(ctx, u.Brand, r.Id, r.Message, r.Body.Intent, signin.Who(ctx).Actor())
	return api.CorrectIntent200JSONResponse(draw.Utterance(kept)), err
}

// ListIntents names the intents.
func (s *Handlers) ListIntents(ctx context.Context, _ api.ListIntentsRequestObject) (api.ListIntentsResponseObject, error) {
	names, err := s.Learner.Intents(ctx, signin.Who(ctx).User.Brand)
	return api.ListIntents200JSONResponse{Intents: draw.List(names)}, err
}
