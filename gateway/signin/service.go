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
	throttle *throttle
	// A hash takes 19 MiB and much of a core. Who signs in where they did before
	// has a lane of their own, so that a crowd of strangers does not hold them up.
	strangers, regulars *lane
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
	return &Service{Deps: d, throttle: newThrottle(), decoy: decoy, verify: Verify,
		strangers: newLane(2, 16, 4*time.Second), regulars: newLane(2, 64, 5*time.Second)}
}

// SignIn checks a password and begins a browser session. Errors: Unauthenticated,
// the same for a wrong password and an unknown account; RateLimited and
// Unavailable, which say when to try again.
func (s *Service) SignIn(ctx context.Context, email, password, ip string) (*http.Cookie, engine.User, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	now := s.Clock()
	try, err := s.throttle.begin(email, ip, now)
	if err != nil {
		return nil, engine.User{}, err
	}
	var u engine.User
	err = s.Store.View(ctx, func(tx engine.Tx) (err error) {
		u, err = tx.Users().ByEmail(email)
		return err
	})
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		try.undo(now)
		return nil, u, err
	}
	hash := u.PasswordHash
	if err != nil || u.Disabled || hash == "" {
		hash = s.decoy
	}
	in := s.strangers
	if try.familiar {
		in = s.regulars
	}
	leave, err := in.enter(ctx)
	if err != nil {
		try.undo(now)
		return nil, engine.User{}, err
	}
	ok := s.verify(hash, password) && hash != s.decoy
	leave()
	if !ok {
		return nil, engine.User{}, wrong()
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, engine.User{}, err
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
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
		return tx.Logins().Add(engine.Login{
			TokenHash: digest(token), User: u.ID, Brand: u.Brand,
			CreatedAt: now, UsedAt: now, ExpiresAt: now.Add(absoluteTime),
		})
	})
	if err != nil {
		if engine.CodeOf(err) != engine.Unauthenticated {
			try.undo(now)
		}
		return nil, engine.User{}, err
	}
	try.succeed(now)
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
	p := Principal{Login: login}
	err := s.Store.View(ctx, func(tx engine.Tx) (err error) {
		if l, err = tx.Logins().Get(login); err != nil {
			return err
		}
		p.User, err = tx.Users().Get(l.Brand, l.User)
		return err
	})
	if engine.CodeOf(err) == engine.NotFound {
		return Principal{}, nobody()
	}
	if err != nil {
		return Principal{}, err
	}
	if p.User.Disabled || now.After(l.ExpiresAt) || now.Sub(l.UsedAt) > idleTime {
		return Principal{}, nobody()
	}
	if now.Sub(l.UsedAt) > usedEvery {
		err = s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Logins().Used(login, now) })
		if engine.CodeOf(err) == engine.NotFound {
			return Principal{}, nobody()
		}
	}
	return p, err
}

// NewToken makes an API token and the secret that its bearer sends.
func (s *Service) NewToken(brand, name string, role engine.Role, by string, expires time.Time) (engine.Token, string, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return engine.Token{}, "", err
	}
	secret := base64.RawURLEncoding.EncodeToString(raw)
	t := engine.Token{
		ID: s.NewID(), Brand: brand, Name: name, Role: role, SecretHash: digest(secret),
		CreatedBy: by, CreatedAt: s.Clock(), ExpiresAt: expires,
	}
	return t, tokenPrefix + t.ID + "." + secret, nil
}

func (s *Service) byToken(ctx context.Context, bearer string) (Principal, error) {
	id, secret, ok := strings.Cut(strings.TrimPrefix(bearer, tokenPrefix), ".")
	if !ok || !strings.HasPrefix(bearer, tokenPrefix) || len(bearer) > 200 {
		return Principal{}, nobody()
	}
	var t engine.Token
	err := s.Store.View(ctx, func(tx engine.Tx) (err error) {
		t, err = tx.Logins().Token(id)
		return err
	})
	if engine.CodeOf(err) == engine.NotFound {
		return Principal{}, nobody()
	}
	if err != nil {
		return Principal{}, err
	}
	if subtle.ConstantTimeCompare([]byte(digest(secret)), []byte(t.SecretHash)) != 1 {
		return Principal{}, nobody()
	}
	now := s.Clock()
	if !t.ExpiresAt.IsZero() && now.After(t.ExpiresAt) {
		return Principal{}, nobody()
	}
	if now.Sub(t.UsedAt) > usedEvery {
		err = s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Logins().Used(t.ID, now) })
		if engine.CodeOf(err) == engine.NotFound {
			return Principal{}, nobody() // revoked meanwhile
		}
		if err != nil {
			return Principal{}, err
		}
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
