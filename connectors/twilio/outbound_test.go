package twilio_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors/connectortest"
	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/engine/egress"
)

const created = `{"sid":"` + sid + `","status":"queued","num_segments":"1","num_media":"0","error_code":null,"error_message":null,
	"from":"+14155550199","to":"+14155550100","direction":"outbound-api","date_created":"Tue, 03 Nov 2026 10:00:00 +0000",
	"uri":"/2010-04-01/x.json","subresource_uris":{"media":"/2010-04-01/m.json"}}`

func text(s string) engine.Outbound {
	return engine.Outbound{Item: "item-1", To: consumer, Content: engine.Content{Text: s}, CallbackURL: "https://gw.example.com/hooks/acme.sms"}
}

func refusal(status, code int, words string) string {
	return fmt.Sprintf(`{"code":%d,"message":%q,"more_info":"https://www.twilio.com/docs/errors/%d","status":%d}`, code, words, code, status)
}

func TestOutbound(t *testing.T) {
	t.Parallel()
	const callback = "https://gw.example.com/hooks/acme.sms?item=item-1"
	basic := func(user, password string) map[string]string {
		return map[string]string{
			"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)),
			"Content-Type":  "application/x-www-form-urlencoded", "User-Agent": "parley",
		}
	}
	form := func(changes ...string) url.Values {
		return with(url.Values{"To": {consumer}, "From": {ours}, "Body": {"hi"}, "StatusCallback": {callback}}, changes...)
	}
	asked := []connectortest.Request{{Path: path, Form: form(), Header: basic(accountSID, authToken)}}
	sent := engine.Receipt{ProviderID: sid, State: engine.Sent}
	good := []connectortest.Answer{{Status: 201, Body: created}}
	picture := engine.Media{Kind: "image", URL: "https://cdn.acme.example/a.jpg", Name: "Our shop"}
	out := func(change func(*engine.Outbound)) engine.Outbound {
		o := text("hi")
		change(&o)
		return o
	}
	answer := func(status int, body string) []connectortest.Answer {
		return []connectortest.Answer{{Status: status, Body: body}}
	}
	cases := []connectortest.OutboundCase{
		{Name: "text", Outbound: text("hi"), Answers: good, Requests: asked, Receipt: sent},
		{Name: "by a messaging service", Outbound: text("hi"), Answers: answer(201, strings.Replace(created, "queued", "accepted", 1)), Receipt: sent,
			Channel: func(ch *engine.Channel) { ch.Config["messaging_service_sid"] = "MG00000000000000000000000000000001" },
			Requests: []connectortest.Request{{Path: path, Form: url.Values{"To": {consumer}, "Body": {"hi"}, "StatusCallback": {callback},
				"MessagingServiceSid": {"MG00000000000000000000000000000001"}}}}},
		{Name: "with an API key", Outbound: text("hi"), Answers: good, Receipt: sent,
			Channel: func(ch *engine.Channel) {
				ch.Config["api_key_sid"], ch.Secrets["api_key_secret"] = "SK00000000000000000000000000000001", "key-secret-1"
			},
			Requests: []connectortest.Request{{Path: path, Form: form(), Header: basic("SK00000000000000000000000000000001", "key-secret-1")}}},
		{Name: "behind a prefix", Outbound: text("hi"), Answers: good, Receipt: sent,
			Channel:  func(ch *engine.Channel) { ch.Config["api_base"] += "/twilio/" },
			Requests: []connectortest.Request{{Path: "/twilio" + path, Form: form()}}},
		{Name: "callback with a query", Outbound: out(func(o *engine.Outbound) { o.CallbackURL += "?a=b" }), Answers: good, Receipt: sent,
			Requests: []connectortest.Request{{Path: path, Form: form("StatusCallback", "https://gw.example.com/hooks/acme.sms?a=b&item=item-1")}}},
		{Name: "callback with the item", Outbound: out(func(o *engine.Outbound) { o.CallbackURL += "?item=other" }), Answers: good, Receipt: sent,
			Requests: []connectortest.Request{{Path: path, Form: form("StatusCallback", "https://gw.example.com/hooks/acme.sms?item=other")}}},
		{Name: "no callback", Outbound: out(func(o *engine.Outbound) { o.CallbackURL = "" }), Answers: good, Receipt: sent,
			Requests: []connectortest.Request{{Path: path, Form: url.Values{"To": {consumer}, "From": {ours}, "Body": {"hi"}}}}},
		{Name: "media", Outbound: out(func(o *engine.Outbound) { o.Content.Media = []engine.Media{picture, picture} }), Answers: good, Receipt: sent,
			Requests: []connectortest.Request{{Path: path, Form: url.Values{"To": {consumer}, "From": {ours}, "Body": {"hi"}, "StatusCallback": {callback},
				"MediaUrl": {picture.URL, picture.URL}}}}},
		{Name: "media to Jamaica", Outbound: out(func(o *engine.Outbound) { o.To, o.Content.Media = "+18765550100", []engine.Media{picture} }), Answers: good, Receipt: sent,
			Requests: []connectortest.Request{{Path: path, Form: form("To", "+18765550100", "Body", "hi\nOur shop: https://cdn.acme.example/a.jpg")}}},
		{Name: "media alone to Germany", Outbound: out(func(o *engine.Outbound) {
			o.To, o.Content = "+4930123456", engine.Content{Media: []engine.Media{picture}}
		}), Answers: good, Receipt: sent,
			Requests: []connectortest.Request{{Path: path, Form: form("To", "+4930123456", "Body", "Our shop: https://cdn.acme.example/a.jpg")}}},

		{Name: "nothing to say", Outbound: text(""), Class: engine.SendInvalid, Code: "21602", Message: "no text"},
		{Name: "nobody to say it to", Outbound: engine.Outbound{Content: engine.Content{Text: "hi"}}, Class: engine.SendInvalid, Code: "21604"},
		{Name: "no account", Outbound: text("hi"), Class: engine.SendAuth, Channel: func(ch *engine.Channel) { delete(ch.Config, "account_sid") }},
		{Name: "account that is a path", Outbound: text("hi"), Class: engine.SendAuth, Channel: func(ch *engine.Channel) { ch.Config["account_sid"] = "../../x" }},
		{Name: "no token", Outbound: text("hi"), Class: engine.SendAuth, Channel: func(ch *engine.Channel) { ch.Secrets["auth_token"] = "" }},
		{Name: "plain http to elsewhere", Outbound: text("hi"), Class: engine.SendAuth, Channel: func(ch *engine.Channel) { ch.Config["api_base"] = "http://192.0.2.1" }},

		{Name: "throttled", Outbound: text("hi"), Requests: asked, Class: engine.SendThrottle, Code: "20429", RetryAfter: 7 * time.Second,
			Answers: []connectortest.Answer{{Status: 429, Header: map[string]string{"Retry-After": "7"}, Body: refusal(429, 20429, "Too many requests")}}},
		{Name: "throttled until a date", Outbound: text("hi"), Requests: asked, Class: engine.SendThrottle, RetryAfter: 90 * time.Second,
			Answers: []connectortest.Answer{{Status: 429, Header: map[string]string{"Retry-After": "Tue, 03 Nov 2026 10:01:30 GMT", "Date": "Tue, 03 Nov 2026 10:00:00 GMT"}}}},
		{Name: "throttled with a fraction", Outbound: text("hi"), Requests: asked, Class: engine.SendThrottle, RetryAfter: 300 * time.Second,
			Answers: []connectortest.Answer{{Status: 429, Header: map[string]string{"Retry-After": "299.997"}}}},
		{Name: "a proxy's 503 for a while", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure, RetryAfter: 2 * time.Minute,
			Answers: []connectortest.Answer{{Status: 503, Header: map[string]string{"Retry-After": "120"}, Body: "<html>Down for maintenance</html>"}}},
		{Name: "throttled for a year", Outbound: text("hi"), Requests: asked, Class: engine.SendThrottle, RetryAfter: 24 * time.Hour,
			Answers: []connectortest.Answer{{Status: 429, Header: map[string]string{"Retry-After": "31536000"}}}},
		{Name: "throttled, no word for how long", Outbound: text("hi"), Requests: asked, Class: engine.SendThrottle, RetryAfter: time.Second, Answers: answer(429, "")},
		{Name: "down for a while", Outbound: text("hi"), Requests: asked, Class: engine.SendRetry, Code: "20503", RetryAfter: 3 * time.Second,
			Answers: []connectortest.Answer{{Status: 503, Header: map[string]string{"Retry-After": "3"}, Body: refusal(503, 20503, "Service unavailable")}}},
		{Name: "a proxy's 502", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure, Answers: answer(502, "<html>Bad gateway</html>")},
		{Name: "JSON of somebody else", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure, Answers: answer(500, `{"error":"boom"}`)},
		{Name: "code of the future", Outbound: text("hi"), Requests: asked, Class: engine.SendInvalid, Code: "29999", Message: "The stars are wrong",
			Answers: answer(400, refusal(400, 29999, "The stars are wrong"))},
		{Name: "words with the token", Outbound: text("hi"), Requests: asked, Class: engine.SendAuth, Code: "20999", Message: "token *** is wrong",
			Answers: answer(403, refusal(403, 20999, "token "+authToken+" is wrong"))},
		{Name: "redirect", Outbound: text("hi"), Requests: asked, Class: engine.SendInvalid, Message: "api_base",
			Answers: []connectortest.Answer{{Status: 307, Header: map[string]string{"Location": "http://192.0.2.1/"}}}},
		{Name: "answer lost", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure, Answers: []connectortest.Answer{{Drop: true}}},
		{Name: "answer cut", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure,
			Answers: []connectortest.Answer{{Status: 201, Header: map[string]string{"Content-Length": "2000"}, Body: created}}},
		{Name: "answer without a message", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure, Answers: answer(201, "{}")},
		{Name: "answer that is no JSON", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure, Answers: answer(200, "ok")},
		{Name: "answer without end", Outbound: text("hi"), Requests: asked, Class: engine.SendUnsure, Answers: answer(201, strings.Repeat(" ", 5<<20)+created)},
		{Name: "failed at once", Outbound: text("hi"), Requests: asked, Class: engine.SendGone, Code: "30006",
			Answers: answer(201, `{"sid":"`+sid+`","status":"failed","error_code":30006}`)},
	}
	waits := map[int]time.Duration{20429: time.Second, 14107: time.Second, 30022: time.Second, 21611: 15 * time.Minute, 30001: 15 * time.Minute}
	for code, class := range codes() {
		cases = append(cases, connectortest.OutboundCase{
			Name: fmt.Sprint("code ", code), Outbound: text("hi"), Requests: asked, Class: class, Code: fmt.Sprint(code),
			RetryAfter: waits[code], Answers: answer(400, refusal(400, code, "words")),
		})
	}
	connectortest.RunOutbound(t, suite(), cases)
}

// codes is every code that the reference names.
func codes() map[int]engine.SendClass {
	classes := map[engine.SendClass][]int{
		engine.SendRetry:    {30008, 30017, 30410, 20500, 20503},
		engine.SendThrottle: {20429, 14107, 30022, 21611, 30001},
		engine.SendOptedOut: {21610},
		engine.SendGone:     {21211, 21214, 21217, 21614, 30003, 30005, 30006, 21612, 63003, 63024},
		engine.SendBlocked:  {30004, 30007, 30034, 30032},
		engine.SendQuota:    {30023, 30027},
		engine.SendInvalid:  {21602, 21604, 21617, 21606, 21659, 21660, 21408, 21620, 12300},
		engine.SendAuth:     {20003, 20404, 20005, 30002},
	}
	byCode := map[int]engine.SendClass{}
	for class, list := range classes {
		for _, code := range list {
			byCode[code] = class
		}
	}
	return byCode
}

// Statuses come with a JSON error that has no code we know, and without any.
func TestEveryStatus(t *testing.T) {
	t.Parallel()
	want := func(spoke bool) func(int) engine.SendClass {
		return func(status int) engine.SendClass {
			switch {
			case status >= 200 && status <= 299:
				return ""
			case status == 401, status == 403, status == 404, status == 407:
				return engine.SendAuth
			case status == 408, status == 425:
				return engine.SendRetry
			case status == 429:
				return engine.SendThrottle
			case status >= 300 && status <= 499:
				return engine.SendInvalid
			case status >= 500 && spoke:
				return engine.SendRetry
			}
			return engine.SendUnsure
		}
	}
	connectortest.RunStatuses(t, suite(), text("hi"), func(status int) string {
		if status >= 200 && status <= 299 {
			return created
		}
		return refusal(status, 0, "words")
	}, want(true))
	connectortest.RunStatuses(t, suite(), text("hi"), func(status int) string {
		if status >= 200 && status <= 299 {
			return created
		}
		return "<html>words</html>"
	}, want(false))
}

func class(err error) engine.SendClass {
	failure, ok := errors.AsType[*engine.SendError](err)
	if !ok {
		return ""
	}
	return failure.Class
}

// What went wrong before the request was out can be tried again; after it, nobody knows.
func TestNetworkFailures(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	lookup := &net.DNSError{Err: "no such host", Name: "api.twilio.com", IsNotFound: true}
	dial := func(err error) func(context.Context, string, string) (net.Conn, error) {
		return func(context.Context, string, string) (net.Conn, error) { return nil, err }
	}
	for _, tt := range []struct {
		name, base string
		transport  *http.Transport
		text       string
		want       engine.SendClass
	}{
		{"refused", "http://" + closed.Addr().String(), &http.Transport{}, "hi", engine.SendRetry},
		{"no such host", "", &http.Transport{DialContext: dial(&net.OpError{Op: "dial", Err: lookup})}, "hi", engine.SendRetry},
		{"private address", "https://10.0.0.1", egress.NewTransport(egress.Config{}), "hi", engine.SendInvalid},
		{"write fails half-way", "http://127.0.0.1:1", &http.Transport{DialContext: mute}, strings.Repeat("😀", 800), engine.SendRetry},
		// The transport does not tell this from a lost answer.
		{"write fails at its end", "http://127.0.0.1:1", &http.Transport{DialContext: mute}, "hi", engine.SendUnsure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			defer tt.transport.CloseIdleConnections()
			conn := twilio.New(twilio.Config{HTTP: &http.Client{Transport: tt.transport}})
			ch := channel()
			ch.Config = map[string]string{"account_sid": accountSID, "api_base": tt.base}
			if _, err := conn.Send(t.Context(), ch, text(tt.text)); class(err) != tt.want {
				t.Errorf("Send: %v, want %s", err, tt.want)
			}
		})
	}
}

// The client that carries real requests reaches a fake that the operator allows.
// Once the fake is gone, its kept connection does not make a send look doubtful.
func TestGuardedClient(t *testing.T) {
	t.Parallel()
	fake := twiliotest.New(twiliotest.Config{})
	guard, err := egress.NewGuard([]string{strings.TrimPrefix(fake.URL(), "http://")})
	if err != nil {
		t.Fatal(err)
	}
	client := egress.NewClient(egress.Config{Guard: guard})
	defer client.CloseIdleConnections()
	conn, ch := twilio.New(twilio.Config{HTTP: client}), channel()
	ch.Config["api_base"] = fake.URL()
	if _, err := conn.Send(t.Context(), ch, text("hi")); err != nil {
		t.Fatal(err)
	}
	fake.Close()
	_, err = conn.Send(t.Context(), ch, text("hi"))
	for range 3 { // the transport may first have to see that the connection is closed
		if class(err) != engine.SendUnsure {
			break
		}
		_, err = conn.Send(t.Context(), ch, text("hi"))
	}
	if class(err) != engine.SendRetry {
		t.Errorf("Send: %v", err)
	}
}

// A provider that takes the request and is silent costs a minute, and it may
// still do what it was asked.
func TestSilentProvider(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		go io.Copy(io.Discard, far)
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
		defer transport.CloseIdleConnections()
		conn := twilio.New(twilio.Config{HTTP: &http.Client{Transport: transport}})
		ch := channel()
		ch.Config["api_base"] = "http://127.0.0.1:1"
		began := time.Now()
		_, err := conn.Send(t.Context(), ch, text("hi"))
		if took := time.Since(began); class(err) != engine.SendUnsure || took != time.Minute {
			t.Errorf("Send: %v after %s", err, took)
		}
	})
}

// A connection that never comes costs a minute too, but nothing was sent.
func TestConnectionThatNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		given := make(chan struct{})
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			<-given
			return nil, net.ErrClosed
		}}
		conn := twilio.New(twilio.Config{HTTP: &http.Client{Transport: transport}})
		began := time.Now()
		_, err := conn.Send(t.Context(), channel(), text("hi"))
		if took := time.Since(began); class(err) != engine.SendRetry || took != time.Minute {
			t.Errorf("Send: %v after %s", err, took)
		}
		close(given)
		synctest.Wait()
	})
}

// The fake fails in every way it can; the connector tells them apart, and the
// fake holds a message exactly where the class allows for one.
func TestScriptedFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault twiliotest.Fault
		want  engine.SendClass
		kept  int
	}{
		{"none", twiliotest.Fault{}, "", 1},
		{"dropped before", twiliotest.Fault{DropBefore: true}, engine.SendUnsure, 0},
		{"dropped after", twiliotest.Fault{DropAfter: true}, engine.SendUnsure, 1},
		{"overload", twiliotest.Fault{Status: 429, Code: 20429, Message: "Too many requests", RetryAfter: "2"}, engine.SendThrottle, 0},
		{"own fault", twiliotest.Fault{Status: 500, Code: 20500, Message: "Internal"}, engine.SendRetry, 0},
		{"proxy", twiliotest.Fault{Status: 502, Body: "<html>"}, engine.SendUnsure, 0},
		{"slow", twiliotest.Fault{Delay: time.Millisecond}, "", 1},
		{"slower", twiliotest.Fault{Slow: time.Millisecond}, "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fake := twiliotest.New(twiliotest.Config{})
			defer fake.Close()
			fake.Script(tt.fault)
			conn, ch := newConnector(t), channel()
			ch.Config["api_base"] = fake.URL()
			_, err := conn.Send(t.Context(), ch, text("hi"))
			if class(err) != tt.want || fake.Count() != tt.kept || fake.Calls() != 1 {
				t.Errorf("Send: %v, %d messages kept of %d calls; want %q and %d", err, fake.Count(), fake.Calls(), tt.want, tt.kept)
			}
		})
	}
}

// An answer that is lost at once tells that Twilio is done with the request; one
// that is lost late, or that a proxy did not wait for, does not.
func TestLostAnswersThatAreSettled(t *testing.T) {
	for name, tt := range map[string]struct {
		after  time.Duration
		answer string // "" cuts the connection
		want   bool
	}{
		"cut at once":      {0, "", true},
		"cut in a moment":  {4 * time.Second, "", true},
		"cut later":        {30 * time.Second, "", false},
		"never cut":        {2 * time.Minute, "", false},
		"502 at once":      {0, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", true},
		"502 later":        {20 * time.Second, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", false},
		"gateway time-out": {0, "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				done := make(chan struct{})
				go func() {
					defer close(done)
					defer far.Close()
					_, _ = far.Read(make([]byte, 4096)) // one write: the whole request
					time.Sleep(tt.after)
					_, _ = io.WriteString(far, tt.answer)
				}()
				transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
				conn := twilio.New(twilio.Config{HTTP: &http.Client{Transport: transport}})
				ch := channel()
				ch.Config["api_base"] = "http://127.0.0.1:1"
				_, err := conn.Send(t.Context(), ch, text("hi"))
				failed, ok := errors.AsType[*engine.SendError](err)
				if !ok || failed.Class != engine.SendUnsure || failed.Settled != tt.want {
					t.Errorf("Send: %+v", failed)
				}
				transport.CloseIdleConnections()
				<-done
			})
		})
	}
}

func newConnector(t *testing.T) *twilio.Connector {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return twilio.New(twilio.Config{HTTP: &http.Client{Transport: transport}})
}

// mute dials a connection that takes nothing.
func mute(context.Context, string, string) (net.Conn, error) {
	near, _ := net.Pipe()
	return deaf{near}, nil
}

type deaf struct{ net.Conn }

func (deaf) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
