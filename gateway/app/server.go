package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"parley/engine"
	"parley/gateway/hooks"
	"parley/gateway/metrics"
	"parley/gateway/network"
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
)

func (a *App) secure() bool { return strings.HasPrefix(a.opt.Config.PublicURL, "https://") }

// serveHTTP builds the routes.
func (a *App) serveHTTP() error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = network.Caller(a.opt.Config.TrustedProxies)
	e.HTTPErrorHandler = problem.Handler(a.log, draw.ConflictEvents)
	e.Use(a.prepare)
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisableStackAll: true, // the goroutine that panicked is enough
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			return engine.Errorf(engine.Internal, "panic").Because(&panicError{err, string(stack)})
		},
	}))
	hooks.New(hooks.Deps{Receiver: a.Receiver, PublicURL: a.opt.Config.PublicURL, Log: a.log, Observe: a.metrics.Webhook}).Register(e)
	probe := []string{http.MethodGet, http.MethodHead}
	e.Match(probe, "/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.Match(probe, "/readyz", a.ready)
	a.metrics.Register(e, metrics.Guard{Signin: a.Signin, PublicURL: a.opt.Config.PublicURL})
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

func (a *App) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	if err := a.database.Ready(ctx); err != nil {
		a.unready.Do(func() { a.log.Error("not ready", "error", err) })
		return err
	}
	return c.String(http.StatusOK, "ready\n")
}

// welcome tells the landing page which doors there are: a real brand's before
// the example's.
func (a *App) welcome(c echo.Context) error {
	type door struct {
		Brand   string `json:"brand,omitempty"`
		ChatURL string `json:"chat_url,omitempty"`
	}
	var d door
	err := a.Store.View(c.Request().Context(), func(tx engine.Tx) error {
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
			if i := a.kinds.Served(channels); i >= 0 {
				d = door{Brand: b.Name, ChatURL: "/chat/" + url.PathEscape(channels[i].ID)}
				return nil
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
