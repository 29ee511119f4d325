package twiliotest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	ours     = "+14155550199"
	consumer = "+14155550100"
)

func channel(s *twiliotest.Server) engine.Channel {
	return engine.Channel{
		Brand: "acme", ID: "acme.sms", Kind: twilio.Kind, Address: ours,
		Config:  map[string]string{"account_sid": s.AccountSID(), "api_base": s.URL()},
		Secrets: map[string]engine.Secret{"auth_token": engine.Secret(s.AuthToken())},
	}
}

func connector(t *testing.T) *twilio.Connector {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return twilio.New(twilio.Config{HTTP: &http.Client{Transport: transport}})
}

// The connector and the fake speak to each other both ways: a signed message
// in, an answer out, signed receipts for it.
func TestConversation(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]twiliotest.Config{
		"in order":             {Callbacks: []string{"queued", "sent", "delivered"}},
		"twice and backwards":  {Callbacks: []string{"queued", "sent", "delivered"}, Duplicate: true, Reorder: true},
		"again until it works": {Callbacks: []string{"delivered"}, Resend: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const public = "https://gw.example.com"
			var (
				mu       sync.Mutex
				statuses []engine.StatusUpdate
				refused  = map[string]bool{}
				inbound  []engine.Inbound
				ch       engine.Channel
			)
			conn := connector(t)
			gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body := new(strings.Builder)
				if _, err := io.Copy(body, r.Body); err != nil {
					t.Errorf("read: %v", err)
				}
				mu.Lock()
				defer mu.Unlock()
				if cfg.Resend && !refused[r.URL.RawQuery] {
					refused[r.URL.RawQuery] = true
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				decoded, err := conn.Decode(ch, engine.WebhookRequest{Method: r.Method, URL: public + r.RequestURI, Header: r.Header, Body: []byte(body.String())})
				if err != nil {
					t.Errorf("Decode: %v", err)
				}
				statuses = append(statuses, decoded.Statuses...)
				inbound = append(inbound, decoded.Inbound...)
				if decoded.Response.Status == 0 {
					decoded.Response.Status = http.StatusNoContent
				}
				w.WriteHeader(decoded.Response.Status)
				_, _ = w.Write(decoded.Response.Body)
			}))
			defer gateway.Close()
			cfg.Route = func(u string) string { return gateway.URL + strings.TrimPrefix(u, public) }
			fake := twiliotest.New(cfg)
			defer fake.Close()
			mu.Lock()
			ch = channel(fake)
			mu.Unlock()

			hook := twiliotest.Hook{URL: gateway.URL + "/hooks/acme.sms", Public: public + "/hooks/acme.sms"}
			reply, attempts, err := fake.InboundUntilAcked(t.Context(), hook, twiliotest.Inbound{From: consumer, To: ours, Body: "hello"})
			if err != nil || reply.Status != http.StatusOK || !strings.HasSuffix(reply.Body, "<Response/>") {
				t.Fatalf("inbound: %+v, %v", reply, err)
			}
			if want := map[bool]int{true: 2, false: 1}[cfg.Resend]; attempts != want {
				t.Errorf("took %d posts, want %d", attempts, want)
			}
			if len(inbound) != 1 || inbound[0].ProviderID != reply.SID || inbound[0].Content.Text != "hello" {
				t.Errorf("inbound = %+v", inbound)
			}

			receipt, err := conn.Send(t.Context(), ch, engine.Outbound{
				Item: "item-1", To: consumer, Content: engine.Content{Text: "hi"}, CallbackURL: public + "/hooks/acme.sms",
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := fake.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			state := receipt.State
			mu.Lock()
			defer mu.Unlock()
			for _, s := range statuses {
				if s.Item != "item-1" || s.ProviderID != receipt.ProviderID {
					t.Errorf("status = %+v", s)
				}
				state = state.Advance(s.State)
			}
			want := len(cfg.Callbacks)
			if cfg.Duplicate {
				want *= 2
			}
			if len(statuses) != want || state != engine.Delivered {
				t.Errorf("%d statuses, want %d; ends %s", len(statuses), want, state)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	fake := twiliotest.New(twiliotest.Config{})
	defer fake.Close()
	ok := url.Values{"To": {consumer}, "From": {ours}, "Body": {"hi"}}
	for _, tt := range []struct {
		name   string
		token  string
		change func(url.Values)
		code   string
		status int
	}{
		{"accepted", twiliotest.DefaultAuthToken, func(url.Values) {}, "", 201},
		{"wrong token", "nope", func(url.Values) {}, "20003", 401},
		{"no recipient", twiliotest.DefaultAuthToken, func(v url.Values) { v.Del("To") }, "21604", 400},
		{"no number", twiliotest.DefaultAuthToken, func(v url.Values) { v.Set("To", "Bob") }, "21211", 400},
		{"no sender", twiliotest.DefaultAuthToken, func(v url.Values) { v.Del("From") }, "21603", 400},
		{"no text", twiliotest.DefaultAuthToken, func(v url.Values) { v.Del("Body") }, "21602", 400},
		{"too long", twiliotest.DefaultAuthToken, func(v url.Values) { v.Set("Body", strings.Repeat("a", 1601)) }, "21617", 400},
	} {
		form := url.Values{}
		for k, v := range ok {
			form[k] = v
		}
		tt.change(form)
		req, err := http.NewRequest("POST", fake.URL()+"/2010-04-01/Accounts/"+fake.AccountSID()+"/Messages.json", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(fake.AccountSID(), tt.token)
		w := httptest.NewRecorder()
		fake.Handler().ServeHTTP(w, req)
		if w.Code != tt.status || tt.code != "" && !strings.Contains(w.Body.String(), `"code":`+tt.code) {
			t.Errorf("%s: %d %s", tt.name, w.Code, w.Body)
		}
	}
	if fake.Count() != 1 {
		t.Errorf("%d messages were kept, want 1", fake.Count())
	}
}

func TestOptOut(t *testing.T) {
	t.Parallel()
	fake := twiliotest.New(twiliotest.Config{})
	defer fake.Close()
	conn, ch := connector(t), channel(fake)
	send := func() engine.SendClass {
		_, err := conn.Send(t.Context(), ch, engine.Outbound{To: consumer, Content: engine.Content{Text: "hi"}})
		if failure, ok := err.(*engine.SendError); ok {
			return failure.Class
		}
		return ""
	}
	if got := send(); got != "" {
		t.Fatalf("before: %s", got)
	}
	fake.InboundForm(twiliotest.Inbound{From: consumer, To: ours, Body: " stop "})
	if got := send(); got != engine.SendOptedOut {
		t.Fatalf("after STOP: %q", got)
	}
	fake.InboundForm(twiliotest.Inbound{From: consumer, To: ours, Body: "START"})
	if got := send(); got != "" {
		t.Fatalf("after START: %s", got)
	}
}

func TestMediaNeedsTheAccount(t *testing.T) {
	t.Parallel()
	fake := twiliotest.New(twiliotest.Config{})
	defer fake.Close()
	form := fake.InboundForm(twiliotest.Inbound{From: consumer, To: ours, Media: []twiliotest.Media{{MIME: "image/png", Data: []byte("png")}}})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for _, token := range []string{"wrong", fake.AuthToken()} {
		req, err := http.NewRequest("GET", form.Get("MediaUrl0"), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(fake.AccountSID(), token)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body := new(strings.Builder)
		_, err = io.Copy(body, resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if good := token == fake.AuthToken(); good != (body.String() == "png") {
			t.Errorf("token %s: %d %s", token, resp.StatusCode, body)
		}
	}
}

func TestAwaitSentEndsWithItsContext(t *testing.T) {
	t.Parallel()
	fake := twiliotest.New(twiliotest.Config{})
	defer fake.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := fake.AwaitSent(ctx, 1); err == nil {
		t.Error("AwaitSent found a message that nobody sent")
	}
}

// BenchmarkCreate is one message over real HTTP.
func BenchmarkCreate(b *testing.B) {
	fake := twiliotest.New(twiliotest.Config{})
	defer fake.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	defer transport.CloseIdleConnections()
	conn := twilio.New(twilio.Config{HTTP: &http.Client{Transport: transport}})
	ch := channel(fake)
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := conn.Send(b.Context(), ch, engine.Outbound{To: "+1415" + strconv.Itoa(1000000+i%1000), Content: engine.Content{Text: "hi"}}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
