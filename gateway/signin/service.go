package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"parley/engine"
	"parley/gateway/limits"
)

// Deps of a Service. All are required.
type Deps struct {
	Store  engine.Store
	Clock  engine.Clock
	NewID  engine.NewID
	Secure bool // served by https: the cookie is bound to host and scheme
}

// Service signs people in and tells who asks. Safe for concurrent use.
type Service struct {
	Deps
	// A hash takes 19 MiB and much of a core. Who signs in where they did before
	// has a lane of their own, so that a crowd of strangers does not hold them up.
	strangers, regulars *limits.Lanes
	verify              func(hash, password string) bool
	decoy               string // verified for unknown accounts, so that they take as long
}

const (
	idleTime     = 12 * time.Hour
	absoluteTime = 7 * 24 * time.Hour
	usedEvery    = time.Minute
	tokenPrefix  = "plt_"
)

// New makes a service.
func New(d Deps) *Service {
	decoy, err := Hash(NewPassword())
	if err != nil {
		panic(err) // its length is right
	}
	return &Service{Deps: d, decoy: decoy, verify: Verify,
		strangers: limits.NewLanes(2, 2+16), regulars: limits.NewLanes(2, 2+64)}
}

// SignIn checks a password and begins a browser session. Errors: Unauthenticated,
// the same for a wrong password and an unknown account; RateLimited and
// Unavailable, which say when to try again.
func (s *Service) SignIn(ctx context.Context, email, password, ip string) (*http.Cookie, engine.User, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	now := s.Clock()
	var try attempt
	u, err := engine.View(ctx, s.Store, func(tx engine.Tx) (u engine.User, err error) {
		if try, err = approach(tx, email, ip, now); err != nil {
			return u, err
		}
		u, err = tx.Users().ByEmail(email)
		return u, engine.UnlessGone(err)
	})
	if err != nil {
		return nil, engine.User{}, err
	}
	hash := u.PasswordHash
	if u.Disabled || hash == "" {
		hash = s.decoy
	}
	lane, patience := s.strangers, 4*time.Second
	if try.familiar {
		lane, patience = s.regulars, 5*time.Second
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	leave, err := lane.Enter(waiting, "")
	cancel()
	if err != nil && ctx.Err() == nil {
		err = engine.Errorf(engine.Unavailable, "Too many people sign in at this moment. Try again in a moment.").In(time.Second)
	}
	if err != nil {
		return nil, engine.User{}, err
	}
	// In the lane, so that no crowd of strangers makes a crowd of writes.
	ok := false
	if err = s.Store.Update(ctx, func(tx engine.Tx) error { return try.begin(tx, now) }); err == nil {
		ok = s.verify(hash, password) && hash != s.decoy
	}
	leave()
	if err != nil {
		return nil, engine.User{}, err
	}
	if !ok {
		return nil, engine.User{}, wrong()
	}
	token := secret()
	err = s.Store.Update(ctx, func(tx engine.Tx) error {
		// The check took its time, and what ended the account's sessions meanwhile ends this one, too.
		cur, err := tx.Users().Get(u.Brand, u.ID)
		switch {
		case engine.CodeOf(err) == engine.NotFound:
			return wrong()
		case err != nil:
			return err
		case cur.Disabled || cur.PasswordHash != hash:
			return wrong()
		}
		if err := try.succeed(tx, now); err != nil {
			return err
		}
		return tx.Logins().Add(engine.Login{
			TokenHash: digest(token), User: u.ID, Brand: u.Brand,
			CreatedAt: now, UsedAt: now, ExpiresAt: now.Add(absoluteTime),
		})
	})
	if err != nil {
		return nil, engine.User{}, err
	}
	return s.cookie(token, int(absoluteTime.Seconds())), u, nil
}

func wrong() error {
	return engine.Errorf(engine.Unauthenticated, "The e-mail or the password is wrong.")
}

// SignOut ends a browser session and gives the cookie that removes it.
func (s *Service) SignOut(ctx context.Context, login string) (*http.Cookie, error) {
	err := s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Logins().Remove(login) })
	if engine.CodeOf(err) == engine.NotFound {
		err = nil
	}
	return s.cookie("", -1), err
}

func (s *Service) cookieName() string {
	if s.Secure {
		return "__Host-parley_session"
	}
	return "parley_session"
}

func (s *Service) cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	}
}

// Authenticate tells who sent the request: the bearer of an API token, else
// the browser session of the cookie. Unauthenticated when it is nobody.
func (s *Service) Authenticate(r *http.Request) (Principal, error) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, secret, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return Principal{}, nobody()
		}
		return s.byToken(r.Context(), secret)
	}
	c, err := r.Cookie(s.cookieName())
	if err != nil || c.Value == "" || len(c.Value) > 100 {
		return Principal{}, nobody()
	}
	return s.ByLogin(r.Context(), digest(c.Value))
}

func nobody() error { return engine.Errorf(engine.Unauthenticated, "Sign in first.") }

// ByLogin tells whose browser session it is, if it still lasts.
func (s *Service) ByLogin(ctx context.Context, login string) (Principal, error) {
	now := s.Clock()
	var l engine.Login
	u, err := engine.View(ctx, s.Store, func(tx engine.Tx) (u engine.User, err error) {
		if l, err = tx.Logins().Get(login); err != nil {
			return u, err
		}
		return tx.Users().Get(l.Brand, l.User)
	})
	if err == nil && (u.Disabled || now.After(l.ExpiresAt) || now.Sub(l.UsedAt) > idleTime) {
		err = nobody()
	}
	if err == nil {
		err = s.used(ctx, login, l.UsedAt, now)
	}
	if err != nil {
		return Principal{}, orNobody(err)
	}
	return Principal{Login: login, User: u}, nil
}

// used notes from time to time that a session or a token is used.
func (s *Service) used(ctx context.Context, id string, last, now time.Time) error {
	if now.Sub(last) <= usedEvery {
		return nil
	}
	return s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Logins().Used(id, now) })
}

// orNobody is the error of who shows what does not exist, or not any more.
func orNobody(err error) error {
	if engine.CodeOf(err) == engine.NotFound {
		return nobody()
	}
	return err
}

// maxTokens bounds a brand's API tokens.
const maxTokens = 200

// AddToken keeps an API token, and gives it with the secret that its bearer sends.
func AddToken(tx engine.Tx, t engine.Token) (made engine.Token, bearer string, err error) {
	if _, err := tx.Brands().Rev(t.Brand); err != nil { // it guards the count
		return t, "", err
	}
	all, err := tx.Logins().Tokens(t.Brand)
	if err != nil {
		return t, "", err
	}
	if len(all) >= maxTokens {
		return t, "", engine.Errorf(engine.Conflict, "The brand has %d API tokens. Revoke one first.", len(all))
	}
	secret := secret()
	t.SecretHash = digest(secret)
	return t, tokenPrefix + t.ID + "." + secret, tx.Logins().AddToken(t)
}

func secret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (s *Service) byToken(ctx context.Context, bearer string) (Principal, error) {
	id, secret, ok := strings.Cut(strings.TrimPrefix(bearer, tokenPrefix), ".")
	if !ok || !strings.HasPrefix(bearer, tokenPrefix) || len(bearer) > 200 {
		return Principal{}, nobody()
	}
	t, err := engine.View(ctx, s.Store, func(tx engine.Tx) (engine.Token, error) { return tx.Logins().Token(id) })
	now := s.Clock()
	if err == nil && (subtle.ConstantTimeCompare([]byte(digest(secret)), []byte(t.SecretHash)) != 1 || !t.ExpiresAt.IsZero() && now.After(t.ExpiresAt)) {
		err = nobody()
	}
	if err == nil {
		err = s.used(ctx, t.ID, t.UsedAt, now)
	}
	if err != nil {
		return Principal{}, orNobody(err)
	}
	return Principal{Token: &t, User: engine.User{ID: "token:" + t.ID, Brand: t.Brand, Name: t.Name, Role: t.Role}}, nil
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// AddUser makes a user with a password.
func (s *Service) AddUser(ctx context.Context, u engine.User, password string) error {
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	now := s.Clock()
	u.ID, u.PasswordHash, u.CreatedAt = s.NewID(), hash, now
	u.Presence, u.PresenceSince = engine.Offline, now
	return s.Store.Update(ctx, func(tx engine.Tx) error {
		if _, err := tx.Brands().Get(u.Brand); err != nil {
			return err
		}
		return tx.Users().Save(u)
	})
}
