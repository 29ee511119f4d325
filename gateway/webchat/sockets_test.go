package webchat

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/coder/websocket"
	"pgregory.net/rapid"

	"parley/engine"
)

// refused dials and gives the answer of who is not let in.
func (w *world) refused() *http.Response {
	w.t.Helper()
	conn, resp, err := websocket.Dial(w.t.Context(), w.http.URL+"/chat/acme.web/live", nil)
	if err == nil {
		_ = conn.CloseNow()
		w.t.Fatal("it is let in")
	}
	return resp
}

// Sockets that never say hello take few places, and none of those who do.
func TestSilentSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.sockets.room.silent = 3
	s := w.session()
	all := []*client{w.dial(), w.dial(), w.dial()}
	w.polling(3)
	if resp := w.refused(); resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "5" {
		t.Errorf("%d, again in %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
	if a := w.ask("GET", "/chat/acme.web/events", s.Token, nil); a.status != http.StatusOK {
		t.Errorf("a long poll: %d %s", a.status, a.body)
	}
	all[0].send(map[string]any{"type": "hello", "token": s.Token})
	for all[0].next().Type != "live" {
	}
	_ = all[1].conn.CloseNow()
	w.until("the silent one is gone", func() bool {
		w.server.sockets.mu.Lock()
		defer w.server.sockets.mu.Unlock()
		return w.server.sockets.mute == 1
	})
	w.live(w.session(), "")
}

// One network's sockets and polls leave room for the others.
func TestSocketsOfOneNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.sockets.room.network = 2
	s := w.session()
	w.live(s, "")
	w.live(s, "")
	if resp := w.refused(); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a socket: %d", resp.StatusCode)
	}
	a := w.ask("GET", "/chat/acme.web/events", s.Token, nil)
	if a.status != http.StatusTooManyRequests || a.code() != "rate_limited" || a.header.Get("Retry-After") != "5" {
		t.Errorf("a long poll: %d %s", a.status, a.body)
	}
	if _, err := w.server.sockets.enter("192.0.2.0/24", true); err != nil {
		t.Errorf("another network: %v", err)
	} else {
		w.server.sockets.open.Done() // it never leaves
	}
}

// TestSeats: whatever comes and goes, nothing is counted twice and nothing stays.
func TestSeats(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := newSockets(0)
		s.room = room{all: 12, network: 5, silent: 2, mute: 4}
		open := map[*seat]bool{} // silent
		t.Repeat(map[string]func(*rapid.T){
			"enter": func(t *rapid.T) {
				network, silent := fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "network")), rapid.Bool().Draw(t, "silent")
				here, mute, hush := 0, 0, 0
				for k, quiet := range open {
					if k.network == network {
						here++
						if quiet {
							hush++
						}
					}
					if quiet {
						mute++
					}
				}
				want := engine.Code("")
				switch {
				case len(open) >= 12, silent && mute >= 4:
					want = engine.Unavailable
				case here >= 5, silent && hush >= 2:
					want = engine.RateLimited
				}
				k, err := s.enter(network, silent)
				if engine.CodeOf(err) != want {
					t.Fatalf("%v, want %q", err, want)
				}
				if err == nil {
					open[k] = silent
				}
			},
			"greet": func(t *rapid.T) {
				for k := range open {
					k.greet()
					open[k] = false
					return
				}
			},
			"leave": func(t *rapid.T) {
				for k := range open {
					k.leave()
					delete(open, k)
					return
				}
			},
		})
		for k := range open {
			k.leave()
		}
		if s.total != 0 || s.mute != 0 || len(s.byNetwork) != 0 {
			t.Fatalf("%d and %d are left, and %v", s.total, s.mute, s.byNetwork)
		}
	})
}
