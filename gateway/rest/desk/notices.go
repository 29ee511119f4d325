package desk

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListNotices gives what the agent must not miss.
func (s *Handlers) ListNotices(ctx context.Context, _ api.ListNoticesRequestObject) (api.ListNoticesResponseObject, error) {
	u := signin.Who(ctx).User
	all, err := engine.View(ctx, s.Store, func(tx engine.Tx) ([]engine.Notice, error) { return tx.Notices().List(u.Brand, u.ID) })
	return api.ListNotices200JSONResponse{Notices: draw.Each(all, draw.Notice)}, err
}

// DismissNotices removes those that the agent has read.
func (s *Handlers) DismissNotices(ctx context.Context, r api.DismissNoticesRequestObject) (api.DismissNoticesResponseObject, error) {
	u := signin.Who(ctx).User
	err := s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Notices().Dismiss(u.Brand, u.ID, r.Body.N...) })
	return api.DismissNotices204Response{}, err
}
