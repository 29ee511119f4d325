package natsbus_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/gateway/natsbus"
)

func TestAClusterHearsWhatReachesEverywhere(t *testing.T) {
	t.Parallel()
	a := node(t)
	b, c := node(t, a.addr), node(t, a.addr)
	all := []*process{a, b, c}
	for _, p := range all {
		p.links(2) // b and c learn of each other from a
	}
	a.reaches(b, c)
	b.reaches(a, c)
	c.reaches(a, b)

	for i, p := range all {
		key := "remark of " + string(rune('a'+i))
		work := "work of " + string(rune('a'+i))
		p.Publish(engine.Signal{Topic: engine.TopicDialog, Brand: "acme", Key: work})
		p.Publish(engine.Signal{Topic: engine.TopicPass, Brand: "acme", Key: key, Data: []byte("on"), Local: p})
		p.Publish(engine.Signal{Topic: engine.TopicPass, Brand: "acme", Key: key, Data: []byte("off")})
		p.reaches(all...) // what was published before has arrived as well
		for _, other := range all {
			want := []engine.Signal{
				{Topic: engine.TopicPass, Brand: "acme", Key: key, Data: []byte("on")},
				{Topic: engine.TopicPass, Brand: "acme", Key: key, Data: []byte("off")},
			}
			heard := 0
			if other == p {
				want[0].Local, heard = p, 1
			}
			got := other.about(key)
			if diff := cmp.Diff(want, got, cmp.Comparer(func(x, y *process) bool { return x == y })); diff != "" {
				t.Error(diff)
			}
			if n := len(other.about(work)); n != heard {
				t.Errorf("work was heard %d times, want %d", n, heard)
			}
		}
	}
}

func TestANodeIsKilledAndComesBack(t *testing.T) {
	t.Parallel()
	a := node(t)
	addr := a.addr
	b, c := node(t, addr), node(t, addr)
	c.reaches(a, b)
	c.close()
	a.links(1)
	a.reaches(b)
	c = node(t, addr)
	c.reaches(a, b)

	// The one whose address all know is killed, too.
	a.close()
	b.links(1)
	b.reaches(c)
	a = open(t, natsbus.Config{Node: &natsbus.Node{Addr: addr, Secret: secret}})
	a.reaches(b, c)
	b.reaches(a)
}

// TestWhoIsKnownByOthersIsFoundAgain: nodes that know each other by a third one look for each
// other when they are apart for longer than a moment, though nobody's list names them.
func TestWhoIsKnownByOthersIsFoundAgain(t *testing.T) {
	t.Parallel()
	a := node(t)
	b, c := node(t, a.addr), node(t, a.addr)
	for _, p := range []*process{a, b, c} {
		p.links(2)
	}
	c.close()
	until(t, "look for the node that is gone", func() bool {
		return a.log.count("trying to connect to route")+b.log.count("trying to connect to route") > 0
	})
	c = open(t, natsbus.Config{Node: &natsbus.Node{Addr: c.addr, Secret: secret}}) // it looks for nobody
	until(t, "link", func() bool { return c.Links() > 0 })
}

// wire is a way to an address that can be cut.
type wire struct {
	net.Listener
	to string

	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to}
	var tasks sync.WaitGroup
	tasks.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			w.mu.Lock()
			if err != nil || w.cut {
				in.Close()
				if out != nil {
					out.Close()
				}
				w.mu.Unlock()
				continue
			}
			w.conns = append(w.conns, in, out)
			w.mu.Unlock()
			tasks.Go(func() { io.Copy(out, in); out.Close() })
			tasks.Go(func() { io.Copy(in, out); in.Close() })
		}
	})
	t.Cleanup(func() { l.Close(); w.set(true); tasks.Wait() })
	return w
}

func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

func TestAPartitionHeals(t *testing.T) {
	t.Parallel()
	a := node(t)
	w := newWire(t, a.addr)
	b := node(t, w.Addr().String())
	a.reaches(b)
	b.reaches(a)
	told := func(text string, n int) {
		until(t, text, func() bool { return a.log.count(text) == n && b.log.count(text) == n })
	}
	told("another node is connected", 1)
	w.set(true)
	told("another node is gone", 1)
	a.links(0)
	b.links(0)
	b.Publish(engine.Signal{Topic: engine.TopicPass, Key: "alone", Data: []byte("x")})
	if len(b.about("alone")) != 1 {
		t.Error("a signal was not delivered at home")
	}
	w.set(false)
	told("another node is connected", 2)
	a.reaches(b)
	b.reaches(a)
	if len(a.about("alone")) != 0 {
		t.Error("a remark of the outage came late")
	}
}

func TestOnlyNodesWithTheSecretAreIn(t *testing.T) {
	t.Parallel()
	a := node(t)
	addr := a.addr
	stranger := open(t, natsbus.Config{Node: &natsbus.Node{Addr: "127.0.0.1:0", Peers: []string{addr}, Secret: "another secret of length"}})
	plain := open(t, natsbus.Config{Node: &natsbus.Node{Addr: "127.0.0.1:0", Peers: []string{addr}}})
	until(t, "refusal", func() bool { return stranger.log.count("TLS route handshake error") > 0 })
	until(t, "refusal", func() bool { return a.log.count("TLS route handshake error") > 0 })

	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "CONNECT {\"verbose\":false,\"name\":\"x\",\"cluster\":\"parley\"}\r\nRS+ $G parley.*\r\nRMSG $G parley.events 3\r\n\x01\x00\x00\r\nPING\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn) // the end of the connection is what counts
	if text := string(answer); strings.Contains(text, "PONG") || strings.Contains(text, "RMSG") {
		t.Errorf("a stranger is served: %q", text)
	}
	// One who is in gets in while they try.
	b := node(t, addr)
	b.reaches(a)
	for _, p := range []*process{a, b} {
		if n := p.Links(); n != 1 {
			t.Errorf("%d links", n)
		}
	}
	for _, p := range []*process{stranger, plain} {
		if n := p.Links(); n != 0 {
			t.Errorf("a stranger has %d links", n)
		}
	}
}

func TestANodeMayBeInItsOwnList(t *testing.T) {
	t.Parallel()
	a := node(t)
	b := node(t, a.addr)
	b.reaches(a)
	a.close()
	again := open(t, natsbus.Config{Node: &natsbus.Node{Addr: a.addr, Peers: []string{a.addr, b.addr}, Secret: secret}})
	again.reaches(b)
	again.links(1)
}

func TestATakenPortIsAnError(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = natsbus.Open(natsbus.Config{Node: &natsbus.Node{Addr: l.Addr().String()}, Prefix: "parley"})
	if err == nil || !strings.Contains(err.Error(), "listening for the cluster on "+l.Addr().String()) {
		t.Errorf("got %v", err)
	}
}
