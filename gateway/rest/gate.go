package rest

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/signin"
)

// operation is what the contract says of the route that a request has found. The live
// socket streams, and is outside the contract.
func operation(c echo.Context) (op api.Operation, ok bool) {
	route := strings.TrimPrefix(c.Path(), base)
	if route == "/live" {
		return api.Operation{Role: engine.RoleAgent}, true
	}
	return api.Of(c.Request().Method, route)
}

// atOnce is how much of one kind of work a brand may do at a time.
func atOnce(work string) int {
	if work == "check" {
		return 2
	}
	return 1
}

// enter lets a principal do an operation. leave, when there is no error, ends
// the work and gives the request back its time.
func (s *Server) enter(c echo.Context, op api.Operation, p signin.Principal) (leave func(), err error) {
	switch {
	case op.Role == "" || !p.User.Role.Allows(op.Role):
		if op.Role == engine.RoleSupervisor {
			return nil, engine.Errorf(engine.Forbidden, "Only a supervisor or an admin may do that.")
		}
		return nil, engine.Errorf(engine.Forbidden, "Only an admin may do that.")
	case op.Person && !p.Person():
		return nil, engine.Errorf(engine.Forbidden, "Only a signed-in agent may do that, not an API token.")
	case op.Work == "":
		return func() {}, nil
	}
	req := c.Request()
	done, ok := s.benches.take(req.Context(), p.User.Brand+" "+op.Work, atOnce(op.Work), s.times.turn)
	if !ok {
		c.Response().Header().Set("Retry-After", "2")
		return nil, engine.Errorf(engine.RateLimited, "The brand does this already. Try again in a moment.")
	}
	ctx, cancel := context.WithTimeout(req.Context(), s.times.job)
	stop := context.AfterFunc(s.live.Closing(), cancel) // a server that stops does not wait for it
	c.SetRequest(req.WithContext(ctx))
	return func() { stop(); cancel(); done() }, nil
}

// bounds holds every request against the contract before its handler.
func bounds(next api.StrictHandlerFunc, _ string) api.StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		if c.Request().ContentLength == 0 && reflect.ValueOf(request).FieldByName("Body").IsValid() {
			return nil, empty() // echo leaves the body zero, which looks like one
		}
		op, _ := operation(c)
		if op.Work != "" {
			// The time limit of the body ends, which is read by now: at the deadline
			// net/http would cancel the work. Not every connection has one.
			_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{})
		}
		if err := op.Check(request); err != nil {
			return nil, err
		}
		return next(c, request)
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
