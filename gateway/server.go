package gateway

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/engine"
	"parley/gateway/problem"
	"parley/gateway/rest"
	"parley/gateway/web"
)

// Limits of the HTTP server. Reading and writing have no total limit, because
// live connections and long polls last; each route bounds its own body.
const (
	headerTime  = 10 * time.Second
	idleTime    = 2 * time.Minute
	headerBytes = 64 << 10
	maxWebhook  = 1 << 20
)

func (a *App) secure() bool { return strings.HasPrefix(a.opt.Config.PublicURL, "https://") }

// serveHTTP builds the routes.
func (a *App) serveHTTP() error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect() // X-Forwarded-For is anybody's to write
	e.HTTPErrorHandler = problem.Handler(a.log, rest.ConflictEvents)
	e.Use(middleware.RequestIDWithConfig(middleware.RequestIDConfig{Generator: NewID, RequestIDHandler: nil}))
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisablePrintStack: true,
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			return engine.Errorf(engine.Internal, "panic").Because(&panicError{err, string(stack)})
		},
	}))
	e.Use(a.secureHeaders)
	e.Match([]string{http.MethodGet, http.MethodPost}, "/hooks/:channel", a.hook)
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", a.ready)
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
		Handler: e, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		ErrorLog: nil, BaseContext: func(net.Listener) context.Context { return context.Background() },
	}
	return nil
}

type panicError struct {
	err   error
	stack string
}

func (p *panicError) Error() string { return p.err.Error() + "\n" + p.stack }

func (a *App) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		if a.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// hook takes a provider's webhook: the raw bytes are verified, stored, and
// only then acknowledged.
func (a *App) hook(c echo.Context) error {
	req := c.Request()
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), req.Body, maxWebhook))
	if err != nil {
		return err
	}
	began := time.Now()
	resp, err := a.receiver.Webhook(req.Context(), c.Param("channel"), engine.WebhookRequest{
		Method: req.Method, URL: a.opt.Config.PublicURL + req.RequestURI, Header: req.Header, Body: body, Now: began,
	})
	a.metrics.webhook(err, time.Since(began))
	if engine.CodeOf(err) == engine.Unauthenticated {
		// A signature that does not verify tells nothing about why.
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
	err := a.store.View(ctx, func(tx engine.Tx) error {
		_, err := tx.Events().Last()
		return err
	})
	if err != nil {
		return engine.Errorf(engine.Unavailable, "The database does not answer.").Because(err)
	}
	return c.String(http.StatusOK, "ready\n")
}

// onlyOperators lets pass who calls from this machine without a proxy between,
// or holds an admin's API token.
func (a *App) onlyOperators(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		host, _, _ := net.SplitHostPort(req.RemoteAddr)
		ip := net.ParseIP(host)
		proxied := req.Header.Get("Forwarded") != "" || req.Header.Get("X-Forwarded-For") != ""
		if ip != nil && ip.IsLoopback() && !proxied {
			return next(c)
		}
		p, err := a.signin.Authenticate(req)
		if err != nil {
			return err
		}
		if !p.User.Role.Allows(engine.RoleAdmin) {
			return engine.Errorf(engine.Forbidden, "Only an admin may read the metrics.")
		}
		return next(c)
	}
}

// welcome tells the landing page which doors there are.
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
