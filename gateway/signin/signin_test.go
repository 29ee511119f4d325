package signin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"parley/engine"
	"parley/gateway/signin"
	"parley/storage/postgres/postgrestest"
	"parley/storage/sqlite"
	"parley/storage/sqlite/sqlitetest"
)

const password = "correct horse battery"

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) Add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

func setup(t *testing.T, secure bool) (*signin.Service, *sqlite.DB, *clock) {
	t.Helper()
	db := sqlitetest.Open(t)
	c := &clock{now: time.Now()}
	hash, err := signin.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx engine.Tx) error {
		if err := tx.Brands().Save(engine.Brand{ID: "acme", Name: "Acme"}); err != nil {
			return err
		}
		return tx.Users().Save(engine.User{
			ID: "u1", Brand: "acme", Email: "ana@acme.example", Name: "Ana", Role: engine.RoleAgent,
			PasswordHash: hash, Presence: engine.Offline,
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s := signin.New(signin.Deps{Store: db, Clock: c.Now, NewID: uuid.NewString, Secure: secure})
	return s, db, c
}

func request(cookie *http.Cookie, bearer string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	return r
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	s, _, _ := setup(t, true)
	cookie, u, err := s.SignIn(t.Context(), " Ana@Acme.example ", password, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if u.ID != "u1" || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode ||
		cookie.Path != "/" || !strings.HasPrefix(cookie.Name, "__Host-") {
		t.Errorf("got %+v for %s", cookie, u.ID)
	}
	p, err := s.Authenticate(request(cookie, ""))
	if err != nil || p.User.ID != "u1" || !p.Person() {
		t.Fatalf("got %+v, %v", p, err)
	}
	if _, err := s.SignOut(t.Context(), p.Login); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(request(cookie, "")); engine.CodeOf(err) != engine.Unauthenticated {
		t.Errorf("a signed-out session answers %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	for name, after := range map[string][]time.Duration{
		"idle":     {13 * time.Hour},
		"absolute": {11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour, 11 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, c := setup(t, false)
			cookie, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "127.0.0.1")
			if err != nil {
				t.Fatal(err)
			}
			for i, d := range after {
				if _, err := s.Authenticate(request(cookie, "")); err != nil {
					t.Fatalf("step %d: %v", i, err)
				}
				c.Add(d)
			}
			if _, err := s.Authenticate(request(cookie, "")); engine.CodeOf(err) != engine.Unauthenticated {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestGuessingIsThrottled(t *testing.T) {
	t.Parallel()
	s, _, c := setup(t, false)
	try := func(email, pass, ip string) engine.Code {
		_, _, err := s.SignIn(context.Background(), email, pass, ip)
		return engine.CodeOf(err)
	}
	for range 5 {
		if got := try("ana@acme.example", "wrong", "10.0.0.1"); got != engine.Unauthenticated {
			t.Fatalf("got %q", got)
		}
	}
	if got := try("ana@acme.example", password, "10.0.0.1"); got != engine.RateLimited {
		t.Errorf("the sixth try: got %q", got)
	}
	if got := try("ana@acme.example", password, "10.0.0.2"); got != "" {
		t.Errorf("another address: got %q", got)
	}
	if got := try("nobody@acme.example", password, "10.0.0.1"); got != engine.Unauthenticated {
		t.Errorf("an unknown account: got %q", got)
	}
	c.Add(16 * time.Minute)
	if got := try("ana@acme.example", password, "10.0.0.1"); got != "" {
		t.Errorf("after the window: got %q", got)
	}
}

func TestGuessingAtOnceIsThrottledToo(t *testing.T) {
	t.Parallel()
	s, _, _ := setup(t, false)
	codes := make(chan engine.Code, 20)
	for range cap(codes) {
		go func() {
			_, _, err := s.SignIn(context.Background(), "ana@acme.example", "wrong", "10.0.0.1")
			codes <- engine.CodeOf(err)
		}()
	}
	checked := 0
	for range cap(codes) {
		if <-codes == engine.Unauthenticated {
			checked++
		}
	}
	if checked != 5 {
		t.Errorf("%d guesses were checked", checked)
	}
}

func TestADisabledUserIsOut(t *testing.T) {
	t.Parallel()
	s, db, _ := setup(t, false)
	cookie, u, err := s.SignIn(t.Context(), "ana@acme.example", password, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	u.Disabled = true
	if err := db.Update(t.Context(), func(tx engine.Tx) error { return tx.Users().Save(u) }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(request(cookie, "")); engine.CodeOf(err) != engine.Unauthenticated {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.SignIn(t.Context(), "ana@acme.example", password, "127.0.0.1"); engine.CodeOf(err) != engine.Unauthenticated {
		t.Errorf("got %v", err)
	}
}

// TestTheLastToken: of many who make the last token that a brand may have, one does.
func TestTheLastToken(t *testing.T) {
	t.Parallel()
	store := postgrestest.Store(t)
	add := func(tx engine.Tx) error {
		_, _, err := signin.AddToken(tx, engine.Token{ID: uuid.NewString(), Brand: "acme"})
		return err
	}
	err := store.Update(t.Context(), func(tx engine.Tx) error {
		err := tx.Brands().Save(engine.Brand{ID: "acme"})
		for range 199 {
			err = errors.Join(err, add(tx))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var made atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			switch err := store.Update(t.Context(), add); engine.CodeOf(err) {
			case "":
				made.Add(1)
			case engine.Conflict:
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if made.Load() != 1 {
		t.Errorf("%d made the last token", made.Load())
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	s, db, c := setup(t, false)
	token := engine.Token{ID: s.NewID(), Brand: "acme", Name: "reports", Role: engine.RoleSupervisor, CreatedBy: "u1", CreatedAt: c.Now(), ExpiresAt: c.Now().Add(time.Hour)}
	var secret string
	if err := db.Update(t.Context(), func(tx engine.Tx) (err error) { token, secret, err = signin.AddToken(tx, token); return err }); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(token.SecretHash, secret) {
		t.Error("the secret is stored")
	}
	p, err := s.Authenticate(request(nil, secret))
	if err != nil || p.Person() || p.User.Brand != "acme" || p.User.Role != engine.RoleSupervisor {
		t.Fatalf("got %+v, %v", p, err)
	}
	lower := request(nil, "")
	lower.Header.Set("Authorization", "bearer "+secret)
	if _, err := s.Authenticate(lower); err != nil {
		t.Errorf("the scheme in lower case: got %v", err)
	}
	var used time.Time
	err = db.View(t.Context(), func(tx engine.Tx) error {
		token, err := tx.Logins().Token(token.ID)
		used = token.UsedAt
		return err
	})
	if err != nil || used.UnixMilli() != c.Now().UnixMilli() {
		t.Errorf("used at %v, %v", used, err)
	}
	for name, bad := range map[string]string{
		"another secret": secret[:len(secret)-2] + "xx", "no secret": "plt_" + token.ID, "another id": "plt_x." + secret, "nothing": "plt_",
	} {
		if _, err := s.Authenticate(request(nil, bad)); engine.CodeOf(err) != engine.Unauthenticated {
			t.Errorf("%s: got %v", name, err)
		}
	}
	c.Add(2 * time.Hour)
	if _, err := s.Authenticate(request(nil, secret)); engine.CodeOf(err) != engine.Unauthenticated {
		t.Errorf("an expired token: got %v", err)
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	if _, err := signin.Hash("short"); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("got %v", err)
	}
	a, b := signin.NewPassword(), signin.NewPassword()
	if a == b || len(a) != 19 {
		t.Errorf("got %q and %q", a, b)
	}
	hash, err := signin.Hash(a)
	if err != nil || !signin.Verify(hash, a) || signin.Verify(hash, b) || signin.Verify("", a) || signin.Verify("$argon2id$v=19$m=1,t=1,p=1$x$y", a) {
		t.Errorf("%v", err)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA")
	f.Add("")
	f.Fuzz(func(_ *testing.T, hash string) {
		if len(hash) < 200 {
			signin.Verify(hash, "x") // must not panic
		}
	})
}
