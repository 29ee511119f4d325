package signin

import (
	"context"

	"parley/engine"
)

// Principal is who asks.
type Principal struct {
	User  engine.User   // of a token: a stand-in with the token's brand and role
	Token *engine.Token // set when an API token asks
	Login string        // hash of the browser session, "" for tokens
}

// Person says whether a human is signed in.
func (p Principal) Person() bool { return p.Token == nil }

// Holder names the browser session or the token.
func (p Principal) Holder() string {
	if p.Token != nil {
		return TokenHolder(p.Token.ID)
	}
	return p.Login
}

// TokenHolder is the Holder of a token.
func TokenHolder(id string) string { return "token:" + id }

// Actor names who asks, in logs.
func (p Principal) Actor() string {
	if p.Token != nil {
		return p.Holder()
	}
	return "agent:" + p.User.ID
}

type principalKey struct{}

// With gives a context the principal who asks.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// Who is the principal that With has put into the context.
func Who(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey{}).(Principal)
	return p
}
