package webchat

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/engine"
)

const (
	tokenTTL  = 24 * time.Hour
	renewTTL  = 30 * 24 * time.Hour // after the end
	issuer    = "parley"
	maxToken  = 2048 // bytes
	idBytes   = 16
	addressOf = "v_" // begins every visitor's address
)

// visitor is who a token was made for.
type visitor struct {
	address  string // "v_" and 32 hex digits
	language string // one of the brand's, "" when unknown
	draft    string // the version that the visitor tries, "" for none
	expires  time.Time
}

// newVisitor makes a visitor whom nobody can guess.
func newVisitor() visitor {
	id := make([]byte, idBytes)
	_, _ = rand.Read(id) // never fails
	return visitor{address: addressOf + hex.EncodeToString(id)}
}

var startForm = regexp.MustCompile(`^[A-Za-z0-9_-]{22,64}$`) // 128 bits or more

// visitorOf makes the visitor of a start, which the tabs of one browser share.
// Nobody can guess an address without the key, nor a visitor without the start.
func (t tokens) visitorOf(channel, draft, start string) visitor {
	mac := hmac.New(sha256.New, t.key)
	fmt.Fprintf(mac, "webchat.start %q %q %q", channel, draft, start)
	return visitor{address: addressOf + hex.EncodeToString(mac.Sum(nil)[:idBytes])}
}

var addressForm = regexp.MustCompile(`^v_[0-9a-f]{32}$`)

// tokens makes and checks visitors' tokens: JWT, HS256 and nothing else.
type tokens struct {
	key   []byte
	clock engine.Clock
	newID engine.NewID
}

type claims struct {
	Language string `json:"lang,omitempty"`
	Draft    string `json:"draft,omitempty"`
	jwt.RegisteredClaims
}

// purpose is what a token is good for.
type purpose struct {
	issuer  string
	ttl     time.Duration
	subject *regexp.Regexp
	ended   string // what is said when it is not valid
}

func visiting() purpose {
	return purpose{issuer, tokenTTL, addressForm, "The chat session has ended. Start a new one."}
}

// sign makes a token for the channel, and says until when it is valid.
func (t tokens) sign(channel string, v visitor) (string, time.Time, error) {
	return t.make(visiting(), channel, v.address, claims{Language: v.language, Draft: v.draft})
}

func (t tokens) make(p purpose, channel, subject string, c claims) (string, time.Time, error) {
	now := t.clock()
	until := now.Add(p.ttl)
	c.RegisteredClaims = jwt.RegisteredClaims{
		ID: t.newID(), Issuer: p.issuer, Audience: jwt.ClaimStrings{channel}, Subject: subject,
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(until),
	}
	raw, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(t.key)
	return raw, until, err
}

// verify gives the token's visitor, Unauthenticated when it is not valid here and now.
func (t tokens) verify(channel, raw string) (visitor, error) {
	return t.visitor(channel, raw, 0)
}

// renewable gives the visitor of a token that may still be exchanged.
func (t tokens) renewable(channel, raw string) (visitor, error) {
	return t.visitor(channel, raw, renewTTL)
}

func (t tokens) visitor(channel, raw string, leeway time.Duration) (visitor, error) {
	c, err := t.read(visiting(), channel, raw, leeway)
	if err != nil {
		return visitor{}, err
	}
	return visitor{c.Subject, c.Language, c.Draft, c.ExpiresAt.Time}, nil
}

func (t tokens) read(p purpose, channel, raw string, leeway time.Duration) (c claims, err error) {
	refused := engine.Errorf(engine.Unauthenticated, "%s", p.ended)
	if len(raw) > maxToken {
		return c, refused
	}
	_, err = jwt.ParseWithClaims(raw, &c, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(p.issuer), jwt.WithAudience(channel),
		jwt.WithExpirationRequired(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(t.clock), jwt.WithStrictDecoding())
	if err != nil {
		return c, refused.Because(err)
	}
	if !p.subject.MatchString(c.Subject) {
		return c, refused
	}
	return c, nil
}

// bearer is the token of the request, "" for none.
func bearer(r *http.Request) string {
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(raw)
}
