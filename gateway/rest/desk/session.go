package desk

import (
	"context"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

type ipKey struct{}

// From gives a context the address of who signs in.
func From(ctx context.Context, ip string) context.Context {
	return context.WithValue(ctx, ipKey{}, ip)
}

// CreateSession signs in.
func (s *Handlers) CreateSession(ctx context.Context, r api.CreateSessionRequestObject) (api.CreateSessionResponseObject, error) {
	ip, _ := ctx.Value(ipKey{}).(string)
	cookie, u, err := s.Signin.SignIn(ctx, r.Body.Email, r.Body.Password, ip)
	if err != nil {
		return nil, err
	}
	if err := s.Desk.SignedIn(ctx, u); err != nil {
		return nil, err
	}
	body, err := s.sessionNow(ctx, u)
	return api.CreateSession200JSONResponse{Body: body, Headers: api.CreateSession200ResponseHeaders{SetCookie: new(cookie.String())}}, err
}

// DeleteSession signs out and ends the session's live sockets. Who is nowhere
// else signed in and connected is gone: her conversations go back to their queues.
func (s *Handlers) DeleteSession(ctx context.Context, _ api.DeleteSessionRequestObject) (api.DeleteSessionResponseObject, error) {
	u := signin.Who(ctx).User
	login := signin.Who(ctx).Login
	cookie, err := s.Signin.SignOut(ctx, login)
	if err != nil {
		return nil, err
	}
	if err := s.Live.SignedOut(ctx, u, login); err != nil {
		return nil, err
	}
	return api.DeleteSession204Response{Headers: api.DeleteSession204ResponseHeaders{SetCookie: new(cookie.String())}}, nil
}

// GetSession tells who is signed in.
func (s *Handlers) GetSession(ctx context.Context, _ api.GetSessionRequestObject) (api.GetSessionResponseObject, error) {
	body, err := s.session(ctx, signin.Who(ctx).User)
	return api.GetSession200JSONResponse{SessionAnswerJSONResponse: api.SessionAnswerJSONResponse(body)}, err
}

// SetPresence sets the own state.
func (s *Handlers) SetPresence(ctx context.Context, r api.SetPresenceRequestObject) (api.SetPresenceResponseObject, error) {
	u := signin.Who(ctx).User
	s.Live.Forget(u.ID)
	if err := s.Desk.SetPresence(ctx, u, engine.Presence(r.Body.Presence)); err != nil {
		return nil, err
	}
	body, err := s.sessionNow(ctx, u)
	return api.SetPresence200JSONResponse{SessionAnswerJSONResponse: api.SessionAnswerJSONResponse(body)}, err
}

// sessionNow is the session of a user who has changed.
func (s *Handlers) sessionNow(ctx context.Context, u engine.User) (api.Session, error) {
	u, err := engine.View(ctx, s.Store, func(tx engine.Tx) (engine.User, error) { return tx.Users().Get(u.Brand, u.ID) })
	if err != nil {
		return api.Session{}, err
	}
	return s.session(ctx, u)
}

func (s *Handlers) session(ctx context.Context, u engine.User) (api.Session, error) {
	e, err := s.Catalog.Brand(ctx, u.Brand)
	if err != nil {
		return api.Session{}, err
	}
	load, err := engine.View(ctx, s.Store, func(tx engine.Tx) (map[string]float64, error) { return tx.Conversations().Load(u.Brand) })
	out := api.Session{User: s.agent(u, load), Build: s.Build, Kinds: draw.Each(s.Kinds, func(k engine.ChannelSpec) api.ChannelKind {
		return api.ChannelKind{Kind: string(k.Kind), Label: k.Label, Icon: k.Icon, Served: k.Served}
	})}
	out.User.Email = draw.Or(u.Email)
	out.Brand.Id, out.Brand.Name = e.Brand.ID, e.Brand.Name
	out.TransferWait = draw.Or(int(e.Brand.Settings.Desk.TransferWait().Seconds()))
	return out, err
}

func (s *Handlers) agent(u engine.User, load map[string]float64) api.Agent {
	presence := u.Presence
	if presence == "" { // a token's stand-in
		presence = engine.Offline
	}
	return api.Agent{
		Id: u.ID, Name: u.Name, Role: api.Role(u.Role), Presence: api.Presence(presence), PresenceSince: draw.MSOr(u.PresenceSince),
		Seen: u.There(s.Clock()), PresenceReason: draw.Or(api.AgentPresenceReason(u.PresenceReason)), Skills: draw.List(u.Skills), Load: load[u.ID], Slots: u.Slots,
	}
}
