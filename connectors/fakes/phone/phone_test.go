package phone_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/connectors/fakes/phone"
	"parley/engine"
)

// line is one that keeps what is said, and refuses what begins with "no".
type line struct{ sent []phone.Shown }

func (l *line) Say(_ context.Context, w phone.Written) error {
	if strings.HasPrefix(w.Text, "no") {
		return engine.Errorf(engine.Unavailable, "It was not taken.")
	}
	l.sent = append(l.sent, phone.Shown{Text: "You said " + w.Text + " " + w.Payload})
	return nil
}

func (l *line) Sent() []phone.Shown { return l.sent }

func ask(p *phone.Page, method, path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8091"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

func TestThread(t *testing.T) {
	t.Parallel()
	l := &line{sent: []phone.Shown{{Text: "Hello"}}}
	p := &phone.Page{Title: "SMS", Line: l}
	for _, body := range []string{`{"text":"one"}`, `{"text":"no"}`, `{"text":"two","payload":"b"}`} {
		if w := ask(p, "POST", "/say", body, nil); w.Code != 200 {
			t.Fatalf("%s: %d", body, w.Code)
		}
	}
	l.sent = append(l.sent, phone.Shown{Text: "Bye"})
	const want = `{"messages":[{"text":"Hello"},{"mine":true,"text":"one"},{"text":"You said one "},{"mine":true,"text":"no","problem":"It was not taken."},` +
		`{"mine":true,"text":"two"},{"text":"You said two b"},{"text":"Bye"}],"title":"SMS"}`
	if got := strings.TrimSpace(ask(p, "GET", "/thread", "", nil).Body.String()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Only this machine's own page writes as the consumer.
func TestStrangers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method, path, body string
		change             func(*http.Request)
		want               int
	}{
		"its own page":            {"POST", "/say", `{"text":"hi"}`, func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:8091") }, 200},
		"another page":            {"POST", "/say", `{"text":"hi"}`, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		"a name for this machine": {"GET", "/thread", "", func(r *http.Request) { r.Host = "evil.example:8091" }, 403},
		"localhost":               {"GET", "/", "", func(r *http.Request) { r.Host = "localhost:8091" }, 200},
		"a form":                  {"POST", "/say", `{"text":"hi"}`, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
		"nothing":                 {"POST", "/say", `{"text":" "}`, nil, 400},
		"too long":                {"POST", "/say", `{"text":"` + strings.Repeat("x", 5000) + `"}`, nil, 400},
		"no JSON":                 {"POST", "/say", `{`, nil, 400},
		"nowhere":                 {"GET", "/secret", "", nil, 404},
	} {
		if w := ask(&phone.Page{Line: &line{}}, tt.method, tt.path, tt.body, tt.change); w.Code != tt.want {
			t.Errorf("%s: %d, want %d", name, w.Code, tt.want)
		}
	}
}
