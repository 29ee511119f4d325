package rest

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
)

// CreateSession signs in.
func (s *Server) CreateSession(ctx context.Context, r api.CreateSessionRequestObject) (api.CreateSessionResponseObject, error) {
	ip, _ := ctx.Value(ipKey{}).(string)
	cookie, u, err := s.Signin.SignIn(ctx, r.Body.Email, r.Body.Password, ip)
	if err != nil {
		return nil, err
	}
	if err := s.Desk.SignedIn(ctx, u); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx engine.Tx) (err error) {
		u, err = tx.Users().Get(u.Brand, u.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	body, err := s.session(ctx, u)
	set := cookie.String()
	return api.CreateSession200JSONResponse{Body: body, Headers: api.CreateSession200ResponseHeaders{SetCookie: &set}}, err
}

// DeleteSession signs out and ends the session's live sockets. Who is nowhere
// else signed in and connected is gone: her conversations go back to their queues.
func (s *Server) DeleteSession(ctx context.Context, _ api.DeleteSessionRequestObject) (api.DeleteSessionResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	login := who(ctx).Login
	cookie, err := s.Signin.SignOut(ctx, login)
	if err != nil {
		return nil, err
	}
	s.sockets.end(login)
	s.seen.forget(u.ID)
	if err := s.leave(ctx, u, login); err != nil {
		return nil, err
	}
	set := cookie.String()
	return api.DeleteSession204Response{Headers: api.DeleteSession204ResponseHeaders{SetCookie: &set}}, nil
}

// leave makes somebody who has signed out absent, unless another browser session
// of hers is connected to this process or to another.
func (s *Server) leave(ctx context.Context, u engine.User, login string) error {
	if s.sockets.elsewhere(u.ID, login) {
		return nil
	}
	other := false
	err := s.Store.Update(ctx, func(tx engine.Tx) error {
		if err := tx.Attendance().Left(u.Brand, u.ID, s.process); err != nil {
			return err
		}
		last, err := tx.Attendance().Last(u.Brand, u.ID)
		other = s.Clock().Sub(last) < engine.PresenceTTL
		return err
	})
	if err != nil || other {
		return err
	}
	return s.Desk.SignedOut(ctx, u)
}

// GetSession tells who is signed in.
func (s *Server) GetSession(ctx context.Context, _ api.GetSessionRequestObject) (api.GetSessionResponseObject, error) {
	body, err := s.session(ctx, who(ctx).User)
	return api.GetSession200JSONResponse{SessionAnswerJSONResponse: api.SessionAnswerJSONResponse(body)}, err
}

// SetPresence sets the own state.
func (s *Server) SetPresence(ctx context.Context, r api.SetPresenceRequestObject) (api.SetPresenceResponseObject, error) {
	u, err := person(ctx)
	if err != nil {
		return nil, err
	}
	s.seen.forget(u.ID)
	if err := s.Desk.SetPresence(ctx, u, engine.Presence(r.Body.Presence)); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx engine.Tx) (err error) {
		u, err = tx.Users().Get(u.Brand, u.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	body, err := s.session(ctx, u)
	return api.SetPresence200JSONResponse{SessionAnswerJSONResponse: api.SessionAnswerJSONResponse(body)}, err
}

func (s *Server) session(ctx context.Context, u engine.User) (api.Session, error) {
	e, err := s.Catalog.Brand(ctx, u.Brand)
	if err != nil {
		return api.Session{}, err
	}
	var load map[string]float64
	err = s.Store.View(ctx, func(tx engine.Tx) (err error) {
		load, err = tx.Conversations().Load(u.Brand)
		return err
	})
	out := api.Session{User: s.agent(u, load), Build: s.Build}
	out.User.Email = or(u.Email)
	out.Brand.Id, out.Brand.Name = e.Brand.ID, e.Brand.Name
	out.TransferWait = or(int(e.Brand.Settings.Desk.TransferWait().Seconds()))
	return out, err
}

func (s *Server) agent(u engine.User, load map[string]float64) api.Agent {
	presence := u.Presence
	if presence == "" { // a token's stand-in
		presence = engine.Offline
	}
	return api.Agent{
		Id: u.ID, Name: u.Name, Role: api.Role(u.Role), Presence: api.Presence(presence), PresenceSince: msOr(u.PresenceSince),
		Seen: u.There(s.Clock()), PresenceReason: or(api.AgentPresenceReason(u.PresenceReason)), Skills: list(u.Skills), Load: load[u.ID], Slots: u.Slots,
	}
}
