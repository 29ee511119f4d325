package natsbus_test

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"

	"parley/engine"
	"parley/gateway/natsbus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "a secret of some length"

// written is a log that tests read.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) count(text string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Count(w.text.String(), text)
}

// process is a bus and what it hears.
type process struct {
	*natsbus.Bus
	t     testing.TB
	log   *written
	close func()
	addr  string // of the node, for others

	mu    sync.Mutex
	heard []engine.Signal
}

func open(t testing.TB, cfg natsbus.Config) *process {
	t.Helper()
	p := &process{t: t, log: &written{}}
	if cfg.Prefix == "" {
		cfg.Prefix = "parley"
	}
	cfg.Log = slog.New(slog.NewTextHandler(p.log, nil))
	var err error
	if p.Bus, err = natsbus.Open(cfg); err != nil {
		t.Fatal(err)
	}
	p.addr = p.ClusterAddr()
	p.close = sync.OnceFunc(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(p.close)
	for _, topic := range []engine.Topic{
		engine.TopicDialog, engine.TopicDelivery, engine.TopicRouting, engine.TopicBrand, engine.TopicTimers, engine.TopicEvents,
		engine.TopicPass, engine.TopicArrival,
	} {
		p.Subscribe(topic, func(s engine.Signal) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.heard = append(p.heard, s)
		})
	}
	return p
}

// node opens a bus with a server of its own.
func node(t testing.TB, peers ...string) *process {
	t.Helper()
	return open(t, natsbus.Config{Node: &natsbus.Node{Addr: "127.0.0.1:0", Peers: peers, Secret: secret}})
}

// about gives what was heard under a key.
func (p *process) about(key string) (out []engine.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.heard {
		if s.Key == key {
			out = append(out, s)
		}
	}
	return out
}

func (p *process) links(n int) {
	p.t.Helper()
	until(p.t, "links", func() bool { return p.Links() == n })
}

// reaches publishes until the other has heard one: routes and subscriptions take
// a moment to be known everywhere.
func (p *process) reaches(others ...*process) {
	p.t.Helper()
	key := rand.Text()
	for _, other := range others {
		until(p.t, "a signal", func() bool {
			p.Publish(engine.Signal{Topic: engine.TopicArrival, Key: key})
			return len(other.about(key)) > 0
		})
	}
}

// until waits for something.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("no %s", what)
		}
	}
}

// serve runs a NATS server of somebody else. port 0 is any.
func serve(t testing.TB, port int, change func(*server.Options)) *server.Server {
	t.Helper()
	if port == 0 {
		port = server.RANDOM_PORT
	}
	opts := &server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true}
	if change != nil {
		change(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server is not ready")
	}
	return s
}

// free is a port that nobody listens on.
func free(t testing.TB) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
