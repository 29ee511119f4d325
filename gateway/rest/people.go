package rest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/hours"
	"parley/gateway/api"
)

// ListAgents gives the brand's agents with state and load.
func (s *Server) ListAgents(ctx context.Context, _ api.ListAgentsRequestObject) (api.ListAgentsResponseObject, error) {
	brand := who(ctx).User.Brand
	out := api.ListAgents200JSONResponse{Agents: []api.Agent{}}
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		users, err := tx.Users().List(brand)
		if err != nil {
			return err
		}
		load, err := tx.Conversations().Load(brand)
		if err != nil {
			return err
		}
		for _, u := range users {
			if !u.Disabled {
				out.Agents = append(out.Agents, s.agent(u, load))
			}
		}
		return nil
	})
	return out, err
}

// ListSkills gives the brand's skills with what waits and who is there.
func (s *Server) ListSkills(ctx context.Context, _ api.ListSkillsRequestObject) (api.ListSkillsResponseObject, error) {
	brand := who(ctx).User.Brand
	e, err := s.Catalog.Brand(ctx, brand)
	if err != nil {
		return nil, err
	}
	var users []engine.User
	var queue []engine.QueueEntry
	err = s.Store.View(ctx, func(tx engine.Tx) (err error) {
		if users, err = tx.Users().List(brand); err != nil {
			return err
		}
		queue, err = tx.Queue().List(brand)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := api.ListSkills200JSONResponse{Skills: []api.Skill{}}
	now := s.Clock()
	for _, skill := range e.Skills {
		out.Skills = append(out.Skills, skillOf(e.Brand, skill, users, queue, now))
	}
	return out, nil
}

func skillOf(brand engine.Brand, skill engine.Skill, users []engine.User, queue []engine.QueueEntry, now time.Time) api.Skill {
	open := brand.Settings.Hours
	if skill.Hours != nil {
		open = *skill.Hours
	}
	out := api.Skill{
		Id: skill.ID, Name: skill.Name, Outcomes: list(skill.Outcomes),
		Open: hours.IsOpen(open, brand.Settings.TimeZone, now),
	}
	if !out.Open {
		if at, ok := hours.NextOpening(open, brand.Settings.TimeZone, now); ok {
			out.OpensAt = msOr(at)
		}
	}
	for _, u := range users {
		if u.Available(now) && slices.Contains(u.Skills, skill.ID) {
			out.Online++
		}
	}
	for _, q := range queue {
		if q.Skill != skill.ID {
			continue
		}
		out.Waiting++
		if at := ms(q.EnteredAt); out.Oldest == nil || at < *out.Oldest {
			out.Oldest = &at
		}
	}
	return out
}

// ListTokens gives the brand's API tokens.
func (s *Server) ListTokens(ctx context.Context, _ api.ListTokensRequestObject) (api.ListTokensResponseObject, error) {
	u, err := admin(ctx)
	if err != nil {
		return nil, err
	}
	out := api.ListTokens200JSONResponse{Tokens: []api.Token{}}
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		tokens, err := tx.Logins().Tokens(u.Brand)
		slices.SortFunc(tokens, func(a, b engine.Token) int {
			return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.ID, a.ID))
		})
		for _, t := range tokens {
			out.Tokens = append(out.Tokens, token(t))
		}
		return err
	})
	return out, err
}

// maxTokens bounds a brand's API tokens.
const maxTokens = 200

// CreateToken makes an API token; its secret is told this once.
func (s *Server) CreateToken(ctx context.Context, r api.CreateTokenRequestObject) (api.CreateTokenResponseObject, error) {
	u, err := adminPerson(ctx)
	if err != nil {
		return nil, err
	}
	role := engine.Role(r.Body.Role)
	var expires time.Time
	if strings.TrimSpace(r.Body.Name) == "" {
		return nil, engine.FieldError("name", "is empty")
	}
	if r.Body.ExpiresAt != nil {
		if expires = time.UnixMilli(*r.Body.ExpiresAt); !expires.After(s.Clock()) {
			return nil, engine.FieldError("expires_at", "is in the past")
		}
	}
	t, secret, err := s.Signin.NewToken(u.Brand, r.Body.Name, role, u.ID, expires)
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(tx engine.Tx) error {
		all, err := tx.Logins().Tokens(u.Brand)
		if err != nil {
			return err
		}
		if len(all) >= maxTokens {
			return engine.Errorf(engine.Conflict, "The brand has %d API tokens. Revoke one first.", len(all))
		}
		return tx.Logins().AddToken(t)
	})
	return api.CreateToken201JSONResponse{Token: token(t), Secret: secret}, err
}

// DeleteToken revokes an API token.
func (s *Server) DeleteToken(ctx context.Context, r api.DeleteTokenRequestObject) (api.DeleteTokenResponseObject, error) {
	u, err := adminPerson(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Logins().RemoveToken(u.Brand, r.Id) })
	if err == nil {
		s.sockets.end(tokenHolder(r.Id))
	}
	return api.DeleteToken204Response{}, err
}

func token(t engine.Token) api.Token {
	return api.Token{
		Id: t.ID, Name: t.Name, Role: api.Role(t.Role), CreatedAt: ms(t.CreatedAt),
		ExpiresAt: msOr(t.ExpiresAt), UsedAt: msOr(t.UsedAt),
	}
}

// EraseConsumer forgets a consumer for good.
func (s *Server) EraseConsumer(ctx context.Context, r api.EraseConsumerRequestObject) (api.EraseConsumerResponseObject, error) {
	u := who(ctx).User
	n, err := s.Eraser.Consumer(ctx, u.Brand, r.Id, "agent:"+u.ID)
	return api.EraseConsumer200JSONResponse{Conversations: n.Conversations, Messages: n.Messages}, err
}
