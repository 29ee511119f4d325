package twilio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

const (
	// apiTimeout is how long a send may take: beyond it Twilio may still make the
	// message, so giving up sooner only means doubt.
	apiTimeout    = time.Minute
	lookUpTimeout = 30 * time.Second
	// promptly is how soon a lost answer must be lost for the request to be over at
	// Twilio as well; what ends later was perhaps cut on the way while it goes on there.
	promptly      = 5 * time.Second
	maxAnswer     = 4 << 20
	maxErrorBody  = 64 << 10
	userAgentName = "parley"
)

// apiClient carries the requests of one call into twilio-go: with a context,
// to the channel's api_base, and with errors that can be classified, none of
// which twilio-go's own client offers.
type apiClient struct {
	ctx     context.Context
	http    *http.Client
	account account
	now     func() time.Time
	written atomic.Bool  // a request may have reached Twilio whole
	begun   atomic.Int64 // when it began to
}

// settled says of a request whose answer was lost that Twilio works on it no
// more: the connection was closed at once, and not because of the time.
func (c *apiClient) settled(err error) bool {
	var timeout interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.As(err, &timeout) && timeout.Timeout() {
		return false
	}
	return c.now().Sub(time.Unix(0, c.begun.Load())) < promptly
}

var _ client.BaseClient = (*apiClient)(nil)

func (c *apiClient) service() *api.ApiService {
	// Made by hand, because the constructor reads TWILIO_EDGE and TWILIO_REGION.
	return api.NewApiService(&client.RequestHandler{Client: c})
}

func (c *apiClient) AccountSid() string       { return c.account.sid }
func (c *apiClient) SetTimeout(time.Duration) {}
func (c *apiClient) SetOauth(client.OAuth)    {}
func (c *apiClient) OAuth() client.OAuth      { return nil }

// SendRequest performs one request. Only an answer of 2xx is no error; its body
// is read whole, so nothing is left to fail later.
func (c *apiClient) SendRequest(method, rawURL string, data url.Values, headers map[string]any, _ ...byte) (*http.Response, error) {
	target, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("parse request URL: %w", err)
	}
	query, form := data.Encode(), ""
	if method == http.MethodPost {
		query, form = "", query
	}
	to := *c.account.base
	to.Path += target.Path
	to.RawQuery = query

	ctx := httptrace.WithClientTrace(c.ctx, c.trace())
	var body io.Reader
	if form != "" {
		body = strings.NewReader(form)
	}
	req, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	for key, value := range headers {
		req.Header.Set(key, fmt.Sprint(value))
	}
	req.Header.Set("User-Agent", userAgentName)
	req.Header.Set("Accept", "application/json")
	req.SetBasicAuth(c.account.user, c.account.password)

	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, readError(resp)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if len(answer) > maxAnswer {
		return nil, errors.New("the answer is over 4 MiB")
	}
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	return resp, nil
}

// trace notes whether a request may have got through. Once a connection is
// there, only a write that failed half-way proves that it did not. The transport
// asks for a second connection only when nothing went out on the first.
func (c *apiClient) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { c.written.Store(false) },
		GotConn: func(httptrace.GotConnInfo) {
			c.begun.Store(c.now().UnixNano())
			c.written.Store(true)
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err != nil {
				c.written.Store(false)
			}
		},
	}
}

// readError reads an answer other than 2xx as Twilio's error document, or as
// nothing but a status when it is something else.
func readError(resp *http.Response) *apiError {
	failure := &apiError{status: resp.StatusCode, header: resp.Header}
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Status  int    `json:"status"`
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	if err != nil || json.Unmarshal(body, &said) != nil || said.Code == 0 && said.Status == 0 {
		return failure
	}
	failure.code, failure.message, failure.spoke = said.Code, said.Message, true
	return failure
}
