package client

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

// Client asks one server with one API token.
type Client struct {
	base  string
	token string
	http  *http.Client
}

const (
	// timeout is longer than a server works on one request.
	timeout = 3 * time.Minute
	// maxAnswer bounds what is read: a version has at most 16 MiB of files.
	maxAnswer = 64 << 20
	// maxTries of a request that comes while the brand is busy.
	maxTries = 5
)

// New makes a client of the server at this address. Errors: Invalid, when the
// token would travel in clear to another machine, too.
func New(server, token string) (*Client, error) {
	u, err := url.Parse(server)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, engine.FieldError("--server", "is not an address such as https://chat.example.com")
	case u.Scheme == "http" && !local(u.Hostname()):
		return nil, engine.FieldError("--server", "must begin with https://: the token would be readable on its way")
	case token == "":
		return nil, engine.FieldError("--token", "is needed, or the variable PARLEY_TOKEN: an API token of the brand")
	case strings.ContainsAny(token, " \t\r\n"):
		return nil, engine.FieldError("--token", "is not an API token")
	}
	return &Client{
		base: strings.TrimRight(u.Scheme+"://"+u.Host+u.Path, "/") + "/api/v1", token: token,
		http: &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ask sends a request, again while the brand is busy, and decodes the answer.
func (c *Client) ask(ctx context.Context, method, path string, query url.Values, body, into any) error {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	where := c.base + path
	if len(query) > 0 {
		where += "?" + query.Encode()
	}
	for try := 1; ; try++ {
		again, err := c.once(ctx, method, where, raw, into)
		if engine.CodeOf(err) != engine.RateLimited || try == maxTries {
			return err
		}
		if !engine.Sleep(ctx, again) {
			return ctx.Err()
		}
	}
}

func (c *Client) once(ctx context.Context, method, where string, body []byte, into any) (again time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, method, where, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, engine.Errorf(engine.Unavailable, "The server does not answer: %v", unwrapped(err)).Because(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return 0, engine.Errorf(engine.Unavailable, "The server's answer broke off.").Because(err)
	case len(raw) > maxAnswer:
		return 0, engine.Errorf(engine.TooLarge, "The server's answer is too large.")
	case resp.StatusCode/100 != 2:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return time.Duration(max(1, min(seconds, 30))) * time.Second, refusal(resp, raw)
	case into == nil:
		return 0, nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return 0, engine.Errorf(engine.Unavailable, "This is no parley server, or one of another version.").Because(err)
	}
	return 0, nil
}

// unwrapped is a transport's error without the address, which the user gave.
func unwrapped(err error) error {
	if e, ok := err.(*url.Error); ok { //nolint:errorlint // Do says that it is one
		return e.Err
	}
	return err
}

// refusal is what the server said.
func refusal(resp *http.Response, raw []byte) error {
	var e api.Error
	if json.Unmarshal(raw, &e) != nil || e.Code == "" {
		return engine.Errorf(engine.Unavailable, "The server answers %s; this is no parley server, or something is between.", resp.Status)
	}
	if e.Code == api.Unauthenticated {
		return engine.Errorf(engine.Unauthenticated, "The server does not know the token.")
	}
	out := engine.Errorf(engine.Code(e.Code), "%s", e.Message)
	if e.Field != nil {
		out.Field = *e.Field
	}
	return out
}
