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
	out := api.ListNotices200JSONResponse{Notices: []api.Notice{}}
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Notices().List(u.Brand, u.ID)
		for _, n := range all {
			out.Notices = append(out.Notices, draw.Notice(n))
		}
		return err
	})
	return out, err
}

// DismissNotices removes those that the agent has read.
func (s *Handlers) DismissNotices(ctx context.Context, r api.DismissNoticesRequestObject) (api.DismissNoticesResponseObject, error) {
	u := signin.Who(ctx).User
	err := s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Notices().Dismiss(u.Brand, u.ID, r.Body.N...) })
	return api.DismissNotices204Response{}, err
}
