package webchat

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// A visitor who never wrote has no consumer; the first message must reach the
// socket and the long poll that wait already.
func TestFirstMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	cursor := w.page(s, "").Cursor
	c, frames := w.live(s, cursor)
	if len(frames) != 0 {
		t.Errorf("replayed %v", frames)
	}
	polled := make(chan answer, 1)
	go func() { polled <- w.ask("GET", "/chat/acme.web/events?wait=25&after="+cursor, s.Token, nil) }()
	w.waiting(s, 2)
	w.say(s, "hello")
	c.expect("status true bot  0", "message hello")
	batch := read[batchView](t, <-polled, 200)
	if len(batch.Frames) == 0 {
		t.Error("the long poll saw nothing")
	}
	w.reply(s, fromBot("hi there"))
	c.expect("message hi there")
}

// waiting returns when n sockets and long polls wait for the visitor's arrival.
func (w *world) waiting(s sessionView, n int) {
	w.t.Helper()
	w.until("the visitor's arrival is waited for", func() bool {
		w.server.arrivals.mu.Lock()
		defer w.server.arrivals.mu.Unlock()
		return len(w.server.arrivals.waiting["acme.web/"+s.Visitor]) >= n
	})
}

// A lost signal delays and never loses.
func TestFirstMessageWithoutSignal(t *testing.T) {
	t.Parallel()
	p := patient()
	p.ping = 20 * time.Millisecond
	w := newWorldAt(t, p)
	w.server.deaf()
	s := w.session()
	c, _ := w.live(s, w.page(s, "").Cursor)
	w.waiting(s, 1)
	w.say(s, "hello")
	c.expect("status true bot  0", "message hello")
}

// Whoever leaves and comes back with the last cursor sees every message once
// and in order, whatever is written meanwhile, by socket or by long poll.
func TestResume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	cursor := w.page(s, "").Cursor
	w.say(s, "start")
	const messages = 300
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := range messages {
			w.reply(s, fromBot(fmt.Sprint(i)))
			w.reply(s, engine.Message{Author: engine.AuthorAgent, Note: true, Content: text("note")})
		}
	})
	defer writer.Wait()
	want := []string{"start"}
	for i := range messages {
		want = append(want, fmt.Sprint(i))
	}
	var bySocket []string
	for at := cursor; len(bySocket) < len(want); {
		c := w.join(s, at)
		for range 40 { // then the line breaks
			f := c.next()
			if f.Cursor == "" {
				continue
			}
			at = f.Cursor
			if f.Type == "message" {
				bySocket = append(bySocket, f.text())
			}
			if len(bySocket) == len(want) {
				break
			}
		}
		_ = c.conn.CloseNow()
		w.left(s) // else a slow server counts too many tabs
	}
	if diff := cmp.Diff(want, bySocket); diff != "" {
		t.Error(diff)
	}
	var byPoll []string
	type batch struct {
		Frames []frameIn
		Cursor string
	}
	for at := cursor; len(byPoll) < len(want); {
		got := read[batch](t, w.ask("GET", "/chat/acme.web/events?wait=5&after="+at, s.Token, nil), 200)
		at = got.Cursor
		for _, f := range got.Frames {
			if f.Type == "message" {
				byPoll = append(byPoll, f.text())
			}
		}
	}
	if diff := cmp.Diff(want, byPoll); diff != "" {
		t.Error(diff)
	}
}

func TestLongPoll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	w.say(s, "hi")
	at := w.page(s, "").Cursor
	// Nothing there: an empty answer whose cursor goes on.
	got := read[batchView](t, w.ask("GET", "/chat/acme.web/events?wait=0&after="+at, s.Token, nil), 200)
	if got.Frames == nil || len(got.Frames) != 0 || got.Cursor != at {
		t.Errorf("%+v", got)
	}
	polled := make(chan answer, 1)
	go func() { polled <- w.ask("GET", "/chat/acme.web/events?wait=25&after="+at, s.Token, nil) }()
	w.reply(s, fromBot("answer"))
	if a := <-polled; a.status != 200 || !strings.Contains(string(a.body), "answer") {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, wait := range []string{"-1", "31", "x"} {
		if a := w.ask("GET", "/chat/acme.web/events?wait="+wait, s.Token, nil); a.status != 400 {
			t.Errorf("wait %s: %d", wait, a.status)
		}
	}
	for _, after := range []string{"e9zzzz", "rubbish"} {
		a := w.ask("GET", "/chat/acme.web/events?wait=25&after="+after, s.Token, nil)
		if a.status != 200 || !strings.Contains(string(a.body), `"type":"reset"`) {
			t.Errorf("after %s: %d %s", after, a.status, a.body)
		}
	}
}

// TestBeats: a page can tell a quiet conversation from a socket that is dead.
func TestBeats(t *testing.T) {
	t.Parallel()
	p := patient()
	p.ping = time.Millisecond
	w := newWorldAt(t, p)
	s := w.session()
	c := w.join(s, w.page(s, "").Cursor)
	for beats := 0; beats < 3; {
		f, err := c.read()
		if err != nil {
			t.Fatal(err)
		}
		if f.Type == "beat" {
			beats++
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	w.say(s, "hi")
	for _, after := range []string{"e9zzzz", "rubbish"} {
		c := w.join(s, after)
		got := c.expect("reset", "live")
		if want := w.page(s, "").Cursor; got[0].Cursor != want || got[1].Cursor != want {
			t.Errorf("cursors %s and %s, want %s", got[0].Cursor, got[1].Cursor, want)
		}
		w.reply(s, fromBot("after "+after))
		c.expect("message after " + after)
	}
}

func TestHello(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	for name, tt := range map[string]struct {
		frame any
		code  websocket.StatusCode
	}{
		"no token":     {map[string]any{"type": "hello"}, closeSession},
		"bad token":    {map[string]any{"type": "hello", "token": s.Token[:len(s.Token)-4] + "AAAA"}, closeSession},
		"other frame":  {map[string]any{"type": "typing", "on": true}, websocket.StatusPolicyViolation},
		"not a frame":  {[]int{1}, websocket.StatusPolicyViolation},
		"large frame":  {map[string]any{"type": "hello", "token": strings.Repeat("a", 8*maxFrame)}, websocket.StatusMessageTooBig},
		"many receipt": {map[string]any{"type": "receipt", "read": make([]string, 51)}, websocket.StatusPolicyViolation},
	} {
		c := w.dial()
		c.send(tt.frame)
		if got := c.closed(); got != tt.code {
			t.Errorf("%s: closed with %d, want %d", name, got, tt.code)
		}
	}
}

func TestNoHello(t *testing.T) {
	t.Parallel()
	p := patient()
	p.hello = 20 * time.Millisecond
	w := newWorldAt(t, p)
	if got := w.dial().closed(); got != closeNoHello {
		t.Errorf("closed with %d", got)
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.freeze()
	// The socket ends by real time, of which a busy machine may need more to greet.
	for left := time.Second; ; left *= 2 { // a token has whole seconds
		s := w.session()
		w.pass(tokenTTL - left)
		live, code := w.join(s, "").toTheEnd()
		if code != closeSession {
			t.Errorf("closed with %d", code)
		}
		w.pass(left + time.Second)
		if again, code := w.join(s, "").toTheEnd(); again || code != closeSession {
			t.Errorf("afterwards: live %t, closed with %d", again, code)
		}
		if live {
			return
		}
		if left > 10*time.Second {
			t.Fatalf("a token with %s left opens no socket", left)
		}
	}
}

func TestSilentClientIsCut(t *testing.T) {
	t.Parallel()
	p := patient()
	p.ping, p.write = 20*time.Millisecond, 100*time.Millisecond
	w := newWorldAt(t, p)
	s := w.session()
	for tries := 1; ; tries++ { // a busy machine may take so long to greet, too
		c, live := w.join(s, ""), false
		for !live {
			f, err := c.read()
			if err != nil {
				break
			}
			live = f.Type == "live"
		}
		if live { // and nobody reads from here on, so nobody answers pings
			break
		}
		if tries == 100 {
			t.Fatal("nothing becomes live")
		}
	}
	w.left(s)
}

func TestSocketOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for origin, ok := range map[string]bool{listed: true, w.http.URL: true, "https://evil.example": false, "null": false} {
		conn, resp, err := websocket.Dial(t.Context(), w.http.URL+"/chat/acme.web/live", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
		if (err == nil) != ok {
			t.Errorf("%s: %v", origin, err)
		}
		if err == nil {
			_ = conn.CloseNow()
		} else if resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %v", origin, resp)
		}
	}
}

func TestTabs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	first, _ := w.live(s, "")
	for range maxTabs - 1 {
		w.live(s, "")
	}
	if got := w.join(s, "").closed(); got != websocket.StatusTryAgainLater {
		t.Errorf("closed with %d", got)
	}
	if a := w.ask("GET", "/chat/acme.web/events", s.Token, nil); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "5" {
		t.Errorf("%d %s", a.status, a.body)
	}
	w.live(w.session(), "") // others are not concerned
	_ = first.conn.Close(websocket.StatusNormalClosure, "")
	w.fewer(s, maxTabs)
	w.live(s, "")
}

// left returns when the server has seen that all of the visitor's tabs are closed.
func (w *world) left(s sessionView) { w.t.Helper(); w.fewer(s, 1) }

// fewer returns when the server counts fewer than n of the visitor's tabs.
func (w *world) fewer(s sessionView, n int) {
	w.t.Helper()
	w.until("closed tabs do not count any more", func() bool {
		w.server.sockets.mu.Lock()
		defer w.server.sockets.mu.Unlock()
		return w.server.sockets.tabs[s.Visitor] < n
	})
}

// Close ends sockets and long polls, and refuses new ones.
func TestClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	w.say(s, "hi")
	at := w.page(s, "").Cursor
	silent := w.dial()
	c, _ := w.live(s, at)
	newcomer, _ := w.live(w.session(), at)
	polled := make(chan answer, 1)
	go func() { polled <- w.ask("GET", "/chat/acme.web/events?wait=25&after="+at, s.Token, nil) }()
	w.polling(4)
	codes := make(chan websocket.StatusCode, 3)
	for _, c := range []*client{silent, c, newcomer} {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), deadline)
			defer cancel()
			_, _, err := c.conn.Read(ctx)
			codes <- websocket.CloseStatus(err)
		}()
	}
	w.server.Close()
	for range 3 {
		if got := <-codes; got != websocket.StatusGoingAway {
			t.Errorf("closed with %d", got)
		}
	}
	if a := <-polled; a.status != 200 {
		t.Errorf("long poll: %d %s", a.status, a.body)
	}
	if _, resp, err := websocket.Dial(t.Context(), w.http.URL+"/chat/acme.web/live", nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after Close: %v", err)
	}
	w.server.Close()
}

// polling returns when n sockets and long polls are open.
func (w *world) polling(n int) {
	w.t.Helper()
	w.until("all are open", func() bool {
		w.server.sockets.mu.Lock()
		defer w.server.sockets.mu.Unlock()
		return w.server.sockets.total >= n
	})
}

// until looks until something holds.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	late := time.After(deadline)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			w.t.Fatalf("it never comes that %s", what)
		}
	}
}
