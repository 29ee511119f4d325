package admin

import (
	"context"

	"parley/gateway/api"
	"parley/gateway/signin"
)

// EraseConsumer forgets a consumer for good.
func (s *Handlers) EraseConsumer(ctx context.Context, r api.EraseConsumerRequestObject) (api.EraseConsumerResponseObject, error) {
	u := signin.Who(ctx).User
	n, err := s.Eraser.Consumer(ctx, u.Brand, r.Id, "agent:"+u.ID)
	return api.EraseConsumer200JSONResponse{Conversations: n.Conversations, Messages: n.Messages}, err
}
