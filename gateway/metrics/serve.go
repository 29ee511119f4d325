package metrics

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/engine"
	"parley/gateway/signin"
)

// Guard says who may read the metrics.
type Guard struct {
	Signin    *signin.Service
	PublicURL string // of the gateway
}

// Register adds the route.
func (m *Metrics) Register(e *echo.Echo, g Guard) {
	e.Match([]string{http.MethodGet, http.MethodHead}, "/metrics", echo.WrapHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})), g.onlyOperators)
}

// onlyOperators lets pass who calls directly from this machine, or holds an
// admin's API token.
func (g Guard) onlyOperators(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if g.local(c.Request()) {
			return next(c)
		}
		p, err := g.Signin.Authenticate(c.Request())
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
func (g Guard) local(req *http.Request) bool {
	peer, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil || !loopback(peer) {
		return false
	}
	public, err := url.Parse(g.PublicURL)
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
