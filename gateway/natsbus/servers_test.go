package natsbus_test

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"parley/engine"
	"parley/gateway/natsbus"
)

func TestServersMayComeAndGo(t *testing.T) {
	t.Parallel()
	port := free(t)
	url := fmt.Sprintf("nats://gate:hush-hush@127.0.0.1:%d", port)
	account := func(o *server.Options) { o.Username, o.Password = "gate", "hush-hush" }
	nobody := fmt.Sprintf("nats://127.0.0.1:%d", free(t))

	began := time.Now()
	a := open(t, natsbus.Config{Servers: []string{nobody, url}})
	b := open(t, natsbus.Config{Servers: []string{url, nobody}})
	if took := time.Since(began); took > time.Second {
		t.Errorf("opening waited %s for servers that are not there", took)
	}
	a.Publish(engine.Signal{Topic: engine.TopicPass, Key: "early", Data: []byte("x")})
	if len(a.about("early")) != 1 || a.Links() != 0 {
		t.Error("a signal was not delivered at home")
	}
	until(t, "dropped signal", func() bool { return a.Signals()["dropped_offline"] == 1 })

	s := serve(t, port, account)
	a.reaches(b)
	b.reaches(a)
	a.links(1)
	if len(b.about("early")) != 0 {
		t.Error("a remark from before the connection came late")
	}
	s.Shutdown()
	s.WaitForShutdown()
	a.links(0)
	a.Publish(engine.Signal{Topic: engine.TopicPass, Key: "meanwhile", Data: []byte("x")})
	until(t, "dropped signal", func() bool { return a.Signals()["dropped_offline"] >= 2 })
	serve(t, port, account)
	a.reaches(b)
	b.reaches(a)
	for _, p := range []*process{a, b} {
		p.close()
		for text, want := range map[string]int{"NATS cannot be reached": 2, "NATS is connected": 2, "hush": 0, "level=ERROR": 0} {
			if n := p.log.count(text); n != want {
				t.Errorf("%q is in the log %d times, want %d:\n%s", text, n, want, p.log.text.String())
			}
		}
	}
}

func TestWrongCredentialsAreTold(t *testing.T) {
	t.Parallel()
	s := serve(t, 0, func(o *server.Options) { o.Authorization = "token-token" })
	a := open(t, natsbus.Config{Servers: []string{strings.Replace(s.ClientURL(), "nats://", "nats://wrong-wrong@", 1)}})
	b := open(t, natsbus.Config{Servers: []string{strings.Replace(s.ClientURL(), "nats://", "nats://token-token@", 1)}})
	b.links(1)
	until(t, "refusal", func() bool { return a.log.count("NATS refuses our credentials") == 1 })
	if a.log.count("wrong-wrong") != 0 {
		t.Error("the token is in the log")
	}
	_, err := natsbus.Open(natsbus.Config{Servers: []string{s.ClientURL()}, Creds: filepath.Join(t.TempDir(), "none.creds"), Prefix: "parley"})
	if err == nil || !strings.Contains(err.Error(), "the NATS credentials: ") {
		t.Errorf("got %v", err)
	}
}

func TestTwoInstallationsShareServers(t *testing.T) {
	t.Parallel()
	s := serve(t, 0, nil)
	one, two := natsbus.Config{Servers: []string{s.ClientURL()}, Prefix: "one"}, natsbus.Config{Servers: []string{s.ClientURL()}, Prefix: "one.two"}
	a, b, other := open(t, one), open(t, one), open(t, two)
	other.links(1)
	a.reaches(b)
	b.reaches(a)
	if n := other.Signals()["received"] + other.Signals()["ignored"]; n != 0 {
		t.Errorf("another installation got %d signals", n)
	}
}

func TestWhatOthersWriteIsIgnored(t *testing.T) {
	t.Parallel()
	s := serve(t, 0, nil)
	a := open(t, natsbus.Config{Servers: []string{s.ClientURL()}})
	conn, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	b := open(t, natsbus.Config{Servers: []string{s.ClientURL()}})
	b.reaches(a)
	for subject, raw := range map[string]string{
		"parley.events": "\x07later", "parley.weather": "\x01\x00\x00", "parley.dialog": "\x01\x04acme\x02c1", "parley.pass": "", "parley.brand": strings.Repeat("x", 1<<17),
	} {
		if err := conn.Publish(subject, []byte(raw)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "ignored signals", func() bool { return a.Signals()["ignored"] == 5 })
	if len(a.about("c1")) != 0 {
		t.Error("work came over the bus")
	}
	b.reaches(a)
}

func TestALargeSignalStaysAtHome(t *testing.T) {
	t.Parallel()
	s := serve(t, 0, nil)
	a, b := open(t, natsbus.Config{Servers: []string{s.ClientURL()}}), open(t, natsbus.Config{Servers: []string{s.ClientURL()}})
	a.reaches(b)
	a.Publish(engine.Signal{Topic: engine.TopicPass, Key: "large", Data: make([]byte, 1<<20)})
	a.reaches(b)
	if len(a.about("large")) != 1 || len(b.about("large")) != 0 || a.Signals()["dropped_large"] != 1 {
		t.Errorf("%v", a.Signals())
	}
}

func TestASlowProcessLosesSignalsAndNobodyWaits(t *testing.T) {
	t.Parallel()
	s := serve(t, 0, nil)
	a, b := open(t, natsbus.Config{Servers: []string{s.ClientURL()}}), open(t, natsbus.Config{Servers: []string{s.ClientURL()}})
	a.reaches(b)
	stuck := make(chan struct{})
	gate := make(chan struct{})
	free := sync.OnceFunc(func() { close(gate) })
	t.Cleanup(free)
	once := sync.OnceFunc(func() { close(stuck); <-gate })
	b.Subscribe(engine.TopicPass, func(engine.Signal) { once() })
	remark := engine.Signal{Topic: engine.TopicPass, Data: []byte("x")}
	a.Publish(remark)
	<-stuck
	until(t, "lost signals", func() bool {
		for range 4096 {
			a.Publish(remark)
		}
		return b.Signals()["dropped_slow"] > 0
	})
	free()
	a.reaches(b)
}

// A server that takes nothing any more holds up neither who publishes nor the end.
func TestAServerThatStandsStill(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var tasks sync.WaitGroup
	done := make(chan struct{})
	t.Cleanup(func() { close(done); l.Close(); tasks.Wait() })
	tasks.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			tasks.Go(func() {
				defer conn.Close()
				fmt.Fprintf(conn, "INFO {\"server_id\":\"x\",\"max_payload\":1048576,\"proto\":1,\"headers\":true}\r\n")
				in := bufio.NewScanner(conn)
				for in.Scan() && in.Text() != "PING" {
				}
				fmt.Fprint(conn, "PONG\r\n")
				<-done
			})
		}
	})
	a := open(t, natsbus.Config{Servers: []string{"nats://" + l.Addr().String()}})
	a.links(1)
	remark := engine.Signal{Topic: engine.TopicPass, Data: make([]byte, 4<<10)}
	longest := time.Duration(0)
	until(t, "dropped signals", func() bool {
		for range 1000 {
			began := time.Now()
			a.Publish(remark)
			longest = max(longest, time.Since(began))
		}
		return a.Signals()["dropped_full"] > 10_000
	})
	if longest > time.Second {
		t.Errorf("publishing took %s", longest)
	}
	began := time.Now()
	a.close()
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("closing took %s", took)
	}
}

func TestClosedBusWorksAtHome(t *testing.T) {
	t.Parallel()
	s := serve(t, 0, nil)
	a := open(t, natsbus.Config{Servers: []string{s.ClientURL()}})
	a.links(1)
	a.close()
	a.Publish(engine.Signal{Topic: engine.TopicEvents, Key: "late"})
	if len(a.about("late")) != 1 || a.Links() != 0 {
		t.Error("a closed bus does not deliver at home")
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
