package rest_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest"
)

// deadline is far beyond what anything here takes, whatever else the machine
// does; it only ends a broken test.
const deadline = 2 * time.Minute

func hurry(hello, recheck, counters, grace time.Duration) option {
	return func(s *setup) {
		s.adjust = func(r *rest.Server) { r.Hurry(cmp.Or(hello, deadline), recheck, counters, grace, 0, deadline) }
	}
}

// wire is a live socket.
type wire struct {
	t    *testing.T
	conn *websocket.Conn
}

type liveFrame struct {
	Type     string
	Cursor   string
	Kind     string
	Build    string
	Message  *api.Message
	Presence *api.EventPresence
	Mood     *api.Mood
	Feedback *api.EventFeedback
	Actor    string
	Detail   string

	Conversation, Author, Name string
	On                         *bool
	Mine, Queue, All, Beat     int
}

func (s *someone) dial(opts ...func(*websocket.DialOptions)) (*wire, *http.Response, error) {
	s.w.t.Helper()
	ctx, cancel := context.WithTimeout(s.w.t.Context(), deadline)
	defer cancel()
	o := &websocket.DialOptions{HTTPHeader: http.Header{}, HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	s.headers(o.HTTPHeader)
	for _, opt := range opts {
		opt(o)
	}
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.w.url, "http")+"/api/v1/live", o)
	if err != nil {
		return nil, resp, err
	}
	conn.SetReadLimit(1 << 20)
	s.w.t.Cleanup(func() { _ = conn.CloseNow() })
	return &wire{s.w.t, conn}, resp, nil
}

// live dials and says hello.
func (s *someone) live(after string) *wire {
	s.w.t.Helper()
	c, _, err := s.dial()
	if err != nil {
		s.w.t.Fatal(err)
	}
	c.send(fields{"type": "hello", "after": after})
	return c
}

func (c *wire) send(v any) {
	c.t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.write(raw); err != nil {
		c.t.Fatal(err)
	}
}

func (c *wire) write(raw []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	return c.conn.Write(ctx, websocket.MessageText, raw)
}

func (c *wire) next() liveFrame {
	c.t.Helper()
	f, err := c.read()
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

func (c *wire) read() (f liveFrame, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	_, raw, err := c.conn.Read(ctx)
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(raw, &f)
}

// until reads up to the first frame that is wanted.
func (c *wire) until(wanted func(liveFrame) bool) liveFrame {
	c.t.Helper()
	for {
		if f := c.next(); wanted(f) {
			return f
		}
	}
}

func isType(name string) func(liveFrame) bool {
	return func(f liveFrame) bool { return f.Type == name }
}

// ends reads until the server closes, and wants the code.
func (c *wire) ends(code websocket.StatusCode) {
	c.t.Helper()
	for {
		if _, err := c.read(); err != nil {
			if got := websocket.CloseStatus(err); got != code {
				c.t.Errorf("got %d (%v), want %d", got, err, code)
			}
			return
		}
	}
}

// TestLiveMissesNothing reads while twenty writers write: replay, live and
// following give every event once, in order.
func TestLiveMissesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open("acme", "c1", "hello")
	w.open("other", "o1", "not ours")
	const writers, each = 20, 25
	var writing sync.WaitGroup
	for i := range writers {
		writing.Go(func() {
			for n := range each {
				err := w.store.Update(context.Background(), func(tx engine.Tx) error {
					brand := "acme"
					if n%5 == 4 {
						brand = "other"
					}
					return tx.Events().Add(&engine.Event{At: w.clock(), Brand: brand, Kind: engine.EventBotLog, Actor: fmt.Sprint("w", i, ".", n), Data: []byte(`{"text":"x"}`)})
				})
				if err != nil {
					t.Error(err)
				}
				w.bus.Publish(engine.Signal{Topic: engine.TopicEvents})
			}
		})
	}
	var want []string
	read := func(after string) ([]string, string, bool) {
		c, live, got := w.as("acme-ana").live(after), false, []string(nil)
		for len(want) == 0 || len(got) == 0 || got[len(got)-1] != want[len(want)-1] {
			f, err := c.read()
			if err != nil {
				t.Errorf("after %d events: %v", len(got), err)
				return got, after, live
			}
			live = live || f.Type == "live"
			if f.Kind != "" {
				got, after = append(got, f.Cursor), f.Cursor
			}
			if len(want) == 0 && len(got) > 100 && live {
				break // cut off in the middle, to resume
			}
		}
		_ = c.conn.CloseNow()
		return got, after, live
	}
	begun, cursor, live := read("")
	if !live {
		t.Error("a busy log never becomes live")
	}
	writing.Wait()
	w.view(func(tx engine.Tx) error {
		all, err := tx.Events().List(engine.EventFilter{Brand: "acme", Limit: 10_000})
		for _, ev := range all {
			want = append(want, engine.Cursor(ev.Seq).String())
		}
		return err
	})
	if begun[len(begun)-1] != want[len(want)-1] {
		rest, _, _ := read(cursor)
		begun = append(begun, rest...)
	}
	if strings.Join(begun, " ") != strings.Join(want, " ") {
		t.Errorf("got %d events, want %d", len(begun), len(want))
	}
}

func TestLiveBeginsWithTheEndOfTheReplay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open("acme", "c1", "hello")
	c := w.as("acme-ana").live("")
	var kinds []string
	for f := c.next(); f.Type != "live"; f = c.next() {
		kinds = append(kinds, f.Kind)
	}
	if got := strings.Join(kinds, " "); got != "opened message" {
		t.Errorf("replayed %q", got)
	}
	d := w.as("acme-ana").live(w.end())
	if f := d.next(); f.Type != "live" || f.Cursor != w.end() || f.Build != "b1" || f.Beat != 25 {
		t.Errorf("got %+v", f)
	}
	w.says("acme", "c1", "more")
	for _, c := range []*wire{c, d} {
		if f := c.until(func(f liveFrame) bool { return f.Kind == "message" }); f.Message.Content.Text != "more" {
			t.Errorf("got %+v", f)
		}
	}
	e := w.as("acme-ana").live("ezzzzzz")
	if f := e.next(); f.Type != "reset" || f.Cursor != w.end() {
		t.Errorf("got %+v", f)
	}
	if f := e.next(); f.Type != "live" || f.Cursor != w.end() {
		t.Errorf("got %+v", f)
	}
}

// TestLiveBeats: a page can tell a quiet brand from a connection that is dead.
func TestLiveBeats(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.adjust = func(r *rest.Server) { r.Beat(time.Millisecond) } })
	c := w.as("acme-ana").live(w.end())
	for range 3 {
		c.until(isType("beat"))
	}
}

func TestLiveCounters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurry(0, 0, time.Millisecond, 0))
	w.open("acme", "c1", "hello")
	c := w.as("acme-ana").live(w.end())
	if f := c.until(isType("counters")); f.All != 1 || f.Mine != 0 || f.Queue != 0 {
		t.Errorf("got %+v", f)
	}
	w.queue("acme", "c1", "care")
	c.until(func(f liveFrame) bool { return f.Type == "counters" && f.Queue == 1 })
	w.assign("acme", "c1", "acme-ana")
	c.until(func(f liveFrame) bool { return f.Type == "counters" && f.Mine == 1 && f.Queue == 0 })
}

func TestTypingGoesBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mine("acme", "c1", "acme-ana")
	w.open("other", "o1", "hello")
	passed := make(chan engine.TypingData, 10)
	defer w.bus.Subscribe(engine.TopicPass, func(s engine.Signal) {
		var d engine.TypingData
		if json.Unmarshal(s.Data, &d) == nil {
			passed <- d
		}
	})()
	ana, bo := w.as("acme-ana").live(w.end()), w.as("acme-bo").live(w.end())
	ana.until(isType("live"))
	bo.until(isType("live"))
	w.bus.Publish(engine.Typing(engine.ConversationRef{Brand: "acme", ID: "c1"}, engine.AuthorConsumer, "p-c1", "Maya", true))
	if f := ana.until(isType("typing")); f.Conversation != "c1" || f.Author != "consumer" || f.Name != "Maya" || f.On == nil || !*f.On {
		t.Errorf("got %+v", f)
	}
	<-passed
	bo.until(isType("typing"))
	// Only the agent who has it types in it; nonsense is passed over.
	bo.send(fields{"type": "typing", "conversation": "c1", "on": true})
	ana.send(fields{"type": "typing", "conversation": "o1", "on": true})
	ana.send(fields{"type": "nonsense"})
	ana.send(fields{"type": "typing", "conversation": "c1", "on": true})
	if d := <-passed; d.AuthorID != "acme-ana" || d.Author != engine.AuthorAgent || d.Name != "Ana" || d.Conversation != "c1" || !d.On {
		t.Errorf("got %+v", d)
	}
	if f := bo.until(isType("typing")); f.Author != "agent" || f.Name != "Ana" {
		t.Errorf("got %+v", f)
	}
	// More than it may say in a second, however slowly the machine passes it on.
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for ana.write([]byte(`{}`)) == nil {
		}
	}()
	ana.ends(websocket.StatusPolicyViolation)
	<-stopped
}

func TestSocketsEndWithTheirReason(t *testing.T) {
	t.Parallel()
	t.Run("signed out", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		ana, other := w.as("acme-ana"), w.as("acme-ana")
		c, d := ana.live(w.end()), other.live(w.end())
		silent, _, err := ana.dial() // has not even said hello
		if err != nil {
			t.Fatal(err)
		}
		c.until(isType("live"))
		d.until(isType("live"))
		must[any](t, ana.send("DELETE", "/session", nil), 204)
		c.ends(4401)
		silent.ends(4401)
		w.says2(d)
	})
	t.Run("disabled", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hurry(0, time.Millisecond, 0, 0))
		c := w.as("acme-ana").live(w.end())
		c.until(isType("live"))
		w.update(func(tx engine.Tx) error {
			u, err := tx.Users().Get("acme", "acme-ana")
			if err != nil {
				return err
			}
			u.Disabled = true
			return tx.Users().Save(u)
		})
		c.ends(4401)
	})
	t.Run("token revoked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		bot := w.bearing("acme", engine.RoleAgent)
		c := bot.live(w.end())
		c.until(isType("live"))
		token, _, _ := strings.Cut(strings.TrimPrefix(bot.bearer, "plt_"), ".")
		must[any](t, w.as("acme-ada").send("DELETE", "/tokens/"+token, nil), 204)
		c.ends(4401)
	})
	t.Run("token expired", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hurry(0, time.Millisecond, 0, 0))
		_, secret := w.token(engine.Token{Brand: "acme", Name: "n", Role: engine.RoleAgent, ExpiresAt: w.clock().Add(time.Hour)})
		bot := w.nobody()
		bot.bearer = secret
		c := bot.live(w.end())
		c.until(isType("live"))
		w.advance(2 * time.Hour)
		c.ends(4401)
	})
	t.Run("no hello", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hurry(time.Millisecond, 0, 0, 0))
		c, _, err := w.as("acme-ana").dial()
		if err != nil {
			t.Fatal(err)
		}
		c.ends(4408)
	})
	for name, first := range map[string]string{"nonsense": `{`, "another frame": `{"type":"typing"}`, "no cursor": `{"type":"hello","after":"x"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c, _, err := w.as("acme-ana").dial()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.write([]byte(first)); err != nil {
				t.Fatal(err)
			}
			c.ends(4408)
		})
	}
	t.Run("too large a frame", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.as("acme-ana").live(w.end())
		c.send(fields{"type": "typing", "conversation": strings.Repeat("x", 64<<10)})
		c.ends(websocket.StatusMessageTooBig)
	})
	t.Run("stopping", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.as("acme-ana").live(w.end())
		c.until(isType("live"))
		go w.rest.Close()
		c.ends(websocket.StatusGoingAway)
		w.rest.Close()
		refused(t, w.as("acme-ana").send("GET", "/live", nil), 503, engine.Unavailable, "")
	})
}

// says2 shows that a socket still follows.
func (w *world) says2(c *wire) {
	w.t.Helper()
	w.open("acme", "later", "still here")
	c.until(func(f liveFrame) bool { return f.Kind == "message" })
}

func TestASlowReaderIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { // so that only the hub loses patience
		s.adjust = func(r *rest.Server) { r.Hurry(deadline, time.Hour, 0, 0, 0, time.Hour) }
	})
	narrow := func(o *websocket.DialOptions) {
		o.HTTPClient.Transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			if tcp, ok := conn.(*net.TCPConn); ok {
				err = tcp.SetReadBuffer(64 << 10)
			}
			return conn, err
		}}
	}
	c, _, err := w.as("acme-ana").dial(narrow)
	if err != nil {
		t.Fatal(err)
	}
	c.send(fields{"type": "hello", "after": w.end()})
	c.until(isType("live"))
	fat := []byte(`{"text":"` + strings.Repeat("x", 64<<10) + `"}`)
	thin := []byte(`{"text":"x"}`)
	for round := range 5 {
		w.update(func(tx engine.Tx) error {
			for i := range 600 {
				data := thin
				if round == 0 && i < 250 {
					data = fat // more than the buffers between the two take
				}
				if err := tx.Events().Add(&engine.Event{At: w.clock(), Brand: "acme", Kind: engine.EventBotLog, Actor: "bot:x", Data: data}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	// A second reader that keeps up tells when the hub has seen everything.
	quick := w.as("acme-bo").live(w.end())
	quick.until(isType("live"))
	w.open("acme", "c1", "the last event")
	quick.until(func(f liveFrame) bool { return f.Kind == "message" })
	c.ends(4008)
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.origins = []string{"https://parley.example"} })
	for origin, want := range map[string]int{
		"": 101, w.url: 101, "https://parley.example": 101, "https://PARLEY.example": 101,
		"https://evil.example": 403, "null": 403, "https://parley.example.evil.example": 403, "http://parley.example": 403, ":": 403,
	} {
		_, resp, _ := w.as("acme-ana").dial(func(o *websocket.DialOptions) {
			if origin != "" {
				o.HTTPHeader.Set("Origin", origin)
			}
		})
		if resp == nil || resp.StatusCode != want {
			t.Errorf("%q: got %v, want %d", origin, resp, want)
		}
	}
	if _, resp, _ := w.nobody().dial(); resp == nil || resp.StatusCode != 401 {
		t.Errorf("nobody: got %v", resp)
	}
}

func TestSocketsOfAUserAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.as("acme-ana")
	var open []*wire
	for range 20 {
		open = append(open, ana.live(w.end()))
	}
	if _, resp, _ := ana.dial(); resp == nil || resp.StatusCode != 429 {
		t.Errorf("the 21st: got %v", resp)
	}
	w.as("acme-bo").live(w.end()).until(isType("live"))
	open[0].until(isType("live"))
	_ = open[0].conn.Close(websocket.StatusNormalClosure, "")
	for { // once the server has noticed
		c, resp, err := ana.dial()
		if err == nil {
			c.send(fields{"type": "hello", "after": w.end()})
			c.until(isType("live"))
			return
		}
		if resp == nil || resp.StatusCode != 429 {
			t.Fatal(err)
		}
	}
}

// TestAnAgentWhoLeavesIsGone closes the last socket: offers go back, unless
// the agent comes back within the grace.
func TestAnAgentWhoLeavesIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurry(0, 0, 0, time.Millisecond))
	w.open("acme", "c1", "hello")
	w.queue("acme", "c1", "care")
	w.offer("acme", "c1", "acme-ana")
	ana := w.as("acme-ana")
	team := w.as("acme-bo").live(w.end())
	one, two := ana.live(w.end()), ana.live(w.end())
	one.until(isType("live"))
	two.until(isType("live"))
	_ = one.conn.Close(websocket.StatusNormalClosure, "") // the other one is still there
	must[any](t, ana.send("PUT", "/presence", fields{"presence": "online"}), 200)
	if f := team.until(func(f liveFrame) bool { return f.Presence != nil }); !f.Presence.Seen {
		t.Errorf("with a socket left: got %+v", f.Presence)
	}
	_ = two.conn.Close(websocket.StatusNormalClosure, "")
	if f := team.until(func(f liveFrame) bool { return f.Kind == "offer_ended" || f.Presence != nil }); f.Kind != "offer_ended" {
		t.Errorf("got %+v", f)
	}
	if f := team.until(func(f liveFrame) bool { return f.Presence != nil }); f.Presence.Seen || f.Presence.Agent != "acme-ana" {
		t.Errorf("got %+v", f.Presence)
	}
	w.advance(time.Second)
	must[any](t, ana.send("GET", "/session", nil), 200)
	if f := team.until(func(f liveFrame) bool { return f.Presence != nil }); !f.Presence.Seen {
		t.Errorf("back again: got %+v", f.Presence)
	}
}

func TestAReloadIsNoLeaving(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurry(0, 0, 0, 24*time.Hour)) // the grace never ends; Close does not wait for it
	ana := w.as("acme-ana")
	c := ana.live(w.end())
	c.until(isType("live"))
	_ = c.conn.Close(websocket.StatusNormalClosure, "")
	again := ana.live(w.end())
	again.until(isType("live"))
	var reading sync.WaitGroup
	reading.Go(func() { again.ends(websocket.StatusGoingAway) }) // a close waits for one who does not read
	w.rest.Close()
	reading.Wait()
	w.view(func(tx engine.Tx) error {
		u, err := tx.Users().Get("acme", "acme-ana")
		if u.SeenAt.IsZero() {
			t.Error("the agent counts as gone")
		}
		return err
	})
}
