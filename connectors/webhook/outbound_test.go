package webhook_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/connectors/webhook"
	"parley/engine"
)

// taking is a system without a server: it gets the headers and the body of each
// request and gives the status of the answer.
type taking func(http.Header, []byte) int

func (f taking) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status := f(r.Header, body)
	if status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(nil)), Request: r}, nil
}

func outboundCases() []connectortest.OutboundCase {
	out := engine.Outbound{Item: "0192.1", To: "customer-1", Content: engine.Content{Text: "Hello"}}
	const body = `{"type":"message.send","data":{"id":"0192.1","to":"customer-1","content":{"text":"Hello"}}}`
	header := map[string]string{
		"Content-Type": "application/json", "Webhook-Id": "0192.1", "Webhook-Timestamp": "1793700000",
	}
	asked := []connectortest.Request{{Path: "/in", Body: body, Header: header}}
	sent := engine.Receipt{ProviderID: "0192.1", State: engine.Sent}
	rich := engine.Outbound{
		Item: "0192.2", To: "customer-1", Author: engine.AuthorAgent, Answers: "m-7",
		Content: engine.Content{Text: "Which?", Choices: []engine.Choice{{ID: "a", Label: "A"}}, Cards: []engine.Card{{Title: "T"}}},
	}
	answers := func(name string, status int, class engine.SendClass, words string) connectortest.OutboundCase {
		return connectortest.OutboundCase{
			Name: name, Outbound: out, Answers: []connectortest.Answer{{Status: status}}, Requests: asked,
			Class: class, Code: strings.Fields(name)[0], Message: words,
		}
	}
	cases := []connectortest.OutboundCase{
		{Name: "sent", Outbound: out, Answers: []connectortest.Answer{{Status: 204}}, Requests: asked, Receipt: sent},
		{Name: "sent, with words", Outbound: out, Answers: []connectortest.Answer{{Status: 202, Body: "thank you"}}, Requests: asked, Receipt: sent},
		{
			Name: "everything", Outbound: rich, Answers: []connectortest.Answer{{}},
			Requests: []connectortest.Request{{Path: "/in", Body: `{"type":"message.send","data":{"id":"0192.2","to":"customer-1","author":"agent","answers":"m-7",` +
				`"content":{"text":"Which?","cards":[{"title":"T"}],"choices":[{"id":"a","label":"A"}]}}}`}},
			Receipt: engine.Receipt{ProviderID: "0192.2", State: engine.Sent},
		},
		{Name: "cut off", Outbound: out, Answers: []connectortest.Answer{{Drop: true}}, Requests: asked, Class: engine.SendRetry, Message: "could not be reached"},
		{
			Name: "a customer who is gone", Outbound: out, Requests: asked, Class: engine.SendGone, Code: "422", Message: "refused the message: Closed in May.",
			Answers: []connectortest.Answer{{Status: 422, Body: `{"reason":"recipient_gone","message":"Closed in May."}`}},
		},
		{
			Name: "one who may not be written to", Outbound: out, Requests: asked, Class: engine.SendBlocked, Code: "400", Message: "refused",
			Answers: []connectortest.Answer{{Status: 400, Body: `{"reason":"blocked"}`}},
		},
		{
			Name: "a reason that only the gateway may give", Outbound: out, Requests: asked, Class: engine.SendInvalid, Code: "400", Message: "refused",
			Answers: []connectortest.Answer{{Status: 400, Body: `{"reason":"retry"}`}},
		},
		{
			Name: "a secret in its words", Outbound: out, Requests: asked, Class: engine.SendInvalid, Code: "400", Message: "not ***",
			Answers: []connectortest.Answer{{Status: 400, Body: `{"message":"not ` + secret + `"}`}},
		},
		answers("301 moved", 301, engine.SendAuth, "redirect"),
		answers("401 another secret", 401, engine.SendAuth, "the same on both sides"),
		answers("404 nothing there", 404, engine.SendAuth, "Nothing takes messages"),
		answers("410 switched off", 410, engine.SendAuth, "switched its webhook off"),
		answers("500 a fault", 500, engine.SendRetry, "fault of its own"),
		{
			Name: "too fast", Outbound: out, Requests: asked, Class: engine.SendThrottle, Code: "429", RetryAfter: time.Second,
			Answers: []connectortest.Answer{{Status: 429}},
		},
		{
			Name: "too fast for a while", Outbound: out, Requests: asked, Class: engine.SendThrottle, Code: "429", RetryAfter: 30 * time.Second,
			Answers: []connectortest.Answer{{Status: 429, Header: map[string]string{"Retry-After": "30"}}},
		},
		{
			Name: "closed for now", Outbound: out, Requests: asked, Class: engine.SendRetry, Code: "503", RetryAfter: 2 * time.Minute,
			Answers: []connectortest.Answer{{Status: 503, Header: map[string]string{"Retry-After": "120"}}},
		},
		{
			Name: "no secret", Outbound: out, Class: engine.SendAuth, Message: "settings are not complete",
			Channel: func(ch *engine.Channel) { ch.Secrets = nil },
		},
	}
	for i, c := range cases {
		cases[i].Channel = func(ch *engine.Channel) {
			ch.Config["url"] = ch.Config["api_base"] + "/in"
			if c.Channel != nil {
				c.Channel(ch)
			}
		}
	}
	return cases
}

func TestOutbound(t *testing.T) {
	t.Parallel()
	connectortest.RunOutbound(t, suite(), outboundCases())
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	none := func(int) string { return "" }
	connectortest.RunStatuses(t, suite(), engine.Outbound{Item: "0192.1", To: "c"}, none, func(status int) engine.SendClass {
		switch {
		case status >= 200 && status <= 299:
			return ""
		case status == 429:
			return engine.SendThrottle
		case status == 401, status == 403, status == 404, status == 405, status == 407, status == 410, status >= 300 && status <= 399:
			return engine.SendAuth
		case status == 408, status == 425, status < 200, status >= 500:
			return engine.SendRetry
		}
		return engine.SendInvalid
	})
}

// A system that keeps ids has each message once, whatever gets lost on the way.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	has, n := map[string]int{}, 0
	conn := webhook.New(webhook.Config{Now: connectortest.Now, HTTP: &http.Client{Transport: taking(func(h http.Header, _ []byte) int {
		mu.Lock()
		defer mu.Unlock()
		if n++; n%5 == 1 { // before it arrived
			return 0
		}
		has[h.Get("Webhook-Id")]++
		if n%5 == 2 { // or after
			return 0
		}
		return http.StatusOK
	})}})
	for i := range 100 {
		out := engine.Outbound{Item: string(rune('a'+i%26)) + strings.Repeat("x", i/26), To: "c", Content: engine.Content{Text: "hi"}}
		_, err := conn.Send(t.Context(), channel(), out)
		for tries := 0; err != nil && tries < 5; tries++ {
			if failed, ok := err.(*engine.SendError); !ok || failed.Class != engine.SendRetry {
				t.Fatal(err)
			}
			_, err = conn.Reconcile(t.Context(), channel(), out, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(has) != 100 {
		t.Errorf("%d messages arrived, want 100", len(has))
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for status, problem := range map[int]string{204: "", 401: "does not accept the signature", 404: "Nothing takes messages"} {
		conn := webhook.New(webhook.Config{Now: connectortest.Now, HTTP: &http.Client{Transport: taking(func(_ http.Header, body []byte) int {
			if string(body) != `{"type":"ping","data":{}}` {
				t.Errorf("%s", body)
			}
			return status
		})}})
		found := conn.Check(t.Context(), channel(), "https://gw.example.com/hooks/acme.crm")
		if well := found[0].OK; well != (problem == "") || !strings.Contains(found[0].Problem, problem) {
			t.Errorf("%d: %+v", status, found)
		}
		if problem == "" && (len(found) != 2 || !strings.Contains(found[1].What, "/hooks/acme.crm")) {
			t.Errorf("%d: %+v", status, found)
		}
	}
}
