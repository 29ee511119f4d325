package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/connectors/exchange"
	"parley/engine"
	"parley/engine/egress"
)

const (
	sendTimeout       = 15 * time.Second
	maxAnswer         = 64 << 10
	defaultRetryAfter = time.Second
	maxRetryAfter     = 24 * time.Hour
)

// order is what the gateway tells a system.
type order struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

type message struct {
	ID      string         `json:"id"`
	To      string         `json:"to"`
	Author  engine.Author  `json:"author,omitempty"`
	Answers string         `json:"answers,omitempty"`
	Content engine.Content `json:"content"`
}

// Send posts one message. The error is a *engine.SendError. Its webhook-id is that of
// the outbox item, by which the system knows a message that comes again, so that what
// is in doubt is just sent again.
func (c *Connector) Send(ctx context.Context, ch engine.Channel, out engine.Outbound) (engine.Receipt, error) {
	failed := c.post(ctx, ch, out.Item, order{"message.send", message{
		ID: out.Item, To: out.To, Author: out.Author, Answers: out.Answers, Content: out.Content,
	}})
	if failed != nil {
		return engine.Receipt{}, failed
	}
	return engine.Receipt{ProviderID: out.Item, State: engine.Sent}, nil
}

// Reconcile sends once more: a system that has the message already answers the same.
func (c *Connector) Reconcile(ctx context.Context, ch engine.Channel, out engine.Outbound, _ func(string) bool) (engine.Receipt, error) {
	return c.Send(ctx, ch, out)
}

// Check posts an event that asks for nothing.
func (c *Connector) Check(ctx context.Context, ch engine.Channel, webhook string) []engine.Finding {
	found := engine.Finding{What: "The system takes signed requests.", OK: true}
	if failed := c.post(ctx, ch, "ping."+strconv.FormatInt(c.now().UnixMilli(), 10), order{"ping", struct{}{}}); failed != nil {
		found.OK, found.Problem = false, failed.Message
		return []engine.Finding{found}
	}
	return []engine.Finding{found, {What: "What consumers write is the system's to post to " + webhook + ".", OK: true}}
}

// post sends one signed request.
func (c *Connector) post(ctx context.Context, ch engine.Channel, id string, o order) *engine.SendError {
	signing, target := keys(ch), ch.Config["url"]
	if len(signing) == 0 || !engine.IsPlainURL(target) {
		return &engine.SendError{Class: engine.SendAuth, Message: "The channel's settings are not complete: url and secret."}
	}
	body, err := json.Marshal(o)
	if err != nil {
		return &engine.SendError{Class: engine.SendInvalid, Message: "The message cannot be written as JSON.", Cause: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return &engine.SendError{Class: engine.SendAuth, Message: "The url of the channel is none.", Cause: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "parley")
	sign(req.Header, signing, id, c.now(), body)
	resp, err := c.http.Do(req)
	switch {
	case errors.Is(err, egress.ErrBlocked):
		return &engine.SendError{Class: engine.SendAuth, Message: "The url of the channel is not on the public internet.", Cause: err}
	case err != nil:
		return &engine.SendError{Class: engine.SendRetry, Message: "The system could not be reached, or did not answer in time.", Cause: err}
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // the status says what counts
	return c.refused(ch, resp, answer)
}

// refusal is why a system cannot deliver, in an answer or in a status.
type refusal struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func (r refusal) class() engine.SendClass {
	switch class := engine.SendClass(r.Reason); class {
	case engine.SendGone, engine.SendBlocked:
		return class
	}
	return engine.SendInvalid
}

// words are the system's, fit to be shown, or else ours.
func (r refusal) words(secrets map[string]engine.Secret, ours string) string {
	plain := make([]string, 0, len(secrets))
	for _, s := range secrets {
		plain = append(plain, s.Reveal())
	}
	said := exchange.Words(r.Message, plain)
	if said == "" {
		return ours
	}
	return strings.TrimSuffix(ours, ".") + ": " + said
}

// refused classifies an answer, nil for one that takes the message. What says that
// the address or the secret is wrong holds the channel, because every message
// would fail by it.
func (c *Connector) refused(ch engine.Channel, resp *http.Response, answer []byte) *engine.SendError {
	fail := func(class engine.SendClass, words string) *engine.SendError {
		failed := &engine.SendError{Class: class, Code: strconv.Itoa(resp.StatusCode), Message: words}
		if class == engine.SendRetry || class == engine.SendThrottle {
			failed.RetryAfter = egress.RetryAfter(resp.Header, c.now(), maxRetryAfter)
		}
		if class == engine.SendThrottle && failed.RetryAfter == 0 {
			failed.RetryAfter = defaultRetryAfter
		}
		return failed
	}
	switch status := resp.StatusCode; {
	case status >= 200 && status <= 299:
		return nil
	case status >= 300 && status <= 399:
		return fail(engine.SendAuth, "The url of the channel answers with a redirect; enter where it leads to.")
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		return fail(engine.SendAuth, "The system does not accept the signature; the secret must be the same on both sides.")
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		return fail(engine.SendAuth, "Nothing takes messages at the url of the channel.")
	case status == http.StatusGone:
		return fail(engine.SendAuth, "The system has switched its webhook off.")
	case status == http.StatusTooManyRequests:
		return fail(engine.SendThrottle, "Too many requests to the system at once.")
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status < 200, status >= 500:
		return fail(engine.SendRetry, "The system has a fault of its own.")
	}
	var said refusal
	_ = json.Unmarshal(answer, &said) // or the status is all that it says
	return fail(said.class(), said.words(ch.Secrets, "The system refused the message."))
}
