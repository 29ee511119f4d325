package webchat

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
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
	key := "acme.web/" + s.Visitor
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		w.server.arrivals.mu.Lock()
		got := len(w.server.arrivals.waiting[key])
		w.server.arrivals.mu.Unlock()
		if got >= n || w.t.Context().Err() != nil {
			return
		}
	}
}

// A lost signal delays and never loses.
func TestFirstMessageWithoutSignal(t *testing.T) {
	t.Parallel()
	p := usualPace()
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
		"large frame":  {map[string]any{"type": "hello", "token": strings.Repeat("a", 64*maxFrame)}, websocket.StatusMessageTooBig},
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
	p := usualPace()
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
	s := w.session()
	w.pass(tokenTTL - time.Second) // a token has whole seconds
	c, _ := w.live(s, "")
	if got := c.closed(); got != closeSession {
		t.Errorf("closed with %d", got)
	}
	w.pass(2 * time.Second)
	if got := w.join(s, "").closed(); got != closeSession {
		t.Errorf("closed with %d", got)
	}
}

func TestSilentClientIsCut(t *testing.T) {
	t.Parallel()
	p := usualPace()
	p.ping, p.write = 20*time.Millisecond, 20*time.Millisecond
	w := newWorldAt(t, p)
	s := w.session()
	w.live(s, "") // and nobody reads from here on, so nobody answers pings
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		w.server.sockets.mu.Lock()
		total := w.server.sockets.total
		w.server.sockets.mu.Unlock()
		if total == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the socket is still open")
		}
	}
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
	for deadline := time.Now().Add(30 * time.Second); ; { // until the server has seen it
		w.server.sockets.mu.Lock()
		tabs := w.server.sockets.tabs[s.Visitor]
		w.server.sockets.mu.Unlock()
		if tabs < maxTabs {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a closed tab still counts")
		}
		runtime.Gosched()
	}
	w.live(s, "")
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
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
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
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		w.server.sockets.mu.Lock()
		got := w.server.sockets.total
		w.server.sockets.mu.Unlock()
		if got >= n || w.t.Context().Err() != nil {
			return
		}
	}
}
