package problem

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

// Status is the HTTP status of an error code.
func Status(code engine.Code) int {
	switch code {
	case engine.Invalid:
		return http.StatusBadRequest
	case engine.NotFound:
		return http.StatusNotFound
	case engine.Conflict:
		return http.StatusConflict
	case engine.Unauthenticated:
		return http.StatusUnauthorized
	case engine.Forbidden:
		return http.StatusForbidden
	case engine.TooLarge:
		return http.StatusRequestEntityTooLarge
	case engine.RateLimited:
		return http.StatusTooManyRequests
	case engine.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Body is the one shape of an error on the wire. Events is filled by routes
// that tell what happened meanwhile.
type Body struct {
	Code      engine.Code `json:"code"`
	Message   string      `json:"message"`
	Field     string      `json:"field,omitempty"`
	RequestID string      `json:"request_id"`
	Events    any         `json:"events,omitempty"`
}

// From is an error as an engine error: echo's own are translated, anything
// unknown is Internal.
func From(err error) *engine.Error {
	var e *engine.Error
	if errors.As(err, &e) {
		return e
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return engine.Errorf(engine.TooLarge, "The request is larger than %d bytes.", large.Limit)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return engine.Errorf(engine.Unavailable, "The request took too long. Try again.").Because(err)
	}
	var h *echo.HTTPError
	if errors.As(err, &h) {
		text, _ := h.Message.(string)
		if name, ok := strings.CutPrefix(text, "Invalid format for parameter "); ok {
			name, _, _ = strings.Cut(name, ":")
			return engine.FieldError(name, "is not understood").Because(err)
		}
		return fromStatus(h.Code).Because(err)
	}
	return engine.Errorf(engine.Internal, "Something went wrong on our side.").Because(err)
}

func fromStatus(status int) *engine.Error {
	switch status {
	case http.StatusNotFound:
		return engine.Errorf(engine.NotFound, "There is nothing here.")
	case http.StatusMethodNotAllowed:
		return engine.Errorf(engine.NotFound, "This address does not take that method.")
	case http.StatusUnsupportedMediaType:
		return engine.Errorf(engine.Invalid, "The body must be JSON, with Content-Type: application/json.")
	case http.StatusRequestEntityTooLarge:
		return engine.Errorf(engine.TooLarge, "The request is too large.")
	case http.StatusUnauthorized:
		return engine.Errorf(engine.Unauthenticated, "Sign in first.")
	case http.StatusForbidden:
		return engine.Errorf(engine.Forbidden, "You may not do that.")
	case http.StatusTooManyRequests:
		return engine.Errorf(engine.RateLimited, "Too many requests. Try again in a moment.")
	case http.StatusServiceUnavailable:
		return engine.Errorf(engine.Unavailable, "Try again in a moment.")
	}
	if status >= 400 && status < 500 {
		return engine.Errorf(engine.Invalid, "The request is not understood.")
	}
	return engine.Errorf(engine.Internal, "Something went wrong on our side.")
}

// Events draws a conflict's events for the wire; nil leaves them out.
type Events func([]engine.Event) any

// Handler answers every error that a route returns. Internal ones are logged
// with their cause, which never leaves the process.
func Handler(log *slog.Logger, events Events) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			return
		}
		e := From(err)
		id := c.Response().Header().Get(echo.HeaderXRequestID)
		if e.Code == engine.Internal {
			log.Error("request failed", "request", id, "method", c.Request().Method, "route", c.Path(), "error", err)
		}
		b := Body{Code: e.Code, Message: engine.MessageOf(e), Field: e.Field, RequestID: id}
		if len(e.Events) > 0 && events != nil {
			b.Events = events(e.Events)
		}
		if h := c.Response().Header(); e.Retry > 0 && h.Get("Retry-After") == "" {
			h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.Retry.Seconds()))))
		}
		status := Status(e.Code)
		if h := c.Response().Header(); e.Code == engine.RateLimited && h.Get("Retry-After") == "" {
			h.Set("Retry-After", "2")
		}
		if c.Request().Method == http.MethodHead {
			_ = c.NoContent(status) // the client is gone when this fails
			return
		}
		_ = c.JSON(status, b)
	}
}
