package rest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/desk"
	"parley/engine/live"
	"parley/gateway/api"
	"parley/gateway/signin"
)

// Deps of a Server. All are required.
type Deps struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	NewID   engine.NewID
	Desk    *desk.Desk
	Hub     *live.Hub
	Catalog *catalog.Catalog
	Signin  *signin.Service
	Build   string
	Log     *slog.Logger
	Origins []string // may open live sockets, besides the same host
}

// Server serves /api/v1. Close ends its sockets.
type Server struct {
	Deps
	crossOrigin *http.CrossOriginProtection
	seen        *seen
	sockets     *sockets
	closing     context.Context
	stop        context.CancelFunc
	leaving     sync.WaitGroup // timers of agents who may have left
	once        sync.Once
}

var _ api.StrictServerInterface = (*Server)(nil)

const (
	base     = "/api/v1"
	maxBody  = 64 << 10
	readTime = 15 * time.Second
)

// New makes a server.
func New(d Deps) *Server {
	s := &Server{Deps: d, crossOrigin: http.NewCrossOriginProtection(), seen: newSeen(), sockets: newSockets()}
	s.closing, s.stop = context.WithCancel(context.Background())
	return s
}

// Register adds the routes. Every route but signing in needs a principal.
func (s *Server) Register(e *echo.Echo) {
	e.JSONSerializer = strictJSON{}
	g := e.Group(base, s.guard)
	g.GET("/live", s.live)
	api.RegisterHandlers(g, api.NewStrictHandler(s, nil))
}

type principalKey struct{}

// guard authenticates, refuses forged cross-site requests, and bounds bodies.
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		c.Response().Header().Set("Cache-Control", "no-store")
		req.Body = http.MaxBytesReader(c.Response(), req.Body, maxBody)
		_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(readTime)) // not every connection has one
		if req.Header.Get("Authorization") == "" {
			if err := s.crossOrigin.Check(req); err != nil {
				return engine.Errorf(engine.Forbidden, "The request comes from another site.").Because(err)
			}
		}
		if req.Method == http.MethodPost && c.Path() == base+"/session" {
			c.SetRequest(req.WithContext(context.WithValue(req.Context(), ipKey{}, c.RealIP())))
			return next(c)
		}
		p, err := s.Signin.Authenticate(req)
		if err != nil {
			return err
		}
		if p.Person() {
			if err := s.touch(req.Context(), p.User); err != nil {
				return err
			}
		}
		c.SetRequest(req.WithContext(context.WithValue(req.Context(), principalKey{}, p)))
		return next(c)
	}
}

type ipKey struct{}

// who is the principal that guard has put into the context.
func who(ctx context.Context) signin.Principal {
	p, _ := ctx.Value(principalKey{}).(signin.Principal)
	return p
}

// person is the signed-in agent; commands need one, tokens may only read.
func person(ctx context.Context) (engine.User, error) {
	p := who(ctx)
	if !p.Person() {
		return engine.User{}, engine.Errorf(engine.Forbidden, "Only a signed-in agent may do that, not an API token.")
	}
	return p.User, nil
}

func admin(ctx context.Context) (engine.User, error) {
	p := who(ctx)
	if !p.User.Role.Allows(engine.RoleAdmin) {
		return engine.User{}, engine.Errorf(engine.Forbidden, "Only an admin may do that.")
	}
	return p.User, nil
}

// touchEvery bounds how often a sign of life is written.
const touchEvery = 15 * time.Second

// seen remembers when each user's sign of life was written last.
type seen struct {
	mu sync.Mutex
	at map[string]time.Time
}

func newSeen() *seen { return &seen{at: map[string]time.Time{}} }

// due says whether to write, and notes that it happens.
func (s *seen) due(user string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.at[user]) < touchEvery {
		return false
	}
	s.at[user] = now
	return true
}

func (s *seen) forget(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.at, user)
}

// touch notes a sign of life of an agent who is not offline.
func (s *Server) touch(ctx context.Context, u engine.User) error {
	now := s.Clock()
	if u.Presence == engine.Offline || !s.seen.due(u.ID, now) {
		return nil
	}
	err := s.Store.Update(ctx, func(tx engine.Tx) error { return tx.Users().Seen(u.Brand, u.ID, now) })
	if err == nil && now.Sub(u.SeenAt) >= engine.PresenceTTL {
		s.Bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: u.Brand, Key: u.Brand})
	}
	return err
}

// strictJSON refuses fields that the contract does not know and says which.
type strictJSON struct{ echo.DefaultJSONSerializer }

func (strictJSON) Deserialize(c echo.Context, to any) error {
	dec := json.NewDecoder(c.Request().Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(to)
	var large *http.MaxBytesError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		if dec.More() {
			return engine.Errorf(engine.Invalid, "The body has more than one JSON value.")
		}
		return nil
	case errors.As(err, &large):
		return engine.Errorf(engine.TooLarge, "The request is larger than %d bytes.", large.Limit)
	case errors.As(err, &kind):
		return engine.FieldError(kind.Field, "must be a %s", kind.Type).Because(err)
	case errors.Is(err, io.EOF):
		return engine.Errorf(engine.Invalid, "The body is empty.")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return engine.FieldError(strings.Trim(name, `"`), "is not a field of this request")
	}
	return engine.Errorf(engine.Invalid, "The body is not valid JSON.").Because(err)
}
