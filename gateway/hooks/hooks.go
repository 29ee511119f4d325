package hooks

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"parley/engine"
	"parley/engine/receive"
	"parley/gateway/problem"
)

// Deps of Hooks. All are required.
type Deps struct {
	Receiver  *receive.Receiver
	PublicURL string // of the gateway
	Log       *slog.Logger
	Observe   func(err error, took time.Duration)
}

// Hooks serve /hooks.
type Hooks struct {
	Deps
	forged rate.Sometimes // bounds what is logged of wrong signatures
}

const maxBody = 1 << 20

// New makes hooks.
func New(d Deps) *Hooks {
	return &Hooks{d, rate.Sometimes{First: 1, Interval: time.Minute}}
}

// Register adds the route.
func (h *Hooks) Register(e *echo.Echo) {
	e.Match([]string{http.MethodGet, http.MethodPost}, "/hooks/:channel", h.take)
}

// CallbackURL gives the addresses for a provider's reports about one send, at the
// gateway's public one.
func CallbackURL(public string) func(channel, item string) string {
	return func(channel, item string) string { return engine.Webhook(public, channel) + "?item=" + item }
}

// take takes a provider's webhook: the raw bytes are verified, stored, and
// only then acknowledged.
func (h *Hooks) take(c echo.Context) error {
	req := c.Request()
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), req.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return err
	case err != nil: // it broke off, or took too long
		return engine.Errorf(engine.Invalid, "The body cannot be read.").Because(err)
	}
	began := time.Now()
	resp, err := h.Receiver.Webhook(req.Context(), c.Param("channel"), engine.WebhookRequest{
		Method: req.Method, URL: h.PublicURL + req.RequestURI, Header: req.Header, Body: body, Now: began,
	})
	h.Observe(err, time.Since(began))
	if engine.CodeOf(err) == engine.Unauthenticated {
		// The caller hears nothing about why; the operator may have to correct a setting.
		h.forged.Do(func() {
			h.Log.Warn("webhooks are refused: their signature does not verify; public_url must be as the provider has it, and the secrets the account's",
				"channel", c.Param("channel"), "public_url", h.PublicURL)
		})
		return c.JSON(http.StatusForbidden, problem.Body{
			Code: engine.Forbidden, Message: "The signature does not verify.",
			RequestID: c.Response().Header().Get(echo.HeaderXRequestID),
		})
	}
	if err != nil {
		return err
	}
	if resp.Status == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Blob(resp.Status, resp.ContentType, resp.Body)
}
