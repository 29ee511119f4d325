package webchat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"go.uber.org/goleak"

	connector "parley/connectors/webchat"
	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/log"
	"parley/engine/receive"
	"parley/gateway/problem"
	"parley/storage/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const listed = "https://shop.acme.example"

// world is a server over a real store and real HTTP, with a clock that a test moves.
type world struct {
	t      *testing.T
	store  engine.Store
	bus    *bus.Bus
	server *Server
	http   *httptest.Server
	writer conversation.Writer
	ahead  atomic.Int64 // of the real clock, ns
	frozen atomic.Int64 // ns, 0 when the clock runs
	stop   func()
}

func (w *world) now() time.Time {
	if at := w.frozen.Load(); at != 0 {
		return time.Unix(0, at).Add(time.Duration(w.ahead.Load()))
	}
	return time.Now().Add(time.Duration(w.ahead.Load()))
}

func (w *world) freeze()               { w.frozen.Store(time.Now().UnixNano()) }
func (w *world) pass(by time.Duration) { w.ahead.Add(int64(by)) }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// deadline is far beyond what anything here takes, whatever else the machine
// does; it only ends a broken test.
const deadline = 2 * time.Minute

// patient is the pace of a server that no busy machine is too slow for.
func patient() pace {
	p := usualPace()
	p.hello, p.write = deadline, deadline
	return p
}

func newWorld(t *testing.T) *world { return newWorldAt(t, patient()) }

func newWorldAt(t *testing.T, p pace) *world {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: store, bus: bus.New()}
	store.Notify(w.bus.Publish)
	w.writer = conversation.Writer{NewID: newID, Render: func(_ engine.Channel, c engine.Content, _ string) []engine.Content { return []engine.Content{c} }}
	logger := slog.New(slog.DiscardHandler)
	cat := catalog.New(store, w.bus, w.now, time.Second)
	hub := log.New(log.Config{Store: store, Bus: w.bus, Log: logger})
	w.server = New(Deps{
		Store: store, Bus: w.bus, Clock: w.now, NewID: newID, Hub: hub, Catalog: cat, PublicURL: "https://chat.acme.example",
		Key: []byte("0123456789abcdef0123456789abcdef"), Log: logger,
		Receiver: &receive.Receiver{
			Store: store, Clock: w.now, NewID: newID, Catalog: cat, Writer: w.writer, Log: logger,
			Connectors: map[engine.ChannelKind]engine.Connector{connector.Kind: connector.New()},
		},
	})
	w.server.pace = p
	w.update(func(tx engine.Tx) error {
		for _, b := range []engine.Brand{
			{ID: "acme", Name: "Acme <Bikes>", Settings: engine.BrandSettings{Languages: []string{"en", "de"}, Color: "#0f766e", BotName: "Ava"}},
			{ID: "other", Name: "Other"},
		} {
			if err := tx.Brands().Save(b); err != nil {
				return err
			}
		}
		web := func(brand, name string) engine.Channel {
			return engine.Channel{Brand: brand, ID: brand + "." + name, Kind: connector.Kind, Config: map[string]string{"allowed_origins": listed + ", https://b.example"}}
		}
		if err := tx.Brands().SaveChannels("acme", []engine.Channel{
			web("acme", "web"), web("acme", "second"), {Brand: "acme", ID: "acme.sms", Kind: "twilio", Address: "+15550100"},
		}); err != nil {
			return err
		}
		return tx.Brands().SaveChannels("other", []engine.Channel{web("other", "web")})
	})
	e := echo.New()
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = problem.Handler(logger, nil)
	w.server.Register(e)
	w.http = httptest.NewServer(e)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		w.server.Close()
		w.http.Client().CloseIdleConnections()
		w.http.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(w.stop)
	return w
}

func (w *world) update(fn func(engine.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
	w.bus.Publish(engine.Signal{Topic: engine.TopicEvents})
}

// answer is what a request came back with.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) code() string {
	var p problem.Body
	_ = json.Unmarshal(a.body, &p) // no problem has no code
	return string(p.Code)
}

func read[T any](t *testing.T, a answer, status int) (out T) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return out
}

// ask sends a request; body may be nil, a string as it is, or anything as JSON.
func (w *world) ask(method, path, token string, body any, header ...string) answer {
	w.t.Helper()
	var raw io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		raw = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		raw = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+path, raw)
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := w.http.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, data}
}

func (w *world) session() sessionView {
	w.t.Helper()
	return read[sessionView](w.t, w.ask("POST", "/chat/acme.web/session", "", "{}"), http.StatusOK)
}

type posted struct{ Message messageView }

func (w *world) say(s sessionView, text string) messageView {
	w.t.Helper()
	a := w.ask("POST", "/chat/acme.web/messages", s.Token, map[string]any{"client_id": newID(), "text": text})
	return read[posted](w.t, a, http.StatusCreated).Message
}

func (w *world) page(s sessionView, query string) pageView {
	w.t.Helper()
	return read[pageView](w.t, w.ask("GET", "/chat/acme.web/messages"+query, s.Token, nil), http.StatusOK)
}

// reply writes to the visitor's open conversation from inside.
func (w *world) reply(s sessionView, m engine.Message) (out engine.Message) {
	w.t.Helper()
	w.change(s, func(_ engine.Tx, conv *conversation.Change) (err error) {
		if m.Note {
			out, err = conv.Note(m)
		} else {
			out, err = conv.Say(m)
		}
		return err
	})
	return out
}

// change changes the visitor's open conversation.
func (w *world) change(s sessionView, fn func(engine.Tx, *conversation.Change) error) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		open, err := tx.Conversations().OpenByAddress("acme.web", s.Visitor)
		if err != nil {
			return err
		}
		conv := w.writer.Change(tx, w.now(), open)
		if err := fn(tx, conv); err != nil {
			return err
		}
		return conv.Save()
	})
}

// own gives the visitor's conversation to an owner and logs it.
func (w *world) own(s sessionView, kind engine.EventKind, set func(engine.Tx, *engine.Conversation) error) {
	w.t.Helper()
	w.change(s, func(tx engine.Tx, conv *conversation.Change) error {
		if err := set(tx, &conv.Conversation); err != nil {
			return err
		}
		return conv.Log(kind, "system", engine.ConversationData{State: conv.State, Owner: conv.Owner, Agent: conv.Agent, Skill: conv.Skill, Rev: conv.Rev + 1})
	})
}

func text(s string) engine.Content { return engine.Content{Text: s} }

func fromBot(s string) engine.Message {
	return engine.Message{Author: engine.AuthorBot, AuthorID: "concierge", AuthorName: "Ava", Content: text(s)}
}

// frameIn is any frame of the server.
type frameIn struct {
	Type    string
	Cursor  string
	Message json.RawMessage
	State   string
	Status  *statusView
	Author  string
	Name    string
	On      bool
}

// text is the message's text, or its id in a state frame.
func (f frameIn) text() string {
	var m messageView
	if json.Unmarshal(f.Message, &m) == nil && m.ID != "" {
		return m.Content.Text
	}
	var id string
	_ = json.Unmarshal(f.Message, &id) // neither: ""
	return id
}

func (f frameIn) String() string {
	s := f.Type
	switch f.Type {
	case "message":
		s += " " + f.text()
	case "state":
		s += " " + f.text() + " " + f.State
	case "status":
		s += fmt.Sprintf(" %t %s %s %d", f.Status.Open, f.Status.Owner, f.Status.AgentName, f.Status.Position)
	case "typing":
		s += fmt.Sprintf(" %s %s %t", f.Author, f.Name, f.On)
	}
	return s
}

// client is a visitor's socket.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func (w *world) dial() *client {
	w.t.Helper()
	conn, _, err := websocket.Dial(w.t.Context(), w.http.URL+"/chat/acme.web/live", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{w.t, conn}
}

// join opens a socket and says hello.
func (w *world) join(s sessionView, after string) *client {
	w.t.Helper()
	c := w.dial()
	c.send(map[string]any{"type": "hello", "token": s.Token, "after": after})
	return c
}

// live opens a socket and reads until it is live.
func (w *world) live(s sessionView, after string) (*client, []frameIn) {
	w.t.Helper()
	c := w.join(s, after)
	var replayed []frameIn
	for {
		f := c.next()
		if f.Type == "live" {
			return c, replayed
		}
		replayed = append(replayed, f)
	}
}

func (c *client) send(frame any) {
	c.t.Helper()
	data, err := json.Marshal(frame)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, data); err != nil {
		c.t.Fatal(err)
	}
}

// next is the next frame that is no beat: those come when they like.
func (c *client) next() frameIn {
	c.t.Helper()
	for {
		f, err := c.read()
		if err != nil {
			c.t.Fatal(err)
		}
		if f.Type != "beat" {
			return f
		}
	}
}

func (c *client) read() (f frameIn, err error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), deadline)
	defer cancel()
	_, data, err := c.conn.Read(ctx)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("%w: %s", err, data)
	}
	return f, nil
}

func (c *client) expect(want ...string) (got []frameIn) {
	c.t.Helper()
	for _, s := range want {
		f := c.next()
		if f.String() != s {
			c.t.Fatalf("got %q, want %q", f, s)
		}
		got = append(got, f)
	}
	return got
}

// closed reads until the socket ends and gives its close code.
func (c *client) closed() websocket.StatusCode {
	c.t.Helper()
	_, code := c.toTheEnd()
	return code
}

// toTheEnd reads until the socket ends: whether it was live, and its close code.
func (c *client) toTheEnd() (live bool, code websocket.StatusCode) {
	c.t.Helper()
	for {
		f, err := c.read()
		if err != nil {
			return live, websocket.CloseStatus(err)
		}
		live = live || f.Type == "live"
	}
}
