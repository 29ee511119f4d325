package natsbus

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"parley/engine"
	"parley/engine/bus"
)

// Config says where the other processes are. Either Servers or Node is set.
type Config struct {
	Servers []string // URLs of NATS servers, with credentials if they need some
	Creds   string   // file with a NATS user's credentials; "" for none
	Node    *Node    // a server of our own
	Prefix  string   // of the subjects: what is published under another one is another installation's
	Log     *slog.Logger
}

// Bus is an engine.Bus over all processes. Use Open.
type Bus struct {
	cfg    Config
	local  *bus.Bus
	out    *outgoing
	counts counts
	node   *node
	link   *link
	conn   atomic.Pointer[nats.Conn]
	sub    atomic.Pointer[nats.Subscription]
	stop   context.CancelFunc
	tasks  sync.WaitGroup
}

// rest is the pause after each batch of signals. The first of them goes at once;
// of a busy process the others see at most so many wake-ups a second.
const rest = 5 * time.Millisecond

// What waits to be taken from NATS, at most.
const (
	maxIncoming      = 8192
	maxIncomingBytes = 8 << 20
)

// Open makes a bus. It does not wait for servers: while there is no connection,
// signals stay in this process. A node of our own listens when Open returns.
func Open(cfg Config) (*Bus, error) {
	b := &Bus{cfg: cfg, local: bus.New(), out: newOutgoing(), link: &link{log: cfg.Log}}
	if cfg.Node != nil {
		b.link.end() // that connection is inside the process
	}
	options, err := b.options()
	if err != nil {
		return nil, err
	}
	if cfg.Node != nil {
		if b.node, err = startNode(*cfg.Node, cfg.Prefix, cfg.Log); err != nil {
			return nil, err
		}
		options = append(options, nats.InProcessServer(b.node.server))
	}
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.tasks.Go(func() { b.run(ctx, options) })
	if b.node != nil {
		b.tasks.Go(func() { b.node.watch(ctx) })
	}
	return b, nil
}

// Publish delivers to this process's subscribers, on the caller's goroutine, and
// lets the signal go to the others if its topic reaches them. It never waits.
func (b *Bus) Publish(s engine.Signal) {
	b.local.Publish(s)
	if s.Topic.Reach() != engine.Everywhere {
		return
	}
	if r := b.out.put(s); r != taken {
		b.counts.add(r)
	}
}

// Subscribe calls fn for each signal of the topic, wherever it was published, until
// cancel is called. fn must not block.
func (b *Bus) Subscribe(topic engine.Topic, fn func(engine.Signal)) (cancel func()) {
	return b.local.Subscribe(topic, fn)
}

// Links says how many connections there are: to servers 0 or 1, as a node as many
// as there are other nodes.
func (b *Bus) Links() int {
	if b.node != nil {
		return b.node.server.NumRoutes()
	}
	if conn := b.conn.Load(); conn != nil && conn.IsConnected() {
		return 1
	}
	return 0
}

// ClusterAddr is where other nodes reach this one; "" for a bus over servers.
func (b *Bus) ClusterAddr() string {
	if b.node == nil {
		return ""
	}
	return b.node.server.ClusterAddr().String()
}

// Signals counts what became of the signals between processes, by name.
func (b *Bus) Signals() map[string]uint64 {
	all := b.counts.all()
	all[missed] = 0
	if sub := b.sub.Load(); sub != nil {
		if n, err := sub.Dropped(); err == nil { // else it has ended
			all[missed] = uint64(max(n, 0))
		}
	}
	return all
}

// Close ends the connection; Publish and Subscribe then work inside this process.
func (b *Bus) Close() error {
	b.link.end()
	b.stop()
	if conn := b.conn.Load(); conn != nil {
		conn.Close() // before waiting: a write that hangs ends with it
	}
	b.tasks.Wait()
	if conn := b.conn.Load(); conn != nil {
		conn.Close() // it may have come meanwhile
	}
	if b.node != nil {
		b.node.close()
	}
	return nil
}

// run connects, and then publishes what comes.
func (b *Bus) run(ctx context.Context, options []nats.Option) {
	conn := b.connect(ctx, options)
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.out.wake:
		}
		for _, f := range b.out.take() {
			if conn == nil || conn.Publish(b.cfg.Prefix+"."+string(f.topic), f.raw) != nil {
				b.counts.add(offline)
				continue
			}
			b.counts.add(sent)
		}
		if !engine.Sleep(ctx, rest) {
			return
		}
	}
}

// take delivers what another process has published.
func (b *Bus) take(m *nats.Msg) {
	s, ok := decode(engine.Topic(strings.TrimPrefix(m.Subject, b.cfg.Prefix+".")), m.Data)
	if !ok {
		b.counts.add(ignored)
		return
	}
	b.counts.add(received)
	b.local.Publish(s)
}
