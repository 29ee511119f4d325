package app_test

import (
	"context"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/engine"
	"parley/gateway/app"
	"parley/gateway/natsbus"
	"parley/storage/postgres/postgrestest"
)

// metric is a figure of /metrics, "" when there is none.
func (s *site) metric(name string) string {
	s.t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(s.ask(http.MethodGet, "/metrics", "").body)
	if found == nil {
		return ""
	}
	return found[1]
}

func TestNATSIsDown(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // now nobody is there
	s := start(t, map[string]string{"data": t.TempDir(), "nats": "nats://gate:hush-hush@" + l.Addr().String()})
	if got := s.ask(http.MethodGet, "/readyz", ""); got.status != http.StatusOK {
		t.Errorf("readyz: %d %s", got.status, got.body)
	}
	if got := s.metric("parley_nats_connections"); got != "0" {
		t.Errorf("connections: %q", got)
	}
	s.eventually("the loss in the log", func() bool { return strings.Contains(s.log.String(), "NATS cannot be reached") })
	s.stop()
	if log := s.log.String(); strings.Contains(log, "hush-hush") || strings.Contains(s.out.String(), "hush-hush") {
		t.Error("the password is in the log")
	}
}

func TestProcessesAreNodes(t *testing.T) {
	t.Parallel()
	node := func(peer string) *site {
		return start(t, map[string]string{"data": t.TempDir(), "nats": "embedded", "cluster_addr": "127.0.0.1:0", "cluster": peer})
	}
	a := node("")
	bus, ok := a.app.Bus.(*natsbus.Bus)
	if !ok {
		t.Fatalf("the bus is a %T", a.app.Bus)
	}
	b := node(bus.ClusterAddr())
	for _, s := range []*site{a, b} {
		s.eventually("the other node", func() bool { return s.metric("parley_nats_connections") == "1" })
	}
	heard := make(chan struct{}, 1)
	defer b.app.Bus.Subscribe(engine.TopicEvents, func(engine.Signal) { engine.Poke(heard) })()
	// What is written here is heard there, from the commit of the store on.
	err := a.app.Store.Update(t.Context(), func(tx engine.Tx) error {
		return tx.Events().Add(&engine.Event{Brand: "acme", Kind: engine.EventMessage, Data: []byte(`{}`)})
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-heard:
	case <-time.After(patience):
		t.Fatal("the other node heard nothing")
	}
	if got := a.metric(`parley_nats_signals_total{result="sent"}`); got == "" || got == "0" {
		t.Errorf("sent: %q", got)
	}
	a.stop()
	b.eventually("a node alone", func() bool { return b.metric("parley_nats_connections") == "0" })
	if got := b.ask(http.MethodGet, "/readyz", ""); got.status != http.StatusOK {
		t.Errorf("readyz: %d %s", got.status, got.body)
	}
}

func TestATakenClusterPort(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	opt, _, _ := options(t, map[string]string{"data": t.TempDir(), "nats": "embedded", "cluster_addr": l.Addr().String()})
	if _, err := app.New(t.Context(), opt); err == nil || !strings.Contains(err.Error(), "listening for the cluster on ") {
		t.Errorf("got %v", err)
	}
}

// Typing is in no database: what an agent sees of it at one process came from
// another one by the bus.
func TestProcessesOnOneDatabase(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	settings := func(peer string) map[string]string {
		return map[string]string{"data": t.TempDir(), "db": url, "nats": "embedded", "cluster_addr": "127.0.0.1:0", "cluster": peer}
	}
	a, _ := shop(t, helloLua, settings(""))
	b := start(t, settings(a.app.Bus.(*natsbus.Bus).ClusterAddr()))
	v := a.visitor()
	v.says("hi")
	v.hears("hello one")

	b.signIn("ana@shop.example", b.person("ana@shop.example", engine.RoleAgent))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(b.url, "http")+"/api/v1/live", &websocket.DialOptions{HTTPClient: b.client})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if err := conn.Write(ctx, websocket.MessageText, []byte(`{"type":"hello"}`)); err != nil {
		t.Fatal(err)
	}
	seen := make(chan error, 1)
	go func() {
		for {
			_, frame, err := conn.Read(ctx)
			if err != nil || strings.Contains(string(frame), `"type":"typing"`) {
				seen <- err
				return
			}
		}
	}()
	b.eventually("the typing", func() bool {
		if got := a.ask(http.MethodPost, "/chat/shop.web/typing", `{"on":true}`, "Authorization", "Bearer "+v.token); got.status != http.StatusNoContent {
			t.Fatalf("typing: %d %s", got.status, got.body)
		}
		select {
		case err := <-seen:
			if err != nil {
				t.Fatal(err)
			}
			return true
		default:
			return false
		}
	})
}
