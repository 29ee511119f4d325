package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/connectors/exchange"
	"parley/engine"
)

const (
	// apiTimeout is how long a send may take: beyond it Meta may still make the
	// message, so giving up sooner only means doubt.
	apiTimeout    = time.Minute
	maxAnswer     = 1 << 20
	maxErrorBody  = 64 << 10
	userAgentName = "parley"
)

// Config of a Client.
type Config struct {
	HTTP    *http.Client     // guarded; carries every request. Required.
	Now     func() time.Time // nil takes time.Now
	Reasons Reasons          // the connector's own, before the common ones
}

// Client asks the Graph API. It holds no state and serves any number of goroutines.
type Client struct {
	http    *http.Client
	now     func() time.Time
	reasons Reasons
}

// New makes a client. It panics without an HTTP client: an unguarded default would
// let a brand's settings reach into the private network.
func New(cfg Config) *Client {
	if cfg.HTTP == nil {
		panic("graph: Config.HTTP is nil")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Client{http: exchange.Client(cfg.HTTP), now: cfg.Now, reasons: cfg.Reasons}
}

// Post sends body, a JSON document, to path below the API's version and reads the
// answer into the value that into points to. The error is a *engine.SendError: of class
// retry only when nothing can have been made, and unknown when the request went out
// and no answer of Meta's tells what became of it.
func (c *Client) Post(ctx context.Context, a Account, path string, body []byte, into any) error {
	return c.ask(ctx, a, http.MethodPost, path, nil, body, into)
}

// Get asks for path below the API's version. The error is a *engine.SendError, of
// class retry when no answer came.
func (c *Client) Get(ctx context.Context, a Account, path string, query url.Values, into any) error {
	return c.ask(ctx, a, http.MethodGet, path, query, nil, into)
}

func (c *Client) ask(ctx context.Context, a Account, method, path string, query url.Values, body []byte, into any) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	target := a.base + "/" + path
	if a.proof != "" {
		proven := url.Values{"appsecret_proof": {a.proof}}
		for key, values := range query {
			proven[key] = values
		}
		query = proven
	}
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	sent := exchange.New(c.now)
	resp, err := c.do(sent.Watch(ctx), a, method, target, body)
	if err != nil {
		return c.lost(sent, method, err)
	}
	defer resp.Body.Close()
	sent.Answered()
	limit := int64(maxAnswer)
	if !ok(resp) {
		limit = maxErrorBody
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if failed := c.refused(a, resp, answer, method); failed != nil {
		failed.Settled = failed.Class == engine.SendUnsure && resp.StatusCode != http.StatusGatewayTimeout && sent.Settled(nil)
		return failed
	}
	if err != nil {
		return c.lost(sent, method, fmt.Errorf("read answer: %w", err))
	}
	if err := json.Unmarshal(answer, into); err != nil || int64(len(answer)) > limit {
		return c.lost(sent, method, errors.Join(errors.New("the answer cannot be read"), err))
	}
	return nil
}

// do makes one request with the account's token.
func (c *Client) do(ctx context.Context, a Account, method, target string, body []byte) (*http.Response, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, reader)
	if err != nil {
		return nil, bare(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("User-Agent", userAgentName)
	req.Header.Set("Accept", "application/json")
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	resp, err := c.http.Do(req)
	return resp, bare(err)
}

// bare drops the URL from an error, whose query no log needs.
func bare(err error) error {
	if failed, isURL := errors.AsType[*url.Error](err); isURL {
		return failed.Err
	}
	return err
}

// Open opens a file that the API names by its URL. The account's token goes along to
// Meta's own hosts and to the API's address alone, and never without encryption to
// another machine. A failure is a *engine.SendError.
func (c *Client) Open(ctx context.Context, a Account, rawURL string) (engine.OpenMedia, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !strings.HasPrefix(rawURL, origin(a.base)+"/") {
		return engine.OpenMedia{}, &engine.SendError{Class: engine.SendInvalid, Message: "Meta gave no usable address of the file.", Cause: err}
	}
	if !trusted(u, a.base) {
		a.token = ""
	}
	resp, err := c.do(ctx, a, http.MethodGet, rawURL, nil)
	if err != nil {
		return engine.OpenMedia{}, c.lost(exchange.New(c.now), http.MethodGet, err)
	}
	if !ok(resp) {
		defer resp.Body.Close()
		answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // what is missing is no error of Meta's
		return engine.OpenMedia{}, c.refused(a, resp, answer, http.MethodGet)
	}
	return engine.OpenMedia{Body: resp.Body, MIME: resp.Header.Get("Content-Type"), Size: resp.ContentLength}, nil
}

// trusted tells whether a host is Meta's, or the one that the API's address names.
func trusted(u *url.URL, base string) bool {
	if u.Scheme+"://"+u.Host == origin(base) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	for _, domain := range []string{"facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net", "instagram.com", "cdninstagram.com"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

func origin(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func ok(resp *http.Response) bool { return resp.StatusCode >= 200 && resp.StatusCode <= 299 }
