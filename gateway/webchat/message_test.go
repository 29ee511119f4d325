package webchat

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/conversation"
)

func texts(p pageView) (out []string) {
	for _, m := range p.Messages {
		out = append(out, m.Content.Text)
	}
	return out
}

func TestPostIsIdempotent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	body := map[string]string{"client_id": newID(), "text": "hello"}
	first := read[posted](t, w.ask("POST", "/chat/acme.web/messages", s.Token, body), http.StatusCreated)
	again := read[posted](t, w.ask("POST", "/chat/acme.web/messages", s.Token, body), http.StatusOK)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	want := messageView{
		ID: first.Message.ID, At: first.Message.At, ClientID: body["client_id"],
		Author: engine.AuthorConsumer, Content: text("hello"), State: engine.Received,
	}
	if diff := cmp.Diff([]messageView{want}, w.page(s, "").Messages); diff != "" {
		t.Error(diff)
	}
	// Another visitor may use the same id.
	if a := w.ask("POST", "/chat/acme.web/messages", w.session().Token, body); a.status != http.StatusCreated {
		t.Errorf("%d %s", a.status, a.body)
	}
	// Many at once store it once.
	body["client_id"] = newID()
	var group sync.WaitGroup
	var mu sync.Mutex
	created := 0
	for range 8 {
		group.Go(func() {
			a := w.ask("POST", "/chat/acme.web/messages", s.Token, body)
			mu.Lock()
			defer mu.Unlock()
			if a.status == http.StatusCreated {
				created++
			}
		})
	}
	group.Wait()
	if got := len(w.page(s, "").Messages); created != 1 || got != 2 {
		t.Errorf("created %d, stored %d", created, got)
	}
}

func TestChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	w.say(s, "hi")
	offer := fromBot("What is it?")
	offer.Content.Choices = []engine.Choice{{ID: "order", Label: "An order"}, {ID: "other", Label: "Something else"}}
	w.reply(s, offer)
	a := w.ask("POST", "/chat/acme.web/messages", s.Token, map[string]any{"client_id": newID(), "choice": engine.Choice{ID: "other", Label: "Something else"}})
	got := read[posted](t, a, http.StatusCreated).Message.Content
	want := engine.Content{Text: "Something else", Picked: &engine.Choice{ID: "other", Label: "Something else"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tt := range map[string]struct {
		body   string
		status int
		field  string
	}{
		"no id":             {`{"text":"hi"}`, 400, "client_id"},
		"odd id":            {`{"client_id":"12345678/../","text":"hi"}`, 400, "client_id"},
		"empty":             {`{"client_id":"12345678","text":" \u0007 "}`, 400, "text"},
		"nothing to see":    {`{"client_id":"12345678","text":"\u200b\u2800\u3164\ufe0f\u00ad\ufeff"}`, 400, "text"},
		"an unseen label":   {`{"client_id":"12345678","choice":{"id":"a","label":"\u2060"}}`, 400, "choice.label"},
		"too long":          {`{"client_id":"12345678","text":"` + strings.Repeat("ä", 4001) + `"}`, 400, "text"},
		"text and choice":   {`{"client_id":"12345678","text":"a","choice":{"id":"a","label":"A"}}`, 400, "text"},
		"choice without id": {`{"client_id":"12345678","choice":{"label":"A"}}`, 400, "choice.id"},
		"choice of nothing": {`{"client_id":"12345678","choice":{"id":"a"}}`, 400, "choice.label"},
		"unknown field":     {`{"client_id":"12345678","text":"a","note":true}`, 400, ""},
		"wrong type":        {`{"client_id":"12345678","text":7}`, 400, "text"},
		"not JSON":          {`hello`, 400, ""},
		"empty body":        {``, 400, ""},
		"two values":        {`{"client_id":"12345678","text":"a"}{}`, 400, ""},
		"not UTF-8":         {"{\"client_id\":\"12345678\",\"text\":\"\xff\"}", 400, ""},
		"oversize":          {`{"client_id":"12345678","text":"` + strings.Repeat("a", maxBody) + `"}`, 413, ""},
	} {
		s := w.session()
		a := w.ask("POST", "/chat/acme.web/messages", s.Token, tt.body)
		if a.status != tt.status || tt.field != "" && !strings.Contains(string(a.body), `"field":"`+tt.field+`"`) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if p := w.page(s, ""); len(p.Messages) != 0 || p.Status.Open {
			t.Errorf("%s left %+v behind", name, p)
		}
	}
	s := w.session()
	if a := w.ask("POST", "/chat/acme.web/messages", s.Token, `{"client_id":"12345678","text":"`+strings.Repeat("ä", 4000)+`"}`); a.status != 201 {
		t.Errorf("the longest text: %d %s", a.status, a.body)
	}
}

func TestVisitorsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pat, sam := w.session(), w.session()
	w.say(pat, "my secret")
	m := w.reply(pat, fromBot("kept"))
	if p := w.page(sam, ""); len(p.Messages) != 0 || p.More || p.Status.Open {
		t.Errorf("a newcomer sees %+v", p)
	}
	w.say(sam, "hello")
	if diff := cmp.Diff([]string{"hello"}, texts(w.page(sam, ""))); diff != "" {
		t.Error(diff)
	}
	if a := w.ask("GET", "/chat/acme.web/messages?before="+m.ID, sam.Token, nil); a.status != http.StatusNotFound {
		t.Errorf("paging through somebody else's thread: %d %s", a.status, a.body)
	}
	_, frames := w.live(sam, "")
	batch := read[batchView](t, w.ask("GET", "/chat/acme.web/events", sam.Token, nil), 200)
	if len(frames) != 2 || len(batch.Frames) != 2 { // opened, hello
		t.Errorf("sam sees %v and %v", frames, batch.Frames)
	}
	// Receipts for what is not theirs change nothing.
	if a := w.ask("POST", "/chat/acme.web/receipts", sam.Token, map[string]any{"read": []string{m.ID}}); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if got := w.page(pat, "").Messages[1].State; got != engine.Queued {
		t.Errorf("state %s", got)
	}
}

func TestNotesStayInside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	w.say(s, "1")
	note := func(n int) {
		for i := range n {
			w.reply(s, engine.Message{Author: engine.AuthorAgent, AuthorID: "u1", Note: true, Content: text(fmt.Sprint("secret ", i))})
		}
	}
	note(5)
	for i := range 4 {
		w.reply(s, fromBot(fmt.Sprint(i+2)))
		note(3)
	}
	p := w.page(s, "?limit=2")
	if diff := cmp.Diff([]string{"4", "5"}, texts(p)); diff != "" || !p.More {
		t.Error(p.More, diff)
	}
	p = w.page(s, "?limit=2&before="+p.Messages[0].ID)
	if diff := cmp.Diff([]string{"2", "3"}, texts(p)); diff != "" || !p.More {
		t.Error(p.More, diff)
	}
	p = w.page(s, "?limit=2&before="+p.Messages[0].ID)
	if diff := cmp.Diff([]string{"1"}, texts(p)); diff != "" || p.More {
		t.Error(p.More, diff)
	}
	if a := w.ask("GET", "/chat/acme.web/events", s.Token, nil); strings.Contains(string(a.body), "secret") {
		t.Errorf("%s", a.body)
	}
	c, frames := w.live(s, "")
	for _, f := range frames {
		if strings.Contains(f.String(), "secret") {
			t.Errorf("replayed %s", f)
		}
	}
	note(1)
	w.reply(s, fromBot("6"))
	c.expect("message 6")
	for _, limit := range []string{"0", "101", "x"} {
		if a := w.ask("GET", "/chat/acme.web/messages?limit="+limit, s.Token, nil); a.status != 400 {
			t.Errorf("limit %s: %d", limit, a.status)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx engine.Tx) error {
		return tx.Users().Save(engine.User{ID: "u1", Brand: "acme", Email: "ana@acme.example", Name: "Ana", Role: engine.RoleAgent})
	})
	s := w.session()
	check := func(want statusView) {
		t.Helper()
		if diff := cmp.Diff(want, w.page(s, "").Status); diff != "" {
			t.Error(diff)
		}
	}
	check(statusView{Owner: engine.OwnerNone})
	w.say(s, "hi")
	check(statusView{Open: true, Owner: engine.OwnerBot})
	c, _ := w.live(s, w.page(s, "").Cursor)
	w.own(s, engine.EventOwner, func(tx engine.Tx, conv *engine.Conversation) error {
		conv.Owner, conv.Skill = engine.OwnerQueue, "care"
		return tx.Queue().Put(engine.QueueEntry{Conversation: conv.ID, Brand: "acme", Skill: "care", Priority: 1, EnteredAt: w.now()})
	})
	c.expect("status true queue  1")
	check(statusView{Open: true, Owner: engine.OwnerQueue, Position: 1})
	w.own(s, engine.EventOwner, func(tx engine.Tx, conv *engine.Conversation) error {
		conv.Owner, conv.Agent = engine.OwnerAgent, "u1"
		return tx.Queue().Remove(conv.ID)
	})
	c.expect("status true agent Ana 0")
	check(statusView{Open: true, Owner: engine.OwnerAgent, AgentName: "Ana"})
	w.own(s, engine.EventClosed, func(_ engine.Tx, conv *engine.Conversation) error {
		conv.State, conv.Owner, conv.ClosedAt = engine.Closed, engine.OwnerNone, w.now()
		return nil
	})
	c.expect("status false none  0")
	check(statusView{Owner: engine.OwnerNone})
	w.say(s, "again")
	c.expect("status true bot  0", "message again")
}

// A place in the queue gets better without an event of this visitor's.
func TestPlaceInQueue(t *testing.T) {
	t.Parallel()
	p := patient()
	p.ping = 20 * time.Millisecond
	w := newWorldAt(t, p)
	queue := func(s sessionView) {
		w.own(s, engine.EventOwner, func(tx engine.Tx, conv *engine.Conversation) error {
			conv.Owner, conv.Skill = engine.OwnerQueue, "care"
			return tx.Queue().Put(engine.QueueEntry{Conversation: conv.ID, Brand: "acme", Skill: "care", Priority: 1, EnteredAt: w.now()})
		})
	}
	pat, sam := w.session(), w.session()
	w.say(pat, "first")
	queue(pat)
	w.say(sam, "second")
	queue(sam)
	c, _ := w.live(sam, "")
	w.own(pat, engine.EventOwner, func(tx engine.Tx, conv *engine.Conversation) error {
		conv.Owner, conv.Agent = engine.OwnerAgent, "u1"
		return tx.Queue().Remove(conv.ID)
	})
	c.expect("status true queue  1")
	// So it is for a page that was loaded while waiting.
	again, _ := w.live(sam, w.page(sam, "").Cursor)
	again.expect("status true queue  1")
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	own := w.say(s, "hi")
	a, b := w.reply(s, fromBot("a")), w.reply(s, fromBot("b"))
	note := w.reply(s, engine.Message{Author: engine.AuthorAgent, Note: true, Content: text("n")})
	c, _ := w.live(s, w.page(s, "").Cursor)
	report := func(delivered, read []string) {
		t.Helper()
		if got := w.ask("POST", "/chat/acme.web/receipts", s.Token, map[string]any{"delivered": delivered, "read": read}); got.status != 204 {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	report([]string{a.ID, b.ID, own.ID, note.ID, "unknown"}, []string{a.ID})
	c.expect("state "+a.ID+" delivered", "state "+a.ID+" read", "state "+b.ID+" delivered")
	report([]string{a.ID}, []string{own.ID, note.ID}) // backwards, and not theirs to report
	c.send(map[string]any{"type": "receipt", "read": []string{b.ID}})
	c.expect("state " + b.ID + " read")
	var states []engine.DeliveryState
	for _, m := range w.page(s, "").Messages {
		states = append(states, m.State)
	}
	if diff := cmp.Diff([]engine.DeliveryState{engine.Received, engine.Read, engine.Read}, states); diff != "" {
		t.Error(diff)
	}
	if got := w.ask("POST", "/chat/acme.web/receipts", s.Token, map[string]any{"read": make([]string, 51)}); got.status != 400 {
		t.Errorf("51 ids: %d", got.status)
	}
}

func TestReadByAgent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	m := w.say(s, "hi")
	c, _ := w.live(s, w.page(s, "").Cursor)
	w.change(s, func(tx engine.Tx, conv *conversation.Change) error {
		if err := tx.Messages().SetState("acme", m.ID, engine.Read, ""); err != nil {
			return err
		}
		return conv.Log(engine.EventConsumerRead, "agent:u1", engine.StatusData{Message: m.ID, State: engine.Read})
	})
	c.expect("state " + m.ID + " read")
}

func TestTyping(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	heard := make(chan engine.Signal, 10)
	defer w.bus.Subscribe(engine.TopicPass, func(sig engine.Signal) { heard <- sig })()
	if a := w.ask("POST", "/chat/acme.web/typing", s.Token, `{"on":true}`); a.status != 204 {
		t.Errorf("before the first message: %d %s", a.status, a.body)
	}
	w.say(s, "hi")
	var conv engine.Conversation
	if err := w.store.View(context.Background(), func(tx engine.Tx) (err error) {
		conv, err = tx.Conversations().OpenByAddress("acme.web", s.Visitor)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	ref := engine.ConversationRef{Brand: "acme", ID: conv.ID}
	w.ask("POST", "/chat/acme.web/typing", s.Token, `{"on":true}`)
	c, _ := w.live(s, w.page(s, "").Cursor)
	c.send(map[string]any{"type": "typing", "on": false})
	for _, on := range []bool{true, false} {
		want := engine.Typing(ref, engine.AuthorConsumer, "", "", on)
		if diff := cmp.Diff(want, <-heard); diff != "" {
			t.Error(diff)
		}
	}
	w.bus.Publish(engine.Typing(ref, engine.AuthorAgent, "u1", "Ana", true))
	w.bus.Publish(engine.Typing(ref, engine.AuthorConsumer, "", "", true))
	w.bus.Publish(engine.Typing(ref, engine.AuthorBot, "", "Ava", false))
	c.expect("typing agent Ana true", "typing bot Ava false")
}
