package egress

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"

	"parley/engine"
)

// Limits of a bot's request.
const (
	DefaultFetchTimeout  = 5 * time.Second
	MaxFetchTimeout      = 30 * time.Second
	MaxRequestBodyBytes  = 64 << 10
	MaxResponseBodyBytes = 256 << 10
	maxURLBytes          = 8 << 10
	maxHeaderBytes       = 16 << 10 // names and values of a request; the header of an answer
	maxRetryAfter        = time.Hour
	fetchConnsPerHost    = 32
)

// Request is one http call of a bot.
type Request struct {
	Method         string            `json:"method"` // GET if empty
	URL            string            `json:"url"`
	Header         map[string]string `json:"header,omitempty"`
	Body           string            `json:"body,omitempty"`
	Timeout        time.Duration     `json:"timeout,omitempty"` // DefaultFetchTimeout if zero, at most MaxFetchTimeout
	IdempotencyKey string            `json:"idempotency_key,omitempty"`
	Hosts          []string          `json:"hosts,omitempty"` // the brand's list, see CheckHost; empty: nothing is allowed
	// SecretHeader holds headers whose {NAME} is filled in from Secrets, for the hosts of that secret only.
	SecretHeader map[string]string             `json:"secret_header,omitempty"`
	Secrets      map[string]engine.BrandSecret `json:"-"`
}

// Response is the answer to a Request, or the reason why there is none.
type Response struct {
	Status int               `json:"status"`           // 0 when there is no answer
	Header map[string]string `json:"header,omitempty"` // names in lower case, only those on the list of headers
	Body   string            `json:"body,omitempty"`   // bytes that are not UTF-8 become U+FFFD
	Error  string            `json:"error,omitempty"`  // an Err… text or a sentence about a secret, safe to show; empty when there is an answer

	// Retry tells that the same request may do better later and that repeating it cannot do its work twice:
	// its method is idempotent, it never left, or the server says with a Retry-After that it did not take it.
	Retry bool `json:"-"`
	// RetryAfter is how long the server asks to wait, at most an hour; 0 when it does not say.
	RetryAfter time.Duration `json:"-"`
}

// FetcherConfig says what a Fetcher can reach.
type FetcherConfig struct {
	Guard *Guard // nil: nothing but the public internet
	// Local answers hosts inside the process, without any socket. A brand still has to list the host.
	Local    map[string]http.Handler
	Resolver *net.Resolver // nil: the system's
}

// Fetcher performs the http calls of bots. It follows no redirect (the bot sees the 3xx and its location),
// keeps no cookies and uses no proxy. It is safe for concurrent use.
type Fetcher struct {
	guard  *Guard
	local  map[string]http.Handler
	remote http.RoundTripper
}

// NewFetcher makes a Fetcher. It panics on a Local host that is no host name: that is a mistake in the program.
func NewFetcher(cfg FetcherConfig) *Fetcher {
	if cfg.Guard == nil {
		cfg.Guard = &Guard{}
	}
	local := make(map[string]http.Handler, len(cfg.Local))
	for host, handler := range cfg.Local {
		name, ok := normalHost(host)
		if !ok {
			panic("egress: local host " + strconv.Quote(host) + " is no host name")
		}
		local[name] = handler
	}
	return &Fetcher{guard: cfg.Guard, local: local, remote: NewTransport(Config{
		Guard: cfg.Guard, Resolver: cfg.Resolver, Timeout: MaxFetchTimeout,
		MaxConnsPerHost: fetchConnsPerHost, MaxHeaderBytes: maxHeaderBytes,
	})}
}

// Close drops the connections that are kept for reuse.
func (f *Fetcher) Close() {
	if t, ok := f.remote.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// Fetch performs req. Whatever goes wrong is told by the Response.
func (f *Fetcher) Fetch(ctx context.Context, req Request) Response {
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = DefaultFetchTimeout
	}
	inner, cancel := context.WithTimeout(ctx, min(timeout, MaxFetchTimeout))
	defer cancel()

	out, transport, secrets, refusal := f.prepare(inner, req)
	if refusal != "" {
		return Response{Error: refusal}
	}
	var written atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }}
	out = out.WithContext(httptrace.WithClientTrace(inner, trace))

	answer, err := transport.RoundTrip(out)
	var body []byte
	if err == nil {
		defer answer.Body.Close()
		body, err = readBody(answer)
	}
	repeatable := isIdempotent(out.Method) || !written.Load()
	if err != nil {
		class, transient := classify(ctx, err)
		return Response{Error: class, Retry: transient && repeatable}
	}
	res := Response{
		Status: answer.StatusCode,
		Header: answerHeader(answer.Header),
		Body:   strings.ToValidUTF8(string(body), "\uFFFD"),
	}
	switch answer.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		res.Retry = repeatable || answer.Header.Get("Retry-After") != ""
		res.RetryAfter = RetryAfter(answer.Header, time.Now(), maxRetryAfter)
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusGatewayTimeout:
		res.Retry = repeatable
	}
	return res.redact(secrets)
}

// prepare checks req and picks what will carry it. It also gives the secrets in it; the last result is the
// reason for a refusal.
func (f *Fetcher) prepare(ctx context.Context, req Request) (*http.Request, http.RoundTripper, []string, string) {
	method := strings.ToUpper(req.Method)
	switch method {
	case "":
		method = http.MethodGet
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return nil, nil, nil, ErrMethod
	}
	if len(req.URL) > maxURLBytes || len(req.Body) > MaxRequestBodyBytes {
		return nil, nil, nil, ErrRequestTooLarge
	}
	target, name, port, ok := parseTarget(req.URL)
	if !ok {
		return nil, nil, nil, ErrURL
	}
	if !hostAllowed(req.Hosts, name, port) {
		return nil, nil, nil, ErrHost
	}
	handler, isLocal := f.local[name]
	if target.Scheme != "https" && !isLocal && !f.guard.Permits(name, port) {
		return nil, nil, nil, ErrScheme
	}
	header, refusal := requestHeader(req.Header)
	if refusal != "" {
		return nil, nil, nil, refusal
	}
	secrets, refusal := addSecrets(header, req, name, port)
	if refusal != "" {
		return nil, nil, nil, refusal
	}
	if req.IdempotencyKey != "" {
		if !httpguts.ValidHeaderFieldValue(req.IdempotencyKey) {
			return nil, nil, nil, ErrHeader
		}
		header.Set("Idempotency-Key", req.IdempotencyKey)
	}
	out := (&http.Request{Method: method, URL: target, Host: target.Host, Header: header}).WithContext(ctx)
	if req.Body != "" || !isIdempotent(method) {
		// No GetBody: net/http may not repeat the request by itself on a lost connection, which it does for
		// one with an idempotency key. Whether to repeat is the caller's decision.
		out.Body = io.NopCloser(strings.NewReader(req.Body))
		out.ContentLength = int64(len(req.Body))
	}
	if isLocal {
		return out, localTransport{handler}, secrets, ""
	}
	return out, f.remote, secrets, ""
}

// parseTarget parses a URL and brings its host to normal form.
func parseTarget(text string) (target *url.URL, name string, port uint16, ok bool) {
	target, err := url.Parse(text)
	if err != nil || target.User != nil || target.Opaque != "" {
		return nil, "", 0, false
	}
	switch target.Scheme {
	case "https":
		port = 443
	case "http":
		port = 80
	default:
		return nil, "", 0, false
	}
	if p := target.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return nil, "", 0, false
		}
		port = uint16(n)
	}
	name, ok = normalHost(target.Hostname())
	if !ok {
		return nil, "", 0, false
	}
	// What was checked is what is dialled: the URL goes on with the host in its normal form.
	host := name
	if strings.Contains(name, ":") {
		host = "[" + name + "]"
	}
	if target.Scheme == "https" && port != 443 || target.Scheme == "http" && port != 80 {
		host = net.JoinHostPort(name, strconv.Itoa(int(port)))
	}
	target.Host, target.Fragment, target.RawFragment = host, "", ""
	return target, name, port, true
}

func isIdempotent(method string) bool {
	return method != http.MethodPost && method != http.MethodPatch
}

func readBody(answer *http.Response) ([]byte, error) {
	if answer.StatusCode < 200 {
		return nil, errNoAnswer
	}
	if answer.ContentLength > MaxResponseBodyBytes && answer.Request.Method != http.MethodHead {
		return nil, errTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, MaxResponseBodyBytes+1))
	if err == nil && len(body) > MaxResponseBodyBytes {
		err = errTooLarge
	}
	return body, err
}
