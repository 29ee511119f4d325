package rest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"go.uber.org/goleak"

	"parley/connectors"
	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/desk"
	"parley/engine/dialog"
	"parley/engine/erasure"
	"parley/engine/listen"
	"parley/engine/log"
	"parley/engine/receive"
	"parley/engine/versions"
	"parley/gateway/problem"
	"parley/gateway/rest"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
	"parley/storage/sqlite"
	"parley/storage/sqlite/sqlitetest"
)

// TestMain also hashes the one password of all users, which takes a while.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(os.Exit))
}

const password = "correct horse battery"

var passwordHash = sync.OnceValues(func() (string, error) { return signin.Hash(password) })

// world is a gateway's API around a real store, on a real port, with two brands.
type world struct {
	t        *testing.T
	store    *countingStore
	index    *sqlite.Index
	bus      *bus.Bus
	desk     *desk.Desk
	writer   conversation.Writer
	signin   *signin.Service
	rest     *rest.Server
	shelf    *versions.Versions
	hearing  *listen.Listener
	receiver *receive.Receiver
	turns    *dialog.Worker
	echo     *echo.Echo
	url      string
	log      *syncBuffer

	mu    sync.Mutex
	now   time.Time
	first *world // whose time it is; nil for its own
	db    *sqlite.DB
}

type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

type option func(*setup)

type setup struct {
	secure  bool
	origins []string
	adjust  func(*rest.Server)
}

func newWorld(t *testing.T, opts ...option) *world {
	t.Helper()
	// What ends at once must not wait for the next look, and no busy machine is too slow.
	set := setup{adjust: func(r *rest.Server) { r.Hurry(deadline, time.Hour, 0, 0, deadline, deadline) }}
	for _, o := range opts {
		o(&set)
	}
	db := sqlitetest.Open(t)
	index, err := sqlite.OpenIndex(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, db: db, store: &countingStore{Store: db}, index: index, bus: bus.New(), now: time.UnixMilli(1_790_000_000_000), log: &syncBuffer{}}
	db.Notify(w.bus.Publish)
	w.seed()
	w.serve(set)
	return w
}

// beside is another process on the same store, that no bus joins with the first.
func (w *world) beside(opts ...option) *world {
	w.t.Helper()
	set := setup{adjust: func(r *rest.Server) { r.Hurry(deadline, time.Hour, 0, 0, deadline, deadline) }}
	for _, o := range opts {
		o(&set)
	}
	other := &world{t: w.t, db: w.db, store: w.store, index: w.index, bus: bus.New(), log: w.log, first: w}
	other.serve(set)
	return other
}

// serve starts what a process has.
func (w *world) serve(set setup) {
	t := w.t
	t.Helper()
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	cat := catalog.New(w.store, w.bus, w.clock, time.Second)
	w.writer = conversation.Writer{NewID: newID, Render: func(_ engine.Channel, c engine.Content, _ string) []engine.Content { return []engine.Content{c} }}
	w.desk = &desk.Desk{Store: w.store, Clock: w.clock, Catalog: cat, Writer: w.writer}
	hub := log.New(log.Config{Store: w.store, Bus: w.bus, Log: logger})
	w.hearing = listen.New(listen.Config{Store: w.store, Clock: w.clock, Log: logger})
	w.signin = signin.New(signin.Deps{Store: w.store, Clock: w.clock, NewID: newID, Secure: set.secure})
	w.rest = rest.New(rest.Deps{
		Store: w.store, Bus: w.bus, Clock: w.clock, NewID: newID, Desk: w.desk, Hub: hub, Catalog: cat,
		Signin: w.signin, Build: "b1", Log: logger, Origins: set.origins, Versions: w.versions(cat), Tones: w.hearing, Admit: admit, Search: settled{w.index},
		Eraser: erasure.Eraser{Store: w.store, Clock: w.clock, Index: w.index, Scrub: w.db.Scrub},
		Kinds:  connectors.Kinds(),
		Look: func(_ context.Context, ch engine.Channel) ([]engine.Finding, string) {
			return []engine.Finding{{What: "Settings", Problem: ch.ID + " lacks one."}}, "https://chat.example/hooks/" + ch.ID
		},
		Draft: func(channel, version string) (string, time.Time, error) {
			return "https://chat.example/" + channel + "?draft=" + version, w.clock().Add(time.Hour), nil
		},
	})
	set.adjust(w.rest)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := hub.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	w.echo = echo.New()
	w.echo.IPExtractor = echo.ExtractIPDirect()
	w.echo.HTTPErrorHandler = problem.Handler(logger, draw.ConflictEvents)
	w.echo.Use(middleware.RequestID())
	w.rest.Register(w.echo)
	srv := httptest.NewServer(w.echo)
	w.url = srv.URL
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(w.log.String())
		}
		w.rest.Close()
		srv.Close()
		stop()
		running.Wait()
	})
}

// countingStore counts transactions that write, and looks at consumers.
type countingStore struct {
	engine.Store
	mu      sync.Mutex
	updates int
	looks   int
}

type countingTx struct {
	engine.Tx
	s *countingStore
}

func (x countingTx) Consumers() engine.Consumers {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.looks++
	return x.Tx.Consumers()
}

func (s *countingStore) View(ctx context.Context, fn func(engine.Tx) error) error {
	return s.Store.View(ctx, func(tx engine.Tx) error { return fn(countingTx{tx, s}) })
}

func (s *countingStore) looked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks
}

func (s *countingStore) Update(ctx context.Context, fn func(engine.Tx) error) error {
	s.mu.Lock()
	s.updates++
	s.mu.Unlock()
	return s.Store.Update(ctx, fn)
}

func (s *countingStore) written() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.updates
}

// seed makes two brands with an agent, a supervisor and an admin each.
func (w *world) seed() {
	w.t.Helper()
	hash, err := passwordHash()
	if err != nil {
		w.t.Fatal(err)
	}
	w.update(func(tx engine.Tx) error {
		for _, brand := range []string{"acme", "other"} {
			b := engine.Brand{ID: brand, Name: strings.ToUpper(brand), Settings: engine.BrandSettings{DefaultSkill: "care", TimeZone: "UTC", Languages: []string{"en"}}}
			if err := tx.Brands().Save(b); err != nil {
				return err
			}
			err := tx.Brands().SaveSkills(brand, []engine.Skill{
				{Brand: brand, ID: "care", Name: "Care", Priority: 5, Outcomes: []string{"solved"}},
				{Brand: brand, ID: "sales", Name: "Sales", Priority: 3},
			})
			if err != nil {
				return err
			}
			if err := tx.Brands().SaveChannels(brand, []engine.Channel{{Brand: brand, ID: brand + ".web", Kind: "webchat", Name: "web", Bot: "concierge"}}); err != nil {
				return err
			}
			for _, u := range []engine.User{
				{ID: brand + "-ana", Name: "Ana", Role: engine.RoleAgent, Skills: []string{"care"}},
				{ID: brand + "-bo", Name: "Bo", Role: engine.RoleAgent, Skills: []string{"sales"}},
				{ID: brand + "-sue", Name: "Sue", Role: engine.RoleSupervisor, Skills: []string{"care", "sales"}},
				{ID: brand + "-ada", Name: "Ada", Role: engine.RoleAdmin},
			} {
				u.Brand, u.Email, u.PasswordHash = brand, u.ID+"@x.example", hash
				u.Slots, u.Presence, u.SeenAt, u.CreatedAt = 5, engine.Online, w.now, w.now
				if err := tx.Users().Save(u); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (w *world) clock() time.Time {
	if w.first != nil {
		return w.first.clock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) update(fn func(engine.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
	w.bus.Publish(engine.Signal{Topic: engine.TopicEvents})
}

func (w *world) view(fn func(engine.Tx) error) {
	w.t.Helper()
	if err := w.store.View(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// open makes a conversation that its consumer has opened with one message to the bot.
func (w *world) open(brand, id, text string) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		now := w.clock()
		consumer := "p-" + id
		err := tx.Consumers().Add(engine.Consumer{ID: consumer, Brand: brand, Name: "Maya " + id, CreatedAt: now},
			engine.Identity{Brand: brand, Kind: "webchat", Address: "v-" + id, Consumer: consumer})
		if err != nil {
			return err
		}
		return w.converse(tx, brand, id, consumer, text)
	})
}

func (w *world) converse(tx engine.Tx, brand, id, consumer, text string) error {
	entry, err := catalog.Read(tx, brand)
	if err != nil {
		return err
	}
	named := w.writer
	named.NewID = func() string { // the conversation's is first
		next := id
		id = uuid.Must(uuid.NewV7()).String()
		return next
	}
	conv, err := named.Open(tx, w.clock(), conversation.Opening{
		Entry: entry, Channel: engine.Channel{Brand: brand, ID: brand + ".web", Kind: "webchat"}, Consumer: engine.Consumer{ID: consumer}, Address: "v-" + id,
		Actor: "consumer",
	})
	if err != nil {
		return err
	}
	if _, err := conv.Hear(engine.Message{Content: engine.Content{Text: text}}); err != nil {
		return err
	}
	return conv.Save()
}

// queue hands a conversation over to a skill.
func (w *world) queue(brand, id, skill string) {
	w.t.Helper()
	w.change(brand, id, func(_ engine.Tx, conv *conversation.Change) error {
		return conv.HandOver(conversation.Entering{
			Actor: "bot:concierge", Silent: true,
			Handoff: engine.Handoff{
				From: "concierge", Skill: skill, Reason: "asked for a person", Summary: "A late bike",
				Facts: []engine.Fact{{Name: "order", Value: "12345"}}, Tried: []engine.Attempt{{What: "order status", OK: true}},
			},
		})
	})
}

// assign gives a conversation to an agent, as routing does.
func (w *world) assign(brand, id, agent string) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		conv, err := w.writer.Load(tx, w.clock(), brand, id)
		if err != nil {
			return err
		}
		u, err := tx.Users().Get(brand, agent)
		if err != nil {
			return err
		}
		if err := conv.Assign(u, &engine.MatchReasons{WaitedMS: 7, Chosen: engine.AgentScore{Agent: agent}}); err != nil {
			return err
		}
		return conv.Save()
	})
}

// offer reserves a waiting conversation for an agent, as routing does.
func (w *world) offer(brand, id, agent string) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		e, err := tx.Queue().Get(id)
		if err != nil {
			return err
		}
		e.OfferedTo, e.OfferExpires = agent, w.clock().Add(30*time.Second)
		if err := tx.Queue().Put(e); err != nil {
			return err
		}
		return conversation.Log(tx, w.clock(), engine.ConversationRef{Brand: brand, ID: id}, engine.EventOffered, "system",
			engine.OfferData{Agent: agent, Expires: e.OfferExpires.UnixMilli(), Why: &engine.MatchReasons{WaitedMS: 42, Chosen: engine.AgentScore{Agent: agent}}})
	})
}

func (w *world) change(brand, id string, fn func(engine.Tx, *conversation.Change) error) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		conv, err := w.writer.Load(tx, w.clock(), brand, id)
		if err != nil {
			return err
		}
		if err := fn(tx, conv); err != nil {
			return err
		}
		return conv.Save()
	})
}

// says adds a consumer's message.
func (w *world) says(brand, id, text string) {
	w.t.Helper()
	w.change(brand, id, func(_ engine.Tx, conv *conversation.Change) error {
		_, err := conv.Hear(engine.Message{Content: engine.Content{Text: text}})
		return err
	})
}

// mine makes a conversation that the agent has.
func (w *world) mine(brand, id, agent string) {
	w.t.Helper()
	w.open(brand, id, "Where is my bike?")
	w.queue(brand, id, "care")
	w.assign(brand, id, agent)
}

// someone is who sends requests: "" is nobody.
type someone struct {
	w      *world
	cookie *http.Cookie
	bearer string
	header http.Header
}

func (w *world) nobody() *someone { return &someone{w: w, header: http.Header{}} }

// as signs a user in without the hash's delay.
func (w *world) as(user string) *someone {
	w.t.Helper()
	brand, _, _ := strings.Cut(user, "-")
	token := uuid.NewString()
	w.update(func(tx engine.Tx) error {
		return tx.Logins().Add(engine.Login{
			TokenHash: hashed(token), User: user, Brand: brand, CreatedAt: w.clock(), UsedAt: w.clock(), ExpiresAt: w.clock().Add(7 * 24 * time.Hour),
		})
	})
	return &someone{w: w, cookie: &http.Cookie{Name: "parley_session", Value: token}, header: http.Header{}}
}

// bearing is the holder of an API token.
func (w *world) bearing(brand string, role engine.Role) *someone {
	w.t.Helper()
	_, secret := w.token(engine.Token{Brand: brand, Name: "reports", Role: role})
	return &someone{w: w, bearer: secret, header: http.Header{}}
}

// token keeps an API token.
func (w *world) token(t engine.Token) (id, secret string) {
	w.t.Helper()
	t.ID, t.CreatedBy, t.CreatedAt = w.signin.NewID(), t.Brand+"-ada", w.clock()
	w.update(func(tx engine.Tx) (err error) {
		t, secret, err = signin.AddToken(tx, t)
		return err
	})
	return t.ID, secret
}

func (s *someone) headers(h http.Header) {
	for k, v := range s.header {
		h[k] = v
	}
	if s.cookie != nil {
		h.Add("Cookie", s.cookie.Name+"="+s.cookie.Value)
	}
	if s.bearer != "" {
		h.Set("Authorization", "Bearer "+s.bearer)
	}
}

// answer is what came back.
type answer struct {
	*http.Response
	raw []byte
}

func (s *someone) send(method, path string, body any) answer {
	s.w.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			s.w.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(s.w.t.Context(), method, s.w.url+"/api/v1"+path, r)
	if err != nil {
		s.w.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	s.headers(req.Header)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		s.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.w.t.Fatal(err)
	}
	return answer{resp, raw}
}

// must decodes an answer that has to have a status.
func must[T any](t *testing.T, a answer, status int) (v T) {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: got %d %s, want %d", a.Request.Method, a.Request.URL.Path, a.StatusCode, a.raw, status)
	}
	if len(a.raw) == 0 {
		return v
	}
	if err := json.Unmarshal(a.raw, &v); err != nil {
		t.Fatalf("%s: %v", a.raw, err)
	}
	return v
}

// refused decodes an error.
func refused(t *testing.T, a answer, status int, code engine.Code, field string) problem.Body {
	t.Helper()
	b := must[problem.Body](t, a, status)
	if b.Code != code || b.Field != field || b.Message == "" || b.RequestID == "" {
		t.Errorf("%s %s: got %s, want code %q and field %q", a.Request.Method, a.Request.URL.Path, a.raw, code, field)
	}
	return b
}

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
