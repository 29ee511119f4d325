package graph

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/connectors/exchange"
	"parley/engine"
	"parley/engine/egress"
)

const (
	defaultRetryAfter = time.Second
	maxRetryAfter     = 24 * time.Hour
)

// Failure is what Meta says of an error, in an answer or in a webhook.
type Failure struct {
	Message   string `json:"message"`
	Title     string `json:"title"` // of webhooks
	Code      int    `json:"code"`
	Sub       int    `json:"error_subcode"`
	Transient bool   `json:"is_transient"`
	Data      struct {
		Details string `json:"details"`
	} `json:"error_data"`
}

// UnmarshalJSON reads the error also where its data is a text.
func (f *Failure) UnmarshalJSON(raw []byte) error {
	type plain Failure
	var read struct {
		plain
		Data json.RawMessage `json:"error_data"`
	}
	if err := json.Unmarshal(raw, &read); err != nil {
		return err
	}
	*f = Failure(read.plain)
	if json.Unmarshal(read.Data, &f.Data) != nil {
		_ = json.Unmarshal(read.Data, &f.Data.Details) // or it says nothing of use
	}
	return nil
}

// number is the code as we show it: "131047", or "10/2018278" with a subcode.
func (f Failure) number() string {
	switch {
	case f.Code == 0:
		return ""
	case f.Sub == 0:
		return strconv.Itoa(f.Code)
	}
	return strconv.Itoa(f.Code) + "/" + strconv.Itoa(f.Sub)
}

// said is what Meta says beyond our own words.
func (f Failure) said() string {
	for _, s := range []string{f.Data.Details, f.Message, f.Title} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Later classifies a failure that a webhook reports of something that was taken. What
// no table knows is invalid: it was not delivered, and nobody knows more.
func (c *Client) Later(f Failure) *engine.SendError {
	failed := &engine.SendError{Class: engine.SendInvalid, Code: f.number(), Message: "Meta could not deliver the message."}
	reason, known := c.reasons.Find(f.Code, f.Sub)
	switch {
	case known:
		failed.Class, failed.Message = reason.Class, reason.Words
	case f.said() != "":
		failed.Message = "Meta could not deliver the message: " + exchange.Words(f.said(), nil)
	}
	if failed.Class == engine.SendThrottle {
		failed.RetryAfter = max(reason.Wait, defaultRetryAfter)
	}
	return failed
}

// refused classifies an answer, nil for one that is none of an error.
func (c *Client) refused(a Account, resp *http.Response, body []byte, method string) *engine.SendError {
	var said struct {
		Error *Failure `json:"error"`
	}
	spoke := json.Unmarshal(body, &said) == nil && said.Error != nil
	if !spoke {
		if ok(resp) {
			return nil
		}
		said.Error = &Failure{}
	}
	f := *said.Error
	reason, known := c.reasons.Find(f.Code, f.Sub)
	if !known || f.Transient && !blamesNobody(reason.Class) {
		reason = statusReason(resp.StatusCode, spoke, f.Transient)
		if words := exchange.Words(f.said(), a.secrets); words != "" {
			reason.Words = strings.TrimSuffix(reason.Words, ".") + ": " + words
		}
	} else if words := exchange.Words(f.said(), a.secrets); words != "" && reason.Class == engine.SendInvalid {
		reason.Words += " " + words // what is wrong with it only Meta knows
	}
	if reason.Class == engine.SendUnsure && method == http.MethodGet {
		reason.Class = engine.SendRetry
	}
	failed := &engine.SendError{Class: reason.Class, Code: f.number(), Message: reason.Words, Cause: answered(resp.StatusCode)}
	switch reason.Class {
	case engine.SendThrottle, engine.SendRetry, engine.SendQuota, engine.SendUnsure:
		failed.RetryAfter = egress.RetryAfter(resp.Header, c.now(), maxRetryAfter)
	}
	if reason.Class == engine.SendThrottle {
		failed.RetryAfter = max(failed.RetryAfter, regained(resp.Header))
		if failed.RetryAfter == 0 {
			failed.RetryAfter = max(reason.Wait, defaultRetryAfter)
		}
	}
	return failed
}

// blamesNobody tells whether a class is that of a moment.
func blamesNobody(class engine.SendClass) bool {
	return class == engine.SendRetry || class == engine.SendThrottle || class == engine.SendQuota
}

// statusReason is what an HTTP status means for which no code says more. A 5xx in
// Meta's own words means that nothing was made; one of a proxy on the way, or of no
// readable form, says nothing about that.
func statusReason(status int, spoke, transient bool) Reason {
	switch {
	case status == http.StatusTooManyRequests:
		return Reason{Class: engine.SendThrottle, Words: "Too many requests to Meta at once."}
	case transient:
		return Reason{Class: engine.SendRetry, Words: "Meta has a fault of its own."}
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired:
		return Reason{Class: engine.SendAuth, Words: "Meta does not accept the access token."}
	case status == http.StatusNotFound && !spoke:
		return Reason{Class: engine.SendAuth, Words: "There is no Graph API at the address; check api_base and api_version."}
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return Reason{Class: engine.SendRetry, Words: "Meta did not take the request in time."}
	case status >= 500 && spoke:
		return Reason{Class: engine.SendRetry, Words: "Meta has a fault of its own."}
	case status >= 300 && status < 400:
		return Reason{Class: engine.SendInvalid, Words: "The API address answers with a redirect; check api_base."}
	case status >= 200 && status < 500 && spoke, status >= 400 && status < 500:
		return Reason{Class: engine.SendInvalid, Words: "Meta refused the request."}
	}
	return Reason{Class: engine.SendUnsure, Words: "The answer does not say whether the message was sent."}
}

// lost classifies a request that got no answer.
func (c *Client) lost(sent *exchange.Exchange, method string, err error) *engine.SendError {
	switch {
	case errors.Is(err, egress.ErrBlocked):
		return &engine.SendError{Class: engine.SendInvalid, Message: "The API address is not on the public internet; check api_base.", Cause: err}
	case method == http.MethodPost && sent.Written():
		return &engine.SendError{Class: engine.SendUnsure, Message: "Meta's answer was lost; the message may have been sent.", Settled: sent.Settled(err), Cause: err}
	}
	return &engine.SendError{Class: engine.SendRetry, Message: "Meta could not be reached.", Cause: err}
}

// answered is an answer other than 2xx, for the log.
type answered int

func (a answered) Error() string { return "graph: status " + strconv.Itoa(int(a)) }

// regained is how long Meta says that a limit lasts, in the headers that tell an
// account's usage; 0 for not told.
func regained(h http.Header) time.Duration {
	var usage map[string][]struct {
		Minutes float64 `json:"estimated_time_to_regain_access"`
	}
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &usage) != nil {
		return 0
	}
	longest := 0.0
	for _, kinds := range usage {
		for _, kind := range kinds {
			longest = max(longest, kind.Minutes)
		}
	}
	return time.Duration(min(longest, maxRetryAfter.Minutes()) * float64(time.Minute))
}
