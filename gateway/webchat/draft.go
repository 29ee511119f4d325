package webchat

import (
	"net/url"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/engine"
)

const (
	draftIssuer = "parley.draft" // apart from visitors' tokens, which the same key signs
	draftTTL    = 7 * 24 * time.Hour
)

var bundleForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// DraftLink is the address of a chat page whose new visitors talk to a stored
// version of the bots that need not be active. Who has the link may use it
// until it ends.
func (s *Server) DraftLink(channel, bundle string) (link string, until time.Time, err error) {
	token, until, err := s.tokens.signDraft(channel, bundle)
	return s.PublicURL + "/chat/" + url.PathEscape(channel) + "?draft=" + url.QueryEscape(token), until, err
}

func (t tokens) signDraft(channel, bundle string) (string, time.Time, error) {
	if !bundleForm.MatchString(bundle) {
		return "", time.Time{}, engine.FieldError("version", "is not the hash of a version")
	}
	now := t.clock()
	until := now.Add(draftTTL)
	raw, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		ID: t.newID(), Issuer: draftIssuer, Audience: jwt.ClaimStrings{channel}, Subject: bundle,
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(until),
	}).SignedString(t.key)
	return raw, until, err
}

// draft gives the bundle of a link's token, Unauthenticated when it is not
// valid here and now.
func (t tokens) draft(channel, raw string) (string, error) {
	refused := engine.Errorf(engine.Unauthenticated, "This link has ended. Ask for a new one.")
	if len(raw) > maxToken {
		return "", refused
	}
	var c jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(raw, &c, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(draftIssuer), jwt.WithAudience(channel),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(t.clock), jwt.WithStrictDecoding())
	if err != nil {
		return "", refused.Because(err)
	}
	if !bundleForm.MatchString(c.Subject) {
		return "", refused
	}
	return c.Subject, nil
}
