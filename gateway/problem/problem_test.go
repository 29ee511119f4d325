package problem_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/gateway/problem"
)

func TestHandler(t *testing.T) {
	t.Parallel()
	secret := errors.New("password=hunter2")
	conflict := engine.Errorf(engine.Conflict, "Changed.")
	conflict.Events = []engine.Event{{Seq: 1}, {Seq: 2}}
	for name, c := range map[string]struct {
		err    error
		status int
		code   engine.Code
		field  string
		logged bool
	}{
		"invalid":           {engine.FieldError("text", "is empty"), 400, engine.Invalid, "text", false},
		"not found":         {engine.Errorf(engine.NotFound, "Gone."), 404, engine.NotFound, "", false},
		"conflict":          {conflict, 409, engine.Conflict, "", false},
		"unauthenticated":   {engine.Errorf(engine.Unauthenticated, "Sign in."), 401, engine.Unauthenticated, "", false},
		"forbidden":         {engine.Errorf(engine.Forbidden, "No.").Because(secret), 403, engine.Forbidden, "", false},
		"too large":         {engine.Errorf(engine.TooLarge, "Big."), 413, engine.TooLarge, "", false},
		"rate limited":      {engine.Errorf(engine.RateLimited, "Slow."), 429, engine.RateLimited, "", false},
		"unavailable":       {engine.Errorf(engine.Unavailable, "Later."), 503, engine.Unavailable, "", false},
		"internal":          {engine.Errorf(engine.Internal, "hunter2").Because(secret), 500, engine.Internal, "", true},
		"foreign":           {secret, 500, engine.Internal, "", true},
		"wrapped":           {fmt.Errorf("reply: %w", engine.FieldError("after", "is not a cursor")), 400, engine.Invalid, "after", false},
		"bound":             {echo.NewHTTPError(400, "hunter2").SetInternal(engine.FieldError("rev", "is missing")), 400, engine.Invalid, "rev", false},
		"parameter":         {echo.NewHTTPError(400, "Invalid format for parameter limit: hunter2"), 400, engine.Invalid, "limit", false},
		"echo's 404":        {echo.ErrNotFound, 404, engine.NotFound, "", false},
		"echo's 405":        {echo.ErrMethodNotAllowed, 404, engine.NotFound, "", false},
		"echo's 413":        {echo.ErrStatusRequestEntityTooLarge, 413, engine.TooLarge, "", false},
		"echo's 415":        {echo.ErrUnsupportedMediaType, 400, engine.Invalid, "", false},
		"echo's 418":        {echo.NewHTTPError(418, "hunter2"), 400, engine.Invalid, "", false},
		"echo's 500":        {echo.NewHTTPError(500, "hunter2"), 500, engine.Internal, "", true},
		"a body too large":  {&http.MaxBytesError{Limit: 5}, 413, engine.TooLarge, "", false},
		"the client is off": {fmt.Errorf("query: %w", context.Canceled), 503, engine.Unavailable, "", false},
	} {
		var log bytes.Buffer
		e := echo.New()
		w := httptest.NewRecorder()
		ctx := e.NewContext(httptest.NewRequest(http.MethodGet, "/x", nil), w)
		ctx.Response().Header().Set(echo.HeaderXRequestID, "r1")
		problem.Handler(slog.New(slog.NewTextHandler(&log, nil)), func(all []engine.Event) any { return len(all) })(c.err, ctx)
		var b problem.Body
		if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if w.Code != c.status || b.Code != c.code || b.Field != c.field || b.Message == "" || b.RequestID != "r1" {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "hunter2") {
			t.Errorf("%s tells a secret: %s", name, w.Body)
		}
		if (log.Len() > 0) != c.logged {
			t.Errorf("%s: logged %q", name, log.String())
		}
		if name == "conflict" && b.Events != float64(2) {
			t.Errorf("%s: got %s", name, w.Body)
		}
	}
}

func TestHandlerWritesOnce(t *testing.T) {
	t.Parallel()
	e := echo.New()
	handle := problem.Handler(slog.New(slog.DiscardHandler), nil)
	w := httptest.NewRecorder()
	ctx := e.NewContext(httptest.NewRequest(http.MethodGet, "/x", nil), w)
	if err := ctx.String(http.StatusOK, "done"); err != nil {
		t.Fatal(err)
	}
	handle(errors.New("late"), ctx)
	if w.Code != 200 || w.Body.String() != "done" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	handle(engine.Errorf(engine.NotFound, "x"), e.NewContext(httptest.NewRequest(http.MethodHead, "/x", nil), w))
	if w.Code != 404 || w.Body.Len() != 0 {
		t.Errorf("HEAD: got %d %q", w.Code, w.Body)
	}
}
