package problem

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

// kinds are the codes with their statuses, and what is said when echo finds one.
var kinds = []struct {
	code   engine.Code
	status int
	words  string
}{
	{engine.Invalid, http.StatusBadRequest, "The request is not understood."},
	{engine.Invalid, http.StatusUnsupportedMediaType, "The body must be JSON, with Content-Type: application/json."},
	{engine.NotFound, http.StatusNotFound, "There is nothing here."},
	{engine.NotFound, http.StatusMethodNotAllowed, "This address does not take that method."},
	{engine.Conflict, http.StatusConflict, "The request is not understood."},
	{engine.Unauthenticated, http.StatusUnauthorized, "Sign in first."},
	{engine.Forbidden, http.StatusForbidden, "You may not do that."},
	{engine.TooLarge, http.StatusRequestEntityTooLarge, "The request is too large."},
	{engine.RateLimited, http.StatusTooManyRequests, "Too many requests. Try again in a moment."},
	{engine.Unavailable, http.StatusServiceUnavailable, "Try again in a moment."},
	{engine.Internal, http.StatusInternalServerError, "Something went wrong on our side."},
}

// Status is the HTTP status of an error code.
func Status(code engine.Code) int {
	for _, k := range kinds {
		if k.code == code {
			return k.status
		}
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
	return fromStatus(http.StatusInternalServerError).Because(err)
}

func fromStatus(status int) *engine.Error {
	for _, k := range kinds {
		if k.status == status {
			return engine.Errorf(k.code, "%s", k.words)
		}
	}
	if status >= 400 && status < 500 {
		return fromStatus(http.StatusBadRequest)
	}
	return fromStatus(http.StatusInternalServerError)
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
		retry := e.Retry
		if e.Code == engine.RateLimited && retry == 0 {
			retry = 2 * time.Second
		}
		if retry > 0 {
			c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(retry.Seconds()))))
		}
		status := Status(e.Code)
		if c.Request().Method == http.MethodHead {
			_ = c.NoContent(status) // the client is gone when this fails
			return
		}
		_ = c.JSON(status, b)
	}
}
