package rest

import (
	"context"
	"log/slog"
	"mime"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/desk"
	"parley/engine/erasure"
	"parley/engine/log"
	"parley/engine/versions"
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
	Tones    Tones
	// Admit tells which of the variables that a brand names keep it from being
	// used, and leaves out optional channels that lack theirs.
	Admit func(brandfolder.Brand) (brandfolder.Brand, []brandfolder.Problem)
	// CheckChannel tells what is wrong with a channel's settings.
	CheckChannel func(engine.Channel) error
	// Draft makes a link to a channel's chat page that talks to a version.
	Draft func(channel, bundle string) (link string, until time.Time, err error)
}

// Server serves /api/v1. Close ends its sockets.
type Server struct {
	Deps
	times       timing
	crossOrigin *http.CrossOriginProtection
	process     string // names this process among those on the store
	seen        *seen
	sockets     *sockets
	tally       *tally
	benches     *benches
	searches    *lanes
	authors     *botscripts.Runtime // of what authors try: drafts do not push versions in use out
	closing     context.Context
	stop        context.CancelFunc
	leaving     sync.WaitGroup // timers of agents who may have left
	once        sync.Once
}

var _ api.StrictServerInterface = (*Server)(nil)

const (
	base    = "/api/v1"
	maxBody = 64 << 10
)

// timing is how long things take or wait.
type timing struct {
	read     time.Duration // for a request's body
	hello    time.Duration // for a live socket's first frame
	write    time.Duration // for one frame to a live socket
	ping     time.Duration // between pings
	recheck  time.Duration // between looks at whether the session still lasts
	counters time.Duration // between two frames of counters, at least
	grace    time.Duration // after an agent's last socket has closed, for reloads
	turn     time.Duration // for the brand's job before, so that two clicks are no error
	job      time.Duration // for a test, a simulation, a replay or a blast radius
}

func usual() timing {
	return timing{
		read: 15 * time.Second, hello: 10 * time.Second, write: 10 * time.Second, ping: 25 * time.Second,
		recheck: 30 * time.Second, counters: time.Second, grace: 5 * time.Second, turn: time.Second, job: 90 * time.Second,
	}
}

// New makes a server.
func New(d Deps) *Server {
	s := &Server{
		Deps: d, times: usual(), crossOrigin: http.NewCrossOriginProtection(),
		process: d.NewID(), seen: newSeen(), sockets: newSockets(), tally: newTally(),
		benches: newBenches(), searches: newLanes(), authors: botscripts.New(botscripts.Config{Bundles: 16, Kept: d.Kept}),
	}
	s.closing, s.stop = context.WithCancel(context.Background())
	return s
}

// Register adds the routes. Every route but signing in needs a principal.
func (s *Server) Register(e *echo.Echo) {
	e.JSONSerializer = strictJSON{}
	g := e.Group(base, s.guard)
	g.GET("/live", s.live)
	api.RegisterHandlers(g, api.NewStrictHandler(s, []api.StrictMiddlewareFunc{checkLimits}))
}

type principalKey struct{}

// guard authenticates, refuses forged cross-site requests, and bounds bodies.
func (s *Server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		g := gateOf(req.Method, c.Path())
		c.Response().Header().Set("Cache-Control", "no-store")
		if req.ContentLength != 0 {
			if kind, _, err := mime.ParseMediaType(req.Header.Get(echo.HeaderContentType)); err != nil || kind != echo.MIMEApplicationJSON {
				return engine.Errorf(engine.Invalid, "The body must be JSON, with Content-Type: application/json.")
			}
			req.Body = http.MaxBytesReader(c.Response(), req.Body, g.body)
			// Only with a body: at the deadline net/http cancels a request that
			// merely waits, too. Not every connection has one.
			limit := s.times.read
			if g.body > maxBody {
				limit *= 4
			}
			_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(limit))
		}
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
		if err := meant(req.Header.Get("Parley-User"), p.User); err != nil {
			return err
		}
		if p.Person() {
			if err := s.touch(req.Context(), p.User); err != nil {
				return err
			}
		}
		c.SetRequest(req.WithContext(context.WithValue(req.Context(), principalKey{}, p)))
		leave, err := s.enter(c, g, p.User)
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

type ipKey struct{}

// who is the principal that guard has put into the context.
func who(ctx context.Context) signin.Principal {
	p, _ := ctx.Value(principalKey{}).(signin.Principal)
	return p
}

// holder names the browser session or the token behind a principal.
func holder(p signin.Principal) string {
	if p.Token != nil {
		return tokenHolder(p.Token.ID)
	}
	return p.Login
}

func tokenHolder(id string) string { return "token:" + id }

// person is the signed-in agent; commands need one, tokens may only read.
func person(ctx context.Context) (engine.User, error) {
	p := who(ctx)
	if !p.Person() {
		return engine.User{}, engine.Errorf(engine.Forbidden, "Only a signed-in agent may do that, not an API token.")
	}
	return p.User, nil
}

// actor names who asks, in logs.
func actor(ctx context.Context) string {
	p := who(ctx)
	if p.Token != nil {
		return tokenHolder(p.Token.ID)
	}
	return "agent:" + p.User.ID
}

func admin(ctx context.Context) (engine.User, error) {
	p := who(ctx)
	if !p.User.Role.Allows(engine.RoleAdmin) {
		return engine.User{}, engine.Errorf(engine.Forbidden, "Only an admin may do that.")
	}
	return p.User, nil
}

// adminPerson is an admin in person: a token that could make tokens would outlive
// its own revocation.
func adminPerson(ctx context.Context) (engine.User, error) {
	if _, err := admin(ctx); err != nil {
		return engine.User{}, err
	}
	return person(ctx)
}
