package rest_test

import (
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest"
	"parley/gateway/rest/draw"
)

func TestLongPoll(t *testing.T) {
	t.Parallel()
	// The time for a body is shorter than the wait: a poll has no body.
	w := newWorld(t, func(s *setup) {
		s.adjust = func(r *rest.Server) { r.Hurry(0, 0, 0, 0, time.Nanosecond, 0) }
	})
	ana := w.as("acme-ana")
	type page struct {
		Events []api.Event
		Cursor string
	}
	w.open("acme", "c1", "one")
	w.open("other", "o1", "not ours")
	for range 10 { // what is there is given at once, every time
		if p := must[page](t, ana.send("GET", "/events", nil), 200); len(p.Events) != 2 || p.Cursor != w.end() {
			t.Fatalf("got %+v", p)
		}
	}
	p := must[page](t, ana.send("GET", "/events?limit=1&wait=30", nil), 200)
	if len(p.Events) != 1 || p.Cursor != p.Events[0].Cursor {
		t.Errorf("got %+v", p)
	}
	if p = must[page](t, ana.send("GET", "/events?after="+p.Cursor, nil), 200); len(p.Events) != 1 || p.Events[0].Kind != "message" {
		t.Errorf("got %+v", p)
	}
	if p = must[page](t, ana.send("GET", "/events?wait=0&after="+w.end(), nil), 200); len(p.Events) != 0 || p.Cursor != w.end() {
		t.Errorf("got %+v", p)
	}
	refused(t, ana.send("GET", "/events?after=ezzzz", nil), 400, engine.Invalid, "after")
	refused(t, ana.send("GET", "/events?after=x", nil), 400, engine.Invalid, "after")

	answers := make(chan answer)
	end := w.end()
	go func() { answers <- ana.send("GET", "/events?wait=30&after="+end, nil) }()
	w.says("acme", "c1", "two")
	if p = must[page](t, <-answers, 200); len(p.Events) != 1 || p.Events[0].Message.Content.Text != "two" {
		t.Errorf("got %+v", p)
	}
	end = w.end()
	go func() { answers <- ana.send("GET", "/events?wait=1&after="+end, nil) }()
	if p = must[page](t, <-answers, 200); len(p.Events) != 0 {
		t.Errorf("got %+v", p)
	}
	go func() { answers <- ana.send("GET", "/events?wait=30&after="+end, nil) }()
	w.rest.Close()
	refused(t, <-answers, 503, engine.Unavailable, "")
}

// TestNoLongerKept: who goes on from before the log's beginning is told; a conversation
// whose events are gone shows what was said.
func TestNoLongerKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.as("acme-ana")
	type page struct {
		Events []api.Event
		Cursor string
	}
	w.open("acme", "c1", "one")
	w.says("acme", "c1", "two")
	first := must[page](t, ana.send("GET", "/events?limit=1", nil), 200)
	old := w.end()
	w.open("acme", "c2", "three")
	w.says("acme", "c2", "four")
	err := w.store.Update(t.Context(), func(tx engine.Tx) error {
		_, err := tx.Events().Drop(w.clock().Add(time.Hour), 1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []string{first.Cursor, old} {
		b := refused(t, ana.send("GET", "/events?wait=30&after="+after, nil), 400, engine.Invalid, "after")
		if !strings.Contains(b.Message, "read the lists again") {
			t.Errorf("it says %q", b.Message)
		}
		c := ana.live(after)
		if f := c.next(); f.Type != "reset" || f.Cursor != w.end() {
			t.Errorf("got %+v", f)
		}
		if f := c.next(); f.Type != "live" || f.Cursor != w.end() {
			t.Errorf("got %+v", f)
		}
	}
	list := must[page](t, ana.send("GET", "/conversations?view=all", nil), 200)
	if p := must[page](t, ana.send("GET", "/events?after="+list.Cursor, nil), 200); len(p.Events) != 0 || p.Cursor != w.end() {
		t.Errorf("from the lists' cursor: %+v", p)
	}
	if p := must[page](t, ana.send("GET", "/events", nil), 200); len(p.Events) != 1 || p.Cursor != w.end() {
		t.Errorf("what is left: %+v", p)
	}
	must[any](t, ana.send("GET", "/conversations/c1", nil), 200)
	said := must[struct{ Messages []api.Message }](t, ana.send("GET", "/conversations/c1/messages", nil), 200)
	if len(said.Messages) != 2 {
		t.Errorf("of its messages are left: %+v", said)
	}
}

func TestATouchIsWrittenSeldom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.as("acme-ana")
	must[any](t, ana.send("GET", "/session", nil), 200)
	before := w.store.written()
	for range 20 {
		must[any](t, ana.send("GET", "/session", nil), 200)
	}
	if n := w.store.written() - before; n != 0 {
		t.Errorf("%d writes for 20 requests at once", n)
	}
	w.advance(16 * time.Second)
	must[any](t, ana.send("GET", "/session", nil), 200)
	if n := w.store.written() - before; n != 1 {
		t.Errorf("%d writes after 16 s", n)
	}
	// An offline agent is seen and stays offline, whatever is asked; a token is nobody.
	must[any](t, ana.send("PUT", "/presence", fields{"presence": "offline"}), 200)
	bot := w.bearing("acme", engine.RoleAgent)
	must[any](t, bot.send("GET", "/session", nil), 200) // notes the token's use, once a minute
	w.advance(16 * time.Second)
	before = w.store.written()
	must[any](t, ana.send("GET", "/session", nil), 200)
	must[any](t, bot.send("GET", "/session", nil), 200)
	if n := w.store.written() - before; n != 1 {
		t.Errorf("%d writes of an offline agent and a token", n)
	}
	if p := must[api.Session](t, ana.send("GET", "/session", nil), 200); p.User.Presence != "offline" {
		t.Errorf("she is %s", p.User.Presence)
	}
}

// TestComingBackWakesRouting lets an agent be silent for longer than presence lasts.
func TestComingBackWakesRouting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.as("acme-ana")
	woken := make(chan engine.Signal, 10)
	defer w.bus.Subscribe(engine.TopicRouting, func(s engine.Signal) { woken <- s })()
	must[any](t, ana.send("GET", "/session", nil), 200)
	if len(woken) != 0 {
		t.Error("routing is woken by an agent who was there")
	}
	w.advance(2 * time.Minute)
	must[any](t, ana.send("GET", "/session", nil), 200)
	if s := <-woken; s.Key != "acme" {
		t.Errorf("got %+v", s)
	}
	var back engine.Event
	w.view(func(tx engine.Tx) error {
		all, err := tx.Events().List(engine.EventFilter{Brand: "acme", Limit: 100})
		back = all[len(all)-1]
		return err
	})
	if e := draw.Event(back); e.Presence == nil || !e.Presence.Seen || e.Presence.Presence != "online" || e.Actor != "agent:acme-ana" {
		t.Errorf("got %+v", e)
	}
}
