package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/engine"
	"parley/gateway/problem"
	"parley/gateway/rest/draw"
	"parley/gateway/web"
)

// Limits of the HTTP server. Each route bounds the size of its own body. A read
// timeout of the server would end long polls, so bodies have theirs alone.
const (
	headerTime  = 10 * time.Second
	bodyTime    = 15 * time.Second
	leftTime    = time.Second     // for what a handler left of its body
	writeTime   = 2 * time.Minute // long polls included; live sockets have no such limit
	idleTime    = 2 * time.Minute
	headerBytes = 64 << 10
	maxWebhook  = 1 << 20
)

func (a *App) secure() bool { return strings.HasPrefix(a.opt.Config.PublicURL, "https://") }

// serveHTTP builds the routes.
func (a *App) serveHTTP() error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = callerIP(a.opt.Config.TrustedProxies)
	e.HTTPErrorHandler = problem.Handler(a.log, draw.ConflictEvents)
	e.Use(a.prepare)
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisableStackAll: true, // the goroutine that panicked is enough
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			return engine.Errorf(engine.Internal, "panic").Because(&panicError{err, string(stack)})
		},
	}))
	e.Match([]string{http.MethodGet, http.MethodPost}, "/hooks/:channel", a.hook)
	probe := []string{http.MethodGet, http.MethodHead}
	e.Match(probe, "/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.Match(probe, "/readyz", a.ready)
	e.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{})), a.onlyOperators)
	e.GET("/welcome.json", a.welcome)
	a.rest.Register(e)
	a.webchat.Register(e)
	site, err := web.Handler()
	if err != nil {
		return err
	}
	e.GET("/*", echo.WrapHandler(site))
	e.HEAD("/*", echo.WrapHandler(site))
	a.http = &http.Server{
		Handler: e, ReadHeaderTimeout: headerTime, WriteTimeout: writeTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	return nil
}

type panicError struct {
	err   error
	stack string
}

func (p *panicError) Error() string { return p.err.Error() + "\n" + p.stack }

// prepare names the request (clients do not choose the name: it goes into
// logs), sets the headers that every answer has, and bounds how long a body
// may take.
func (a *App) prepare(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set(echo.HeaderXRequestID, NewID())
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		if a.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if c.Request().ContentLength == 0 {
			return next(c)
		}
		rc := http.NewResponseController(c.Response())
		_ = rc.SetReadDeadline(time.Now().Add(bodyTime)) // not every connection has one
		err := next(c)
		_ = rc.SetReadDeadline(time.Now().Add(leftTime))
		return err
	}
}

// hook takes a provider's webhook: the raw bytes are verified, stored, and
// only then acknowledged.
func (a *App) hook(c echo.Context) error {
	req := c.Request()
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), req.Body, maxWebhook))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return err
	case err != nil: // it broke off, or took too long
		return engine.Errorf(engine.Invalid, "The body cannot be read.").Because(err)
	}
	began := time.Now()
	resp, err := a.receiver.Webhook(req.Context(), c.Param("channel"), engine.WebhookRequest{
		Method: req.Method, URL: a.opt.Config.PublicURL + req.RequestURI, Header: req.Header, Body: body, Now: began,
	})
	a.metrics.webhook(err, time.Since(began))
	if engine.CodeOf(err) == engine.Unauthenticated {
		// The caller hears nothing about why; the operator may have to correct a setting.
		a.forged.Do(func() {
			a.log.Warn("webhooks are refused: their signature does not verify; public_url must be as the provider has it, and the secrets the account's",
				"channel", c.Param("channel"), "public_url", a.opt.Config.PublicURL)
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

func (a *App) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	if err := a.store.Ready(ctx); err != nil {
		a.unready.Do(func() { a.log.Error("not ready", "error", err) })
		return err
	}
	return c.String(http.StatusOK, "ready\n")
}

// onlyOperators lets pass who calls directly from this machine, or holds an
// admin's API token.
func (a *App) onlyOperators(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if a.local(c.Request()) {
			return next(c)
		}
		p, err := a.signin.Authenticate(c.Request())
		if err != nil {
			return err
		}
		if !p.User.Role.Allows(engine.RoleAdmin) {
			return engine.Errorf(engine.Forbidden, "Only an admin may read the metrics.")
		}
		return next(c)
	}
}

// local says whether the request comes from a program on this machine that
// speaks for nobody else. A gateway with a public address has a proxy before
// it, which may look just like that; and a page of another site that has its
// name point here still sends that name.
func (a *App) local(req *http.Request) bool {
	peer, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil || !loopback(peer) {
		return false
	}
	public, err := url.Parse(a.opt.Config.PublicURL)
	if err != nil || !loopback(public.Hostname()) {
		return false
	}
	host := req.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if !loopback(strings.Trim(host, "[]")) {
		return false
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if len(req.Header.Values(name)) > 0 {
			return false
		}
	}
	return true
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// welcome tells the landing page which doors there are: a real brand's before
// the example's.
func (a *App) welcome(c echo.Context) error {
	type door struct {
		Brand   string `json:"brand,omitempty"`
		ChatURL string `json:"chat_url,omitempty"`
	}
	var d door
	err := a.store.View(c.Request().Context(), func(tx engine.Tx) error {
		brands, err := tx.Brands().List()
		if err != nil {
			return err
		}
		slices.SortStableFunc(brands, func(x, y engine.Brand) int { return rank(x) - rank(y) })
		for _, b := range brands {
			channels, err := tx.Brands().Channels(b.ID)
			if err != nil {
				return err
			}
			for _, ch := range channels {
				if ch.Kind == "webchat" {
					d = door{Brand: b.Name, ChatURL: "/chat/" + url.PathEscape(ch.ID)}
					return nil
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, d)
}

func rank(b engine.Brand) int {
	if b.Example {
		return 1
	}
	return 0
}
