package graph_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/connectors/connectortest"
	"parley/connectors/graph"
	"parley/engine"
	"parley/engine/egress"
)

const token = "EAATESTTOKEN"

func channel(base string) engine.Channel {
	return engine.Channel{
		ID: "acme.meta", Config: map[string]string{"api_base": base},
		Secrets: map[string]engine.Secret{"access_token": token, "app_secret": secret, "verify_token": "a-verify-token"},
	}
}

func account(t *testing.T, ch engine.Channel) graph.Account {
	t.Helper()
	a, err := graph.AccountOf(ch, graph.Base)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func client(transport http.RoundTripper, reasons ...graph.Reason) *graph.Client {
	return graph.New(graph.Config{HTTP: &http.Client{Transport: transport}, Now: connectortest.Now, Reasons: reasons})
}

// server plays Meta for one test.
func server(t *testing.T, answer http.HandlerFunc) (base string, transport *http.Transport) {
	t.Helper()
	s := httptest.NewServer(answer)
	transport = &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.Close()
	})
	return s.URL, transport
}

func TestPost(t *testing.T) {
	t.Parallel()
	base, transport := server(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.RequestURI != "/v25.0/106/messages" || string(body) != `{"to":"1"}` ||
			r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("User-Agent") == "" {
			t.Errorf("%s %s %v %q", r.Method, r.RequestURI, r.Header, body)
		}
		fmt.Fprint(w, `{"messages":[{"id":"wamid.1"}]}`)
	})
	var got struct{ Messages []struct{ ID string } }
	err := client(transport).Post(t.Context(), account(t, channel(base+"/")), "106/messages", []byte(`{"to":"1"}`), &got)
	if err != nil || len(got.Messages) != 1 || got.Messages[0].ID != "wamid.1" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGetWithProof(t *testing.T) {
	t.Parallel()
	base, transport := server(t, func(w http.ResponseWriter, r *http.Request) {
		// The proof was made with openssl.
		want := url.Values{"fields": {"id"}, "appsecret_proof": {"444534b94bec5f8eba87d68756cc5c58f66682f7bfd2bbe37bb659c20baa1609"}}
		if r.URL.Path != "/v26.0/me" || r.URL.Query().Encode() != want.Encode() {
			t.Errorf("%s", r.URL)
		}
		fmt.Fprint(w, `{"id":"7"}`)
	})
	ch := channel(base)
	ch.Config["appsecret_proof"], ch.Config["api_version"] = "true", "v26.0"
	var got struct{ ID string }
	if err := client(transport).Get(t.Context(), account(t, ch), "me", url.Values{"fields": {"id"}}, &got); err != nil || got.ID != "7" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAccountNeeds(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*engine.Channel){
		"access_token": func(ch *engine.Channel) { ch.Secrets["access_token"] = "" },
		"api_base":     func(ch *engine.Channel) { ch.Config["api_base"] = "http://graph.example" },
		"api_version":  func(ch *engine.Channel) { ch.Config["api_version"] = "v25.0/../me" },
	} {
		ch := channel("")
		change(&ch)
		_, err := graph.AccountOf(ch, graph.Base)
		if e, ok := errors.AsType[*engine.Error](err); !ok || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// answer is a transport that always says the same.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r}, nil
}

func failed(t *testing.T, err error) *engine.SendError {
	t.Helper()
	f, ok := errors.AsType[*engine.SendError](err)
	if !ok {
		t.Fatalf("%v (%T), want a *engine.SendError", err, err)
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		if s := fmt.Sprintf("%+v %s", cause, cause); strings.Contains(s, token) || strings.Contains(s, secret) {
			t.Errorf("%s shows a secret", s)
		}
	}
	return f
}

func oauth(code, sub int, more string) string {
	return fmt.Sprintf(`{"error":{"message":"(#%d) Words of Meta's","type":"OAuthException","code":%d,"error_subcode":%d,"fbtrace_id":"Az"%s}}`, code, code, sub, more)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	own := graph.Reason{Class: engine.SendWindow, Words: "The window is closed.", Codes: []int{131047}}
	bySub := graph.Reason{Class: engine.SendGone, Words: "Nobody.", Codes: []int{100}, Subs: []int{2018001}}
	slow := graph.Reason{Class: engine.SendThrottle, Words: "The number sends too fast.", Codes: []int{130429}, Wait: 4 * time.Second}
	regain := http.Header{"X-Business-Use-Case-Usage": {`{"102":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":19}]}`}}
	for name, tt := range map[string]struct {
		answer
		class engine.SendClass
		code  string
		words string
		wait  time.Duration
	}{
		"a code of the connector's":  {answer{400, nil, oauth(131047, 0, "")}, engine.SendWindow, "131047", "The window is closed.", 0},
		"a subcode of the same":      {answer{400, nil, oauth(100, 2018001, "")}, engine.SendGone, "100/2018001", "Nobody.", 0},
		"another subcode":            {answer{400, nil, oauth(100, 9, "")}, engine.SendInvalid, "100/9", "(#100) Words of Meta's", 0},
		"what is not there":          {answer{400, nil, oauth(100, 33, "")}, engine.SendAuth, "100/33", "does not know", 0},
		"details":                    {answer{400, nil, oauth(100, 0, `,"error_data":{"messaging_product":"whatsapp","details":"Button title too long."}`)}, engine.SendInvalid, "100", "Button title too long.", 0},
		"details as a text":          {answer{400, nil, oauth(100, 0, `,"error_data":"Too long."`)}, engine.SendInvalid, "100", "Too long.", 0},
		"an unknown code":            {answer{400, nil, oauth(987654, 0, "")}, engine.SendInvalid, "987654", "Meta refused the request: (#987654) Words of Meta's", 0},
		"an unknown code of a fault": {answer{500, nil, oauth(987654, 0, "")}, engine.SendRetry, "987654", "a fault of its own", 0},
		"an error within a 200":      {answer{200, nil, oauth(987654, 0, "")}, engine.SendInvalid, "987654", "refused", 0},
		"a fault":                    {answer{500, nil, oauth(1, 0, "")}, engine.SendRetry, "1", "a fault of its own", 0},
		"for a moment":               {answer{400, nil, oauth(100, 0, `,"is_transient":true`)}, engine.SendRetry, "100", "a fault of its own", 0},
		"an expired token":           {answer{401, nil, oauth(190, 463, "")}, engine.SendAuth, "190/463", "access token", 0},
		"no permission":              {answer{403, nil, oauth(200, 0, "")}, engine.SendAuth, "200", "permission", 0},
		"the last of permissions":    {answer{403, nil, oauth(299, 0, "")}, engine.SendAuth, "299", "permission", 0},
		"too fast":                   {answer{400, nil, oauth(4, 0, "")}, engine.SendThrottle, "4", "Too many requests", time.Second},
		"too fast for its own rate":  {answer{400, nil, oauth(130429, 0, "")}, engine.SendThrottle, "130429", "too fast", 4 * time.Second},
		"until the hour is over":     {answer{400, regain, oauth(80007, 0, "")}, engine.SendThrottle, "80007", "Too many requests", 19 * time.Minute},
		"429 of nobody":              {answer{429, http.Header{"Retry-After": {"7"}}, ""}, engine.SendThrottle, "", "Too many requests", 7 * time.Second},
		"a token in the words":       {answer{400, nil, `{"error":{"code":5,"message":"bad ` + token + `"}}`}, engine.SendInvalid, "5", "bad ***", 0},
		"a proxy's 502":              {answer{502, nil, "<html>"}, engine.SendUnsure, "", "does not say", 0},
		"a proxy's 401":              {answer{401, nil, "<html>"}, engine.SendAuth, "", "access token", 0},
		"a proxy's 404":              {answer{404, nil, "<html>"}, engine.SendAuth, "", "api_base", 0},
		"a redirect":                 {answer{302, http.Header{"Location": {"https://elsewhere.example"}}, ""}, engine.SendInvalid, "", "redirect", 0},
		"a 200 of HTML":              {answer{200, nil, "<html>"}, engine.SendUnsure, "", "answer was lost", 0},
		"an error that is null":      {answer{400, nil, `{"error":null}`}, engine.SendInvalid, "", "refused", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := client(tt.answer, own, bySub, slow).Post(t.Context(), account(t, channel("")), "1/messages", []byte(`{}`), &struct{}{})
			f := failed(t, err)
			if f.Class != tt.class || f.Code != tt.code || !strings.Contains(f.Message, tt.words) || f.RetryAfter != tt.wait {
				t.Errorf("class %q, code %q, %q, after %s; want %q, %q, %q, %s", f.Class, f.Code, f.Message, f.RetryAfter, tt.class, tt.code, tt.words, tt.wait)
			}
		})
	}
}

// What a webhook reports is classified by the same tables.
func TestLater(t *testing.T) {
	t.Parallel()
	c := client(nil, graph.Reason{Class: engine.SendBlocked, Words: "Not now.", Codes: []int{131049}})
	for code, want := range map[int]engine.SendError{
		131049: {Class: engine.SendBlocked, Code: "131049", Message: "Not now."},
		987654: {Class: engine.SendInvalid, Code: "987654", Message: "Meta could not deliver the message: Why."},
		4:      {Class: engine.SendThrottle, Code: "4", Message: "Too many requests to Meta at once.", RetryAfter: time.Second},
		0:      {Class: engine.SendInvalid, Message: "Meta could not deliver the message: Why."},
	} {
		if got := c.Later(graph.Failure{Code: code, Title: "Why."}); *got != want {
			t.Errorf("%d: %+v, want %+v", code, *got, want)
		}
	}
}

// A request that went out whole and got no answer may have been carried out, one that
// only asks is asked again.
func TestLost(t *testing.T) {
	t.Parallel()
	base, transport := server(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch r.URL.Path {
		case "/v25.0/cut":
			panic(http.ErrAbortHandler)
		case "/v25.0/html":
			fmt.Fprint(w, "<html>")
		case "/v25.0/502":
			w.WriteHeader(http.StatusBadGateway)
		case "/v25.0/half":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"mess`)
		case "/v25.0/huge":
			fmt.Fprint(w, `{"x":"`+strings.Repeat("x", 1<<20)+`"}`)
		}
	})
	c, a := client(transport), account(t, channel(base))
	for _, path := range []string{"cut", "html", "half", "502", "huge"} {
		f := failed(t, c.Post(t.Context(), a, path, []byte(`{}`), &struct{}{}))
		if f.Class != engine.SendUnsure || !f.Settled {
			t.Errorf("post %s: %+v", path, f)
		}
		if f := failed(t, c.Get(t.Context(), a, path, nil, &struct{}{})); f.Class != engine.SendRetry {
			t.Errorf("get %s: %+v", path, f)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if f := failed(t, c.Post(gone, a, "html", []byte(`{}`), &struct{}{})); f.Class != engine.SendRetry {
		t.Errorf("never sent: %+v", f)
	}
	guard, err := egress.NewGuard(nil)
	if err != nil {
		t.Fatal(err)
	}
	guarded := client(egress.NewTransport(egress.Config{Guard: guard}))
	if f := failed(t, guarded.Post(t.Context(), a, "html", []byte(`{}`), &struct{}{})); f.Class != engine.SendInvalid || !strings.Contains(f.Message, "api_base") {
		t.Errorf("blocked: %+v", f)
	}
}

// A send that takes too long is in doubt, and Meta may still be at it.
func TestTooLong(t *testing.T) {
	t.Parallel()
	release, entered := make(chan struct{}), make(chan struct{})
	base, transport := server(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(entered)
		<-release
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	f := failed(t, client(transport).Post(ctx, account(t, channel(base)), "1/messages", []byte(`{}`), &struct{}{}))
	close(release)
	if f.Class != engine.SendUnsure || f.Settled {
		t.Errorf("%+v, want it in doubt and not settled", f)
	}
}

// The token goes to Meta and to nobody else.
func TestWhoSeesTheToken(t *testing.T) {
	t.Parallel()
	for address, told := range map[string]bool{
		"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1": true,
		"https://scontent.xx.fbcdn.net/a.jpg":                              true,
		"https://graph.proxy.example/a":                                    true,
		"https://fbsbx.com.evil.example/a":                                 false,
		"https://evilfbsbx.com/a":                                          false,
		"https://graph.proxy.example:8443/a":                               false,
	} {
		var seen string
		c := client(transportFunc(func(r *http.Request) (*http.Response, error) {
			seen = r.Header.Get("Authorization")
			return answer{200, http.Header{"Content-Type": {"image/jpeg"}}, "jpeg"}.RoundTrip(r)
		}))
		file, err := c.Open(t.Context(), account(t, channel("https://graph.proxy.example")), address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		body, err := io.ReadAll(file.Body)
		if err != nil || string(body) != "jpeg" || file.MIME != "image/jpeg" || file.Size != 4 || file.Body.Close() != nil {
			t.Errorf("%s: %+v %q %v", address, file, body, err)
		}
		if (seen == "Bearer "+token) != told || !told && seen != "" {
			t.Errorf("%s sees %q", address, seen)
		}
	}
	never := client(transportFunc(func(r *http.Request) (*http.Response, error) {
		t.Errorf("asks %s", r.URL)
		return nil, errors.New("no")
	}))
	for _, address := range []string{"http://lookaside.fbsbx.com/a", "file:///etc/passwd", "", "%zz"} {
		if _, err := never.Open(t.Context(), account(t, channel("https://graph.proxy.example")), address); failed(t, err).Class != engine.SendInvalid {
			t.Errorf("%q: %v", address, err)
		}
	}
	for status, class := range map[int]engine.SendClass{404: engine.SendAuth, 500: engine.SendRetry, 429: engine.SendThrottle, 410: engine.SendInvalid} {
		if _, err := client(answer{status, nil, ""}).Open(t.Context(), account(t, channel("")), "https://lookaside.fbsbx.com/a"); failed(t, err).Class != class {
			t.Errorf("%d: %v", status, err)
		}
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNewNeedsAClient(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a client without the guarded one was made")
		}
	}()
	graph.New(graph.Config{})
}
