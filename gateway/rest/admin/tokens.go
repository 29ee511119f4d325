package admin

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListTokens gives the brand's API tokens.
func (s *Handlers) ListTokens(ctx context.Context, _ api.ListTokensRequestObject) (api.ListTokensResponseObject, error) {
	u := signin.Who(ctx).User
	tokens, err := engine.View(ctx, s.Store, func(tx engine.Tx) ([]engine.Token, error) { return tx.Logins().Tokens(u.Brand) })
	slices.SortFunc(tokens, func(a, b engine.Token) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.ID, a.ID))
	})
	return api.ListTokens200JSONResponse{Tokens: draw.Each(tokens, token)}, err
}

// CreateToken makes an API token; its secret is told this once.
func (s *Handlers) CreateToken(ctx context.Context, r api.CreateTokenRequestObject) (api.CreateTokenResponseObject, error) {
	u := signin.Who(ctx).User
	t := engine.Token{
		ID: s.Signin.NewID(), Brand: u.Brand, Name: r.Body.Name, Role: engine.Role(r.Body.Role), CreatedBy: u.ID, CreatedAt: s.Clock(),
	}
	if strings.TrimSpace(r.Body.Name) == "" {
		return nil, engine.FieldError("name", "is empty")
	}
	if r.Body.ExpiresAt != nil {
		if t.ExpiresAt = time.UnixMilli(*r.Body.ExpiresAt); !t.ExpiresAt.After(t.CreatedAt) {
			return nil, engine.FieldError("expires_at", "is in the past")
		}
	}
	var secret string
	err := s.Store.Update(ctx, func(tx engine.Tx) (err error) {
		t, secret, err = signin.AddToken(tx, t)
		return err
	})
	return api.CreateToken201JSONResponse{Token: token(t), Secret: secret}, err
}

// DeleteToken revokes an API token.
func (s *Handlers) DeleteToken(ctx context.Context, r api.DeleteTokenRequestObject) (api.DeleteTokenResponseObject, error) {
	u := signin.Who(ctx).User
	err := s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Logins().RemoveToken(u.Brand, r.Id) })
	if err == nil {
		s.Live.End(signin.TokenHolder(r.Id))
	}
	return api.DeleteToken204Response{}, err
}

func token(t engine.Token) api.Token {
	return api.Token{
		Id: t.ID, Name: t.Name, Role: api.Role(t.Role), CreatedAt: draw.MS(t.CreatedAt),
		ExpiresAt: draw.MSOr(t.ExpiresAt), UsedAt: draw.MSOr(t.UsedAt),
	}
}
