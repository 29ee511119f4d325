package rest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/routing"
	"parley/gateway/api"
	"parley/gateway/problem"
)

type detail struct {
	Conversation api.Conversation
	Consumer     api.Consumer
	Handoff      *api.Handoff
	History      []api.Conversation
	Why          *engine.MatchReasons
	Cursor       string
}

// TestAConversationFromQueueToClose plays an agent's day with routing at work.
func TestAConversationFromQueueToClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx engine.Tx) error {
		skills, err := tx.Brands().Skills("acme")
		if err != nil {
			return err
		}
		for i := range skills {
			skills[i].AcceptSeconds = 30
		}
		return tx.Brands().SaveSkills("acme", skills)
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- routing.New(routing.Config{Store: w.store, Bus: w.bus, Clock: w.clock, Catalog: catalog.New(w.store, w.bus, w.clock, time.Second), Writer: w.writer, Log: quiet()}).Run(ctx)
	}()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	ana := w.as("acme-ana")
	for _, user := range []string{"acme-sue", "acme-bo"} { // only Ana is there
		must[any](t, w.as(user).send("PUT", "/presence", fields{"presence": "away"}), 200)
	}
	socket := ana.live(w.end())
	w.open("acme", "c1", "Where is my bike?")
	w.queue("acme", "c1", "care")
	w.bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: "acme", Key: "acme"})
	socket.until(func(f liveFrame) bool { return f.Kind == "offered" })

	conv := must[api.Conversation](t, ana.send("POST", "/conversations/c1/accept", nil), 200)
	if conv.Owner != "agent" || conv.Agent == nil || conv.Agent.Name != "Ana" || conv.Rev != w.rev("c1") || conv.Offer != nil {
		t.Errorf("accepted: got %+v", conv)
	}
	d := must[detail](t, ana.send("GET", "/conversations/c1", nil), 200)
	if d.Handoff == nil || d.Handoff.Reason != "asked for a person" || d.Handoff.Facts[0].Value != "12345" || !d.Handoff.Tried[0].Ok ||
		d.Why == nil || d.Why.Chosen.Agent != "acme-ana" || d.Consumer.Name != "Maya c1" || len(d.Consumer.Identities) != 1 || d.Consumer.OptedOut {
		t.Errorf("got %+v", d)
	}
	m := must[api.Message](t, ana.send("POST", "/conversations/c1/messages", fields{"client_id": "client-1", "text": "I look.", "after": d.Cursor}), 201)
	if m.Author != "agent" || m.State != "queued" || m.Content.Text != "I look." || m.ClientId == nil || m.Note {
		t.Errorf("got %+v", m)
	}
	note := must[api.Message](t, ana.send("POST", "/conversations/c1/notes", fields{"client_id": "client-2", "text": "odd"}), 201)
	if !note.Note || note.State != "received" {
		t.Errorf("got %+v", note)
	}
	must[any](t, ana.send("PUT", "/presence", fields{"presence": "back_soon"}), 200)
	conv = must[api.Conversation](t, ana.send("POST", "/conversations/c1/transfer", fields{"rev": w.rev("c1"), "agent": "acme-bo", "note": "yours"}), 200)
	if conv.Owner != "queue" || conv.QueuedAt == nil {
		t.Errorf("transferred: got %+v", conv)
	}
	bo := w.as("acme-bo")
	conv = must[api.Conversation](t, w.as("acme-sue").send("POST", "/conversations/c1/take", fields{"rev": conv.Rev}), 200)
	refused(t, bo.send("POST", "/conversations/c1/close", fields{"rev": conv.Rev, "outcome": "solved"}), 403, engine.Forbidden, "")
	if d = must[detail](t, bo.send("GET", "/conversations/c1", nil), 200); d.Why != nil {
		t.Errorf("nobody chose who took it, but %+v", d.Why)
	}
	conv = must[api.Conversation](t, w.as("acme-sue").send("POST", "/conversations/c1/close", fields{"rev": conv.Rev, "outcome": "solved", "summary": "found"}), 200)
	if conv.State != "closed" || conv.Outcome == nil || *conv.Outcome != "solved" || conv.Summary == nil || conv.ClosedAt == nil || conv.Agent != nil {
		t.Errorf("closed: got %+v", conv)
	}
	socket.until(func(f liveFrame) bool { return f.Kind == "closed" })
}

func TestAReplyThatMissedSomething(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mine("acme", "c1", "acme-ana")
	ana, seen := w.as("acme-ana"), w.end()
	reply := func(who *someone, client, after string) answer {
		return who.send("POST", "/conversations/c1/messages", fields{"client_id": client, "text": "hi", "after": after})
	}
	w.says("acme", "c1", "hello?") // what the consumer adds is no reason to refuse
	first := must[api.Message](t, reply(ana, "client-1", seen), 201)
	if again := must[api.Message](t, reply(ana, "client-1", seen), 201); again.Id != first.Id {
		t.Errorf("sent twice: %s and %s", first.Id, again.Id)
	}
	must[api.Conversation](t, w.as("acme-sue").send("POST", "/conversations/c1/take", fields{"rev": w.rev("c1")}), 200)
	a := reply(ana, "client-2", seen)
	refused(t, a, 409, engine.Conflict, "")
	b := must[struct {
		Message string
		Events  []api.Event
	}](t, a, 409)
	if len(b.Events) != 1 || b.Events[0].Kind != "owner" || b.Events[0].Change == nil || *b.Events[0].Change.AgentName != "Sue" {
		t.Errorf("got %s", a.raw)
	}
	// Known messages are answered, whoever has the conversation now.
	if again := must[api.Message](t, reply(ana, "client-1", seen), 201); again.Id != first.Id {
		t.Errorf("got %s", again.Id)
	}
	a = w.as("acme-sue").send("POST", "/conversations/c1/close", fields{"rev": w.rev("c1") - 1, "outcome": "solved"})
	refused(t, a, 409, engine.Conflict, "")
	if b := must[problem.Body](t, a, 409); b.Events == nil {
		t.Errorf("got %s", a.raw)
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		w := newWorld(t, func(s *setup) { s.secure = secure })
		nobody := w.nobody()
		a := nobody.send("POST", "/session", fields{"email": "acme-ana@x.example", "password": password})
		s := must[api.Session](t, a, 200)
		if s.User.Name != "Ana" || s.User.Email == nil || s.Brand.Id != "acme" || s.Build != "b1" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("got %+v", s)
		}
		c := a.Cookies()[0]
		name := "parley_session"
		if secure {
			name = "__Host-parley_session"
		}
		if c.Name != name || c.Secure != secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
			t.Errorf("got %+v", c)
		}
		ana := &someone{w: w, cookie: c, header: http.Header{}}
		must[api.Session](t, ana.send("GET", "/session", nil), 200)
		out := ana.send("DELETE", "/session", nil)
		must[any](t, out, 204)
		if c := out.Cookies()[0]; c.Name != name || c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("got %+v", c)
		}
		refused(t, ana.send("GET", "/session", nil), 401, engine.Unauthenticated, "")
		if strings.Contains(w.log.String(), password) {
			t.Error("the password is in the log")
		}
	}
}

func TestGuessingIsThrottled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	guess := func(password string) answer {
		return w.nobody().send("POST", "/session", fields{"email": "acme-ana@x.example", "password": password})
	}
	for range 5 {
		refused(t, guess("wrong"), 401, engine.Unauthenticated, "")
	}
	refused(t, guess(password), 429, engine.RateLimited, "")
	w.advance(16 * time.Minute)
	must[api.Session](t, guess(password), 200)
}

func TestOtherSitesMayNotAct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mine("acme", "c1", "acme-ana")
	presence := func(who *someone, h http.Header) answer {
		who.header = h
		return who.send("PUT", "/presence", fields{"presence": "online"})
	}
	ana, bot := w.as("acme-ana"), w.bearing("acme", engine.RoleAdmin)
	for name, h := range map[string]http.Header{
		"by fetch metadata": {"Sec-Fetch-Site": {"cross-site"}}, "of a sister": {"Sec-Fetch-Site": {"same-site"}},
		"by origin": {"Origin": {"https://evil.example"}}, "null": {"Origin": {"null"}},
	} {
		t.Log(name)
		refused(t, presence(ana, h), 403, engine.Forbidden, "")
		in := w.nobody()
		in.header = h
		refused(t, in.send("POST", "/session", fields{"email": "acme-ana@x.example", "password": password}), 403, engine.Forbidden, "")
	}
	for _, h := range []http.Header{{"Sec-Fetch-Site": {"same-origin"}}, {"Origin": {w.url}}, {}} {
		must[api.Session](t, presence(ana, h), 200)
	}
	// A bearer is nothing that a browser sends by itself; a made-up one does not open the cookie's door.
	ana.header = http.Header{"Sec-Fetch-Site": {"cross-site"}, "Authorization": {"Bearer x"}}
	refused(t, ana.send("PUT", "/presence", fields{"presence": "online"}), 401, engine.Unauthenticated, "")
	bot.header = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	must[any](t, bot.send("GET", "/conversations?view=all", nil), 200)
	if b := refused(t, bot.send("PUT", "/presence", fields{"presence": "online"}), 403, engine.Forbidden, ""); !strings.Contains(b.Message, "token") {
		t.Errorf("got %q", b.Message)
	}
}

func TestTokenLifecycle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := w.as("acme-ada")
	type made struct {
		Token  api.Token
		Secret string
	}
	refused(t, ada.send("POST", "/tokens", fields{"name": " ", "role": "agent"}), 400, engine.Invalid, "name")
	refused(t, ada.send("POST", "/tokens", fields{"name": "x", "role": "agent", "expires_at": w.clock().UnixMilli()}), 400, engine.Invalid, "expires_at")
	first := must[made](t, ada.send("POST", "/tokens", fields{"name": "first", "role": "agent"}), 201)
	w.advance(time.Second)
	second := must[made](t, ada.send("POST", "/tokens", fields{"name": "second", "role": "supervisor", "expires_at": w.clock().Add(time.Hour).UnixMilli()}), 201)
	a := ada.send("GET", "/tokens", nil)
	l := must[struct{ Tokens []api.Token }](t, a, 200)
	if len(l.Tokens) != 2 || l.Tokens[0].Id != second.Token.Id || l.Tokens[0].ExpiresAt == nil || l.Tokens[1].Name != "first" || l.Tokens[1].ExpiresAt != nil {
		t.Errorf("got %+v", l)
	}
	for _, secret := range []string{first.Secret, strings.SplitN(first.Secret, ".", 2)[1]} {
		if strings.Contains(string(a.raw), secret) || strings.Contains(w.log.String(), secret) {
			t.Error("the secret is told again")
		}
	}
	bot := func(m made) *someone { return &someone{w: w, bearer: m.Secret, header: http.Header{}} }
	if s := must[api.Session](t, bot(second).send("GET", "/session", nil), 200); s.User.Role != "supervisor" || s.User.Id != "token:"+second.Token.Id || s.User.Seen {
		t.Errorf("got %+v", s.User)
	}
	must[any](t, ada.send("DELETE", "/tokens/"+first.Token.Id, nil), 204)
	refused(t, ada.send("DELETE", "/tokens/"+first.Token.Id, nil), 404, engine.NotFound, "")
	refused(t, bot(first).send("GET", "/session", nil), 401, engine.Unauthenticated, "")
	w.advance(2 * time.Hour)
	refused(t, bot(second).send("GET", "/session", nil), 401, engine.Unauthenticated, "")
}
