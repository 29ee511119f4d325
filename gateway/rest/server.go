package rest

import (
	"math"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"parley/botscripts/knowledge"
	"parley/engine"
	"parley/engine/learning"
	"parley/gateway/api"
	"parley/gateway/limits"
	"parley/gateway/rest/admin"
	"parley/gateway/rest/authors"
	"parley/gateway/rest/deps"
	agents "parley/gateway/rest/desk"
	"parley/gateway/rest/live"
	"parley/gateway/signin"
	"parley/storage/memory"
)

// Deps of a Server. All are required.
type Deps = deps.Deps

// Server serves /api/v1. Close ends its live connections.
type Server struct {
	signin      *signin.Service
	live        *live.Server
	crossOrigin *http.CrossOriginProtection
	times       timing
	jobs        *limits.Lanes // work that is heavy, of each brand
	checks      *limits.Lanes // that is less so
	operations  operations
}

// operations are those of the contract, by audience.
type operations struct {
	*live.Server
	*forAgents
	*forAuthors
	*forAdmins
}

type (
	forAgents  = agents.Handlers
	forAuthors = authors.Handlers
	forAdmins  = admin.Handlers
)

var _ api.StrictServerInterface = operations{}

const (
	base    = "/api/v1"
	maxBody = 64 << 10
)

// timing is how long things take or wait.
type timing struct {
	read time.Duration // for a request's body
	turn time.Duration // for the brand's job before, so that two clicks are no error
	job  time.Duration // for a test, a simulation, a replay or a blast radius
}

// New makes a server.
func New(d Deps) *Server {
	updates := live.New(d)
	learner := &learning.Learner{Store: d.Store, Clock: d.Clock, Versions: d.Versions, Book: knowledge.Book{Kinds: d.Kinds, Kept: d.Kept, Store: memory.New}}
	return &Server{
		signin: d.Signin, live: updates, crossOrigin: http.NewCrossOriginProtection(),
		jobs: limits.NewLanes(1, math.MaxInt), checks: limits.NewLanes(2, math.MaxInt),
		times:      timing{read: 15 * time.Second, turn: time.Second, job: 90 * time.Second},
		operations: operations{updates, agents.New(d, updates, learner), authors.New(d, learner), &admin.Handlers{Deps: d, Live: updates}},
	}
}

// Close ends the live connections and waits for them.
func (s *Server) Close() { s.live.Close() }

// Register adds the routes.
func (s *Server) Register(e *echo.Echo) {
	e.JSONSerializer = strictJSON{}
	g := e.Group(base, s.guard)
	g.GET("/live", s.live.Live)
	api.RegisterHandlers(g, api.NewStrictHandler(s.operations, []api.StrictMiddlewareFunc{bounds}))
}

// guard authenticates, refuses forged cross-site requests and what the contract lets
// nobody or somebody else do, and bounds bodies.
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		op, known := operation(c)
		c.Response().Header().Set("Cache-Control", "no-store")
		if req.ContentLength != 0 {
			if kind, _, err := mime.ParseMediaType(req.Header.Get(echo.HeaderContentType)); err != nil || kind != echo.MIMEApplicationJSON {
				return engine.Errorf(engine.Invalid, "The body must be JSON, with Content-Type: application/json.")
			}
			most, limit := int64(maxBody), s.times.read
			if op.Body > 0 {
				most, limit = op.Body, 4*limit
			}
			req.Body = http.MaxBytesReader(c.Response(), req.Body, most)
			// Only with a body: at the deadline net/http cancels a request that
			// merely waits, too. Not every connection has one.
			_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(limit))
		}
		if req.Header.Get("Authorization") == "" {
			if err := s.crossOrigin.Check(req); err != nil {
				return engine.Errorf(engine.Forbidden, "The request comes from another site.").Because(err)
			}
		}
		if op.Public {
			c.SetRequest(req.WithContext(agents.From(req.Context(), c.RealIP())))
			return next(c)
		}
		p, err := s.signin.Authenticate(req)
		if err != nil {
			return err
		}
		if err := meant(req.Header.Get("Parley-User"), p.User); err != nil {
			return err
		}
		if p.Person() {
			if err := s.live.Touch(req.Context(), p.User); err != nil {
				return err
			}
		}
		if !known {
			return echo.ErrNotFound // also of a route that the contract does not have
		}
		c.SetRequest(req.WithContext(signin.With(req.Context(), p)))
		leave, err := s.enter(c, op, p)
		if err != nil {
			return err
		}
		defer leave()
		return next(c)
	}
}

// meant refuses a page that asks in the name of somebody who is not signed in
// any more: on a shared machine the next person's session is in its cookie.
func meant(name string, u engine.User) error {
	if name != "" && name != u.ID {
		return engine.Errorf(engine.Unauthenticated, "Somebody else is signed in by now.")
	}
	return nil
}
