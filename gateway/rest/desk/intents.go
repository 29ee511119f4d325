package desk

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// maxMessage bounds the id of a message.
const maxMessage = 40

// CorrectIntent keeps what an agent says that a message means.
func (s *Handlers) CorrectIntent(ctx context.Context, r api.CorrectIntentRequestObject) (api.CorrectIntentResponseObject, error) {
	u, err := signin.Person(ctx)
	if err != nil {
		return nil, err
	}
	if len(r.Message) > maxMessage {
		return nil, engine.Errorf(engine.NotFound, "There is no such message.")
	}
	kept, err := s.Learner.Correct(ctx, u.Brand, r.Id, r.Message, r.Body.Intent, signin.Who(ctx).Actor())
	return api.CorrectIntent200JSONResponse(draw.Utterance(kept)), err
}

// ListIntents names the intents.
func (s *Handlers) ListIntents(ctx context.Context, _ api.ListIntentsRequestObject) (api.ListIntentsResponseObject, error) {
	names, err := s.Learner.Intents(ctx, signin.Who(ctx).User.Brand)
	return api.ListIntents200JSONResponse{Intents: draw.List(names)}, err
}
