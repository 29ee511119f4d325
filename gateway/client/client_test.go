package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/versions"
	"parley/engine/versions/trial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// asked serves one answer and gives a client of it.
func asked(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	c, err := New(srv.URL+"/", "plt_a.b")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.http.CloseIdleConnections(); srv.Close() })
	return c
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		server, token, field string
	}{
		{"https://chat.example.com", "plt_a.b", ""},
		{"https://chat.example.com/parley/", "plt_a.b", ""},
		{"http://127.0.0.1:8080", "plt_a.b", ""},
		{"http://[::1]:8080", "plt_a.b", ""},
		{"http://localhost:8080", "plt_a.b", ""},
		{"http://chat.example.com", "plt_a.b", "--server"},
		{"http://127.0.0.1.example.com", "plt_a.b", "--server"},
		{"ftp://chat.example.com", "plt_a.b", "--server"},
		{"chat.example.com", "plt_a.b", "--server"},
		{"", "plt_a.b", "--server"},
		{"https://chat.example.com", "", "--token"},
		{"https://chat.example.com", "a\r\nb", "--token"},
	} {
		_, err := New(c.server, c.token)
		var e *engine.Error
		if errors.As(err, &e); (err == nil) != (c.field == "") || err != nil && e.Field != c.field {
			t.Errorf("%s, %q: got %v", c.server, c.token, err)
		}
	}
}

// A brand that is busy is asked again.
func TestBusy(t *testing.T) {
	t.Parallel()
	var tries atomic.Int32
	c := asked(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !strings.Contains(string(body), `"files":{"a":"b"}`) || r.Header.Get("Authorization") != "Bearer plt_a.b" {
			t.Errorf("got %s (%v)", body, err)
		}
		if tries.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"code":"rate_limited","message":"later","request_id":"x"}`)
			return
		}
		_, _ = io.WriteString(w, `{"text":"","waiting":3,"same":1,"tried":2,"groups":[{"fate":"diverges","file":"bots/a.lua","line":4,"sessions":2,
			"examples":[{"session":"s","conversation":"c","version":"v"}]}]}`)
	})
	got, err := c.Blast(t.Context(), engine.Bundle{Files: map[string]string{"a": "b"}}, trial.Options{Examples: 1 << 20})
	want := trial.Report{Waiting: 3, Same: 1, Tried: 2, Groups: []trial.Group{
		{Fate: trial.Diverges, File: "bots/a.lua", Line: 4, Sessions: 2, Examples: []trial.Example{{Session: "s", Conversation: "c", Version: "v"}}},
	}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" || tries.Load() != 2 {
		t.Errorf("%d tries, %v (-want +got):\n%s", tries.Load(), err, diff)
	}
}

func TestGivingUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := asked(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"code":"rate_limited","message":"later","request_id":"x"}`)
		cancel()
	})
	if _, err := c.Brands(ctx); err == nil {
		t.Error("it went on")
	}
}

// A token goes to the server that was named, and nowhere else.
func TestRedirects(t *testing.T) {
	t.Parallel()
	other := asked(t, func(http.ResponseWriter, *http.Request) { t.Error("it was followed") })
	c := asked(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.base, http.StatusFound) })
	if _, err := c.Brands(t.Context()); engine.CodeOf(err) != engine.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestPushOfOtherFiles(t *testing.T) {
	t.Parallel()
	c := asked(t, func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(map[string]any{"version": "other", "stored": true, "fresh": true, "problems": []any{}}); err != nil {
			t.Error(err)
		}
	})
	if _, err := c.Push(t.Context(), engine.Bundle{Hash: "mine"}, versions.By{}); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("got %v", err)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"versions":[{"version":"a","bots":[{}]}]}`)
	f.Add(429, `{"code":"rate_limited"}`)
	f.Add(500, `<html>`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		if len(body) > 1000 {
			return
		}
		if status < 0 {
			status = -status
		}
		err := refusal(&http.Response{StatusCode: status, Status: "x"}, []byte(body))
		if engine.CodeOf(err) == "" {
			t.Error("a refusal without a code")
		}
	})
}
