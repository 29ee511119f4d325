package egress

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// Config says how a client reaches out. Its zero value is strict and has sensible limits.
type Config struct {
	Guard           *Guard        // nil: nothing but the public internet
	Timeout         time.Duration // of a whole request with its answer; 30 s if zero
	MaxConnsPerHost int           // 64 if zero
	MaxHeaderBytes  int64         // of the answer's header; 64 KiB if zero
	Resolver        *net.Resolver // nil: the system's
}

// Client limits that no caller has had reason to change.
const (
	dialTimeout         = 5 * time.Second
	idleConnTimeout     = 90 * time.Second
	maxIdleConns        = 256
	defaultTimeout      = 30 * time.Second
	defaultConnsPerHost = 64
	defaultHeaderBytes  = 64 << 10
)

// NewClient makes an HTTP client for a provider's API. It follows no redirect (the caller sees the 3xx),
// keeps no cookies and ignores the proxy settings of the environment.
func NewClient(cfg Config) *http.Client {
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	return &http.Client{
		Transport:     NewTransport(cfg),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       cfg.Timeout,
	}
}

// NewTransport makes a transport whose every connection passes the guard.
func NewTransport(cfg Config) *http.Transport {
	if cfg.Guard == nil {
		cfg.Guard = &Guard{}
	}
	if cfg.MaxConnsPerHost <= 0 {
		cfg.MaxConnsPerHost = defaultConnsPerHost
	}
	if cfg.MaxHeaderBytes <= 0 {
		cfg.MaxHeaderBytes = defaultHeaderBytes
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            cfg.Guard.dialer(cfg.Resolver),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  cfg.Timeout,
		IdleConnTimeout:        idleConnTimeout,
		MaxIdleConns:           maxIdleConns,
		MaxIdleConnsPerHost:    cfg.MaxConnsPerHost,
		MaxConnsPerHost:        cfg.MaxConnsPerHost,
		MaxResponseHeaderBytes: cfg.MaxHeaderBytes,
	}
}

// dialer dials only what the guard lets pass. The operator vouches for a permitted name as a whole, so its
// addresses are not checked again.
func (g *Guard) dialer(resolver *net.Resolver) func(context.Context, string, string) (net.Conn, error) {
	vouched := &net.Dialer{Timeout: dialTimeout, Resolver: resolver}
	guarded := *vouched
	guarded.Control = func(network, address string, _ syscall.RawConn) error { return g.Check(network, address) }
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, portText, err := net.SplitHostPort(address); err == nil {
			if port, err := strconv.ParseUint(portText, 10, 16); err == nil && g.Permits(host, uint16(port)) {
				return vouched.DialContext(ctx, network, address)
			}
		}
		return guarded.DialContext(ctx, network, address)
	}
}
