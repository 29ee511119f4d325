package rest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

// maxFolder bounds a body that holds a brand's files: 16 MiB of text, and what
// JSON adds to it.
const maxFolder = 24 << 20

// gate is what a route asks for before its body is read.
type gate struct {
	role engine.Role // "" for everybody who is signed in
	body int64       // bytes
	work string      // what a brand does only so often at a time; "" is not counted
	many int         // so often
}

// gateOf says what a route asks for. Everything about versions and bots is the
// supervisors', and what changes a version the admins'.
func gateOf(method, path string) gate {
	g := gate{body: maxBody}
	route, ok := strings.CutPrefix(path, base)
	top, _, _ := strings.Cut(strings.TrimPrefix(route, "/"), "/")
	switch {
	case !ok:
		return g
	case top == "versions":
		g.role = engine.RoleAdmin
		if method == http.MethodGet {
			g.role = engine.RoleSupervisor
		}
	case top == "consumers":
		g.role = engine.RoleAdmin
	case top == "bots", top == "faults", top == "utterances", top == "faq", top == "channels":
		g.role = engine.RoleSupervisor
	}
	switch route {
	case "/conversations/:id/session", "/conversations/:id/journal", "/conversations/:id/test", "/versions/:version/try":
		g.role = engine.RoleSupervisor
	case "/versions/:version/blast":
		g.role, g.work, g.many = engine.RoleSupervisor, "job", 1
	case "/bots/test", "/bots/simulate", "/bots/replay", "/bots/blast":
		g.body, g.work, g.many = maxFolder, "job", 1
	case "/utterances/accept":
		g.role, g.work, g.many = engine.RoleAdmin, "job", 1
	case "/bots/check":
		g.body, g.work, g.many = maxFolder, "check", 2
	case "/versions":
		if method == http.MethodPost {
			g.body, g.work, g.many = maxFolder, "push", 1
		}
	}
	return g
}

// enter lets a principal through the gate. leave, when there is no error, ends
// the work and gives the request back its time.
func (s *Server) enter(c echo.Context, g gate, u engine.User) (leave func(), err error) {
	if g.role != "" && !u.Role.Allows(g.role) {
		if g.role == engine.RoleAdmin {
			return nil, engine.Errorf(engine.Forbidden, "Only an admin may do that.")
		}
		return nil, engine.Errorf(engine.Forbidden, "Only a supervisor or an admin may do that.")
	}
	if g.work == "" {
		return func() {}, nil
	}
	req := c.Request()
	done, ok := s.benches.take(req.Context(), u.Brand+" "+g.work, g.many, s.times.turn)
	if !ok {
		c.Response().Header().Set("Retry-After", "2")
		return nil, engine.Errorf(engine.RateLimited, "The brand does this already. Try again in a moment.")
	}
	ctx, cancel := context.WithTimeout(req.Context(), s.times.job)
	stop := context.AfterFunc(s.live.Closing(), cancel) // a server that stops does not wait for it
	c.SetRequest(req.WithContext(ctx))
	return func() { stop(); cancel(); done() }, nil
}

// unhurried ends the time limit of the body, which is read by now: at the
// deadline net/http would cancel the work.
func unhurried(c echo.Context) {
	if gateOf(c.Request().Method, c.Path()).work != "" {
		_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{}) // not every connection has one
	}
}

// benches are the places at which brands do work that is heavy. There are as
// many keys as brands that ever did some.
type benches struct {
	mu    sync.Mutex
	byKey map[string]chan struct{}
}

func newBenches() *benches { return &benches{byKey: map[string]chan struct{}{}} }

// take waits for one of n places, for at most patience.
func (b *benches) take(ctx context.Context, key string, n int, patience time.Duration) (leave func(), ok bool) {
	b.mu.Lock()
	places := b.byKey[key]
	if places == nil {
		places = make(chan struct{}, n)
		b.byKey[key] = places
	}
	b.mu.Unlock()
	leave = func() { <-places }
	select {
	case places <- struct{}{}:
		return leave, true
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case places <- struct{}{}:
		return leave, true
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil, false
}
