package twilio

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

	"github.com/twilio/twilio-go/client"
)

const (
	// apiTimeout is how long a send may take: beyond it Twilio may still make the
	// message, so giving up sooner only means doubt.
	apiTimeout    = time.Minute
	lookUpTimeout = 30 * time.Second
	maxAnswer     = 4 << 20
	maxErrorBody  = 64 << 10
	userAgentName = "parley"
	formType      = "application/x-www-form-urlencoded"
)

// apiClient carries the requests of one call of twilio-go: with a context, to the
// channel's api_base, and with errors that can be classified, none of which
// twilio-go's own client offers. Of twilio-go's API it needs two operations; the
// package of all of them makes a tenth of the program and a third of its build.
type apiClient struct {
	ctx     context.Context
	http    *http.Client
	account account
	sent    *exchange.Exchange
}

var _ client.BaseClient = (*apiClient)(nil)

// message is what is read of Twilio's own, a Message of API version 2010-04-01.
type message struct {
	SID                 string `json:"sid"`
	Status              string `json:"status"`
	ErrorCode           int    `json:"error_code"`
	Direction           string `json:"direction"`
	From                string `json:"from"`
	To                  string `json:"to"`
	MessagingServiceSID string `json:"messaging_service_sid"`
	Body                string `json:"body"`
	NumMedia            string `json:"num_media"`
	DateCreated         string `json:"date_created"` // RFC 1123 with a numeric zone
}

// messages is a page of an account's list, newest first.
type messages struct {
	Messages []message `json:"messages"`
	Next     string    `json:"next_page_uri"`
}

func (c *apiClient) create(form url.Values) (made message, err error) {
	resp, err := c.requests().Post(c.messages(), form, map[string]any{"Content-Type": formType}, "")
	if err != nil {
		return made, err
	}
	return made, json.NewDecoder(resp.Body).Decode(&made)
}

func (c *apiClient) list(query url.Values) (page messages, err error) {
	resp, err := c.requests().Get(c.messages(), query, map[string]any{"Content-Type": formType}, "")
	if err != nil {
		return page, err
	}
	return page, json.NewDecoder(resp.Body).Decode(&page)
}

func (c *apiClient) messages() string {
	return defaultAPIBase + "/2010-04-01/Accounts/" + c.account.sid + "/Messages.json"
}

func (c *apiClient) requests() *client.RequestHandler {
	// Made by hand, because the constructor reads TWILIO_EDGE and TWILIO_REGION.
	return &client.RequestHandler{Client: c}
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

	ctx := c.sent.Watch(c.ctx)
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
