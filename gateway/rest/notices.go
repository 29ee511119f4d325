package rest

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
)

func notice(n engine.Notice) api.Notice {
	return api.Notice{
		N: n.N, Agent: n.Agent, Kind: n.Kind, Conversation: or(n.Conversation), Consumer: or(n.Consumer),
		By: or(n.By), To: or(n.To), At: ms(n.At),
	}
}

// ListNotices gives what the agent must not miss.
func (s *Server) ListNotices(ctx context.Context, _ api.ListNoticesRequestObject) (api.ListNoticesResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	out := api.ListNotices200JSONResponse{Notices: []api.Notice{}}
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Notices().List(u.Brand, u.ID)
		for _, n := range all {
			out.Notices = append(out.Notices, notice(n))
		}
		return err
	})
	return out, err
}

// DismissNotices removes those that the agent has read.
func (s *Server) DismissNotices(ctx context.Context, r api.DismissNoticesRequestObject) (api.DismissNoticesResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Notices().Dismiss(u.Brand, u.ID, r.Body.N...) })
	return api.DismissNotices204Response{}, err
}
