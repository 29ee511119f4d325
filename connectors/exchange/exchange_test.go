package exchange_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"parley/connectors/exchange"
)

// A redirect is an answer: nothing goes along to where it leads.
func TestClient(t *testing.T) {
	t.Parallel()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer s.Close()
	guarded := &http.Client{Timeout: time.Minute}
	resp, err := exchange.Client(guarded).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusFound || asked != 1 || guarded.CheckRedirect != nil {
		t.Errorf("status %d after %d requests", resp.StatusCode, asked)
	}
}

func TestExchange(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	lost := errors.New("connection reset")
	for name, tt := range map[string]struct {
		url              func(live string) string
		after            time.Duration
		err              error
		written, settled bool
	}{
		"cut at once":    {nil, time.Second, lost, true, true},
		"cut much later": {nil, 5 * time.Second, lost, true, false},
		"out of time":    {nil, time.Second, context.DeadlineExceeded, true, false},
		"a timeout":      {nil, time.Second, os.ErrDeadlineExceeded, true, false},
		"stopped":        {nil, time.Second, context.Canceled, true, false},
		"nobody there":   {func(string) string { return "http://127.0.0.1:1/" }, 0, lost, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
			defer s.Close()
			at := now
			e := exchange.New(func() time.Time { return at })
			target := s.URL
			if tt.url != nil {
				target = tt.url(target)
			}
			req, err := http.NewRequestWithContext(e.Watch(t.Context()), http.MethodPost, target, strings.NewReader("x"))
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			if _, err := client.Do(req); err == nil {
				t.Fatal("it was answered")
			}
			at = at.Add(tt.after)
			if e.Written() != tt.written || e.Settled(tt.err) != tt.settled {
				t.Errorf("written %v, settled %v", e.Written(), e.Settled(tt.err))
			}
		})
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		" token s3cret is bad\x00 ": "token *** is bad", "\xff": "\uFFFD", "": "",
		strings.Repeat("é", 200): strings.Repeat("é", 150) + "…", "x" + strings.Repeat("é", 200): "x" + strings.Repeat("é", 149) + "…",
	} {
		if got := exchange.Words(said, []string{"", "s3cret"}); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}
