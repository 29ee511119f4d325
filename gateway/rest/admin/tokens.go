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
	out := api.ListTokens200JSONResponse{Tokens: []api.Token{}}
	err := s.Store.View(ctx, func(tx engine.Tx) error {
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
func (s *Handlers) CreateToken(ctx context.Context, r api.CreateTokenRequestObject) (api.CreateTokenResponseObject, error) {
	u := signin.Who(ctx).User
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
