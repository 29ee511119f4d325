package natsbus

import (
	"bytes"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func TestWire(t *testing.T) {
	t.Parallel()
	for _, s := range []engine.Signal{
		{Topic: engine.TopicEvents},
		{Topic: engine.TopicBrand, Brand: "acme", Key: "acme"},
		{Topic: engine.TopicPass, Brand: "acme", Key: "c1", Data: []byte(`{"on":true}`)},
		{Topic: engine.TopicArrival, Brand: strings.Repeat("b", maxName), Key: strings.Repeat("k", maxName), Data: bytes.Repeat([]byte{0}, maxData)},
	} {
		raw, ok := encode(s)
		if !ok || len(raw) > maxWire {
			t.Fatalf("%s: %t, %d bytes", s.Topic, ok, len(raw))
		}
		got, ok := decode(s.Topic, raw)
		if diff := cmp.Diff(s, got); !ok || diff != "" {
			t.Errorf("%s: %t %s", s.Topic, ok, diff)
		}
	}
	// The encoding is a contract between builds.
	raw, _ := encode(engine.Signal{Topic: engine.TopicPass, Brand: "ab", Key: "c", Data: []byte("de")})
	if string(raw) != "\x01\x02ab\x01cde" {
		t.Errorf("%q", raw)
	}
	for name, s := range map[string]engine.Signal{
		"a long brand": {Brand: strings.Repeat("b", maxName+1)},
		"a long key":   {Key: strings.Repeat("k", maxName+1)},
		"much data":    {Data: make([]byte, maxData+1)},
	} {
		if _, ok := encode(s); ok {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestWhatIsIgnored(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		topic engine.Topic
		raw   string
	}{
		"nothing":          {engine.TopicEvents, ""},
		"a later version":  {engine.TopicEvents, "\x02\x00\x00"},
		"no brand":         {engine.TopicEvents, "\x01"},
		"a cut brand":      {engine.TopicEvents, "\x01\x05ab"},
		"no key":           {engine.TopicEvents, "\x01\x00"},
		"a cut key":        {engine.TopicEvents, "\x01\x00\x03ab"},
		"too much data":    {engine.TopicPass, "\x01\x00\x00" + strings.Repeat("x", maxData+1)},
		"an unknown topic": {"weather", "\x01\x00\x00"},
		"work":             {engine.TopicDialog, "\x01\x00\x00"},
	} {
		if s, ok := decode(c.topic, []byte(c.raw)); ok {
			t.Errorf("%s was taken: %+v", name, s)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x01\x04acme\x04acme"))
	f.Add([]byte("\x01\x00\x02c1{}"))
	f.Add([]byte("\x02"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, ok := decode(engine.TopicPass, raw)
		if !ok {
			return
		}
		again, ok := encode(s)
		if !ok || !bytes.Equal(raw, again) {
			t.Errorf("%q became %q", raw, again)
		}
	})
}

func TestOutgoingIsBoundedAndMerges(t *testing.T) {
	t.Parallel()
	o := newOutgoing()
	wake := engine.Signal{Topic: engine.TopicBrand, Brand: "acme", Key: "acme"}
	remark := engine.Signal{Topic: engine.TopicPass, Key: "c1", Data: []byte("on")}
	for _, c := range []struct {
		s    engine.Signal
		want result
	}{{wake, taken}, {wake, merged}, {engine.Signal{Topic: engine.TopicEvents}, taken}, {remark, taken}, {remark, taken}} {
		if got := o.put(c.s); got != c.want {
			t.Errorf("%+v: %d, want %d", c.s, got, c.want)
		}
	}
	if got := len(o.take()); got != 4 {
		t.Errorf("%d wait, want 4", got)
	}
	if got := o.put(wake); got != taken {
		t.Errorf("a wake-up after the one before went out: %d", got)
	}
	for range maxWaiting - 1 {
		o.put(remark)
	}
	if got := o.put(remark); got != full {
		t.Errorf("beyond the bound: %d", got)
	}
	if got := o.put(wake); got != merged {
		t.Errorf("a wake-up that waits, beyond the bound: %d", got)
	}
	if got := o.put(engine.Signal{Topic: engine.TopicPass, Data: make([]byte, maxData+1)}); got != full {
		t.Errorf("a large one beyond the bound: %d", got)
	}
}

func TestANodeHasNoPortForClients(t *testing.T) {
	t.Parallel()
	n, err := startNode(Node{Addr: "127.0.0.1:0"}, "parley", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	if n.server.ClusterAddr() == nil || n.server.Addr() != nil {
		t.Errorf("it listens for nodes on %v, for clients on %v", n.server.ClusterAddr(), n.server.Addr())
	}
	for what, addr := range map[string]any{"monitoring": n.server.MonitorAddr(), "profiling": n.server.ProfilerAddr()} {
		if addr != (*net.TCPAddr)(nil) {
			t.Errorf("it listens for %s on %v", what, addr)
		}
	}
}
