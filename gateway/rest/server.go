package rest

import (
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/knowledge"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/desk"
	"parley/engine/erasure"
	"parley/engine/learning"
	"parley/engine/log"
	"parley/engine/versions"
	"parley/gateway/api"
	"parley/gateway/lanes"
	"parley/gateway/rest/admin"
	"parley/gateway/rest/authors"
	agents "parley/gateway/rest/desk"
	"parley/gateway/rest/live"
	"parley/gateway/signin"
	"parley/storage/memory"
)

// Deps of a Server. All are required.
type Deps struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	NewID   engine.NewID
	Desk    *desk.Desk
	Hub     *log.Hub
	Catalog *catalog.Catalog
	Signin  *signin.Service
	Build   string
	Log     *slog.Logger
	Origins []string // may open live sockets, besides the same host

	Search   engine.Searcher
	Eraser   erasure.Eraser
	Versions *versions.Versions
	Kept     botscripts.Kept // what was learned from texts; nil for nothing
	Tones    agents.Tones
	// Admit tells which of the variables that a brand names keep it from being
	// used, and leaves out optional channels that lack theirs.
	Admit func(brandfolder.Brand) (brandfolder.Brand, []brandfolder.Problem)
	// Kinds are those of the channels.
	Kinds engine.ChannelKinds
	// Draft makes a link to a channel's chat page that talks to a version.
	Draft func(channel, bundle string) (link string, until time.Time, err error)
}

// Server serves /api/v1. Close ends its live connections.
type Server struct {
	signin      *signin.Service
	live        *live.Server
	crossOrigin *http.CrossOriginProtection
	times       timing
	benches     *benches
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

// Searches of one agent: so many run at a time, and so many are there with those that wait.
const (
	searchesRun  = 2
	searchesKept = 8
)

// New makes a server.
func New(d Deps) *Server {
	updates := live.New(live.Deps{
		Store: d.Store, Bus: d.Bus, Clock: d.Clock, Desk: d.Desk, Hub: d.Hub, Signin: d.Signin, Build: d.Build, Log: d.Log,
		Origins: d.Origins, Process: d.NewID(),
	})
	learner := &learning.Learner{Store: d.Store, Clock: d.Clock, Versions: d.Versions, Book: knowledge.Book{Kinds: d.Kinds, Kept: d.Kept, Store: memory.New}}
	return &Server{
		signin: d.Signin, live: updates, crossOrigin: http.NewCrossOriginProtection(), benches: newBenches(),
		times: timing{read: 15 * time.Second, turn: time.Second, job: 90 * time.Second},
		operations: operations{
			updates,
			agents.New(agents.Deps{
				Store: d.Store, Clock: d.Clock, Desk: d.Desk, Catalog: d.Catalog, Signin: d.Signin, Live: updates, Search: d.Search,
				Searches: lanes.New(searchesRun, searchesKept), Learner: learner, Tones: d.Tones, Build: d.Build, Kinds: d.Kinds,
			}),
			authors.New(authors.Deps{
				Store: d.Store, Clock: d.Clock, Catalog: d.Catalog, Versions: d.Versions, Learner: learner, Kept: d.Kept,
				Admit: d.Admit, Kinds: d.Kinds, Draft: d.Draft,
			}),
			admin.New(admin.Deps{Store: d.Store, Clock: d.Clock, Signin: d.Signin, Live: updates, Eraser: d.Eraser}),
		},
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
