package rest

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
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
	lanes := s.jobs
	if op.Work == "check" {
		lanes = s.checks
	}
	patience, stop := context.WithTimeout(req.Context(), s.times.turn)
	defer stop()
	done, err := lanes.Enter(patience, p.User.Brand+" "+op.Work)
	if err != nil {
		return nil, engine.Errorf(engine.RateLimited, "The brand does this already. Try again in a moment.")
	}
	ctx, cancel := context.WithTimeout(req.Context(), s.times.job)
	forget := context.AfterFunc(s.live.Closing(), cancel) // a server that stops does not wait for it
	c.SetRequest(req.WithContext(ctx))
	return func() { forget(); cancel(); done() }, nil
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
		if err := asked(c.Request().URL.RawQuery, request); err != nil {
			return nil, err
		}
		return next(c, request)
	}
}

// asked refuses what stands in a query and is no parameter of the operation:
// one that is misspelt would otherwise count as not given.
func asked(query string, request any) error {
	given, err := url.ParseQuery(query)
	if err != nil {
		return engine.Errorf(engine.Invalid, "What follows the ? in the address is not understood.").Because(err)
	}
	if params := reflect.ValueOf(request).FieldByName("Params"); params.IsValid() {
		for i := range params.NumField() {
			name, _, _ := strings.Cut(params.Type().Field(i).Tag.Get("json"), ",")
			delete(given, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return engine.FieldError(name, "is not a parameter of this address")
	}
	return nil
}
