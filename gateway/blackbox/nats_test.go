package blackbox_test

import (
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// natsServer is a NATS server beside the processes that use it, which comes and goes.
type natsServer struct {
	t    testing.TB
	addr string

	mu      sync.Mutex
	running *server.Server // nil while it is down
}

func newNATS(t testing.TB) *natsServer {
	n := &natsServer{t: t, addr: freeAddr(t)}
	n.start()
	t.Cleanup(func() { n.kill() })
	return n
}

func (n *natsServer) start() {
	n.mu.Lock()
	defer n.mu.Unlock()
	host, port, err := net.SplitHostPort(n.addr)
	if err != nil {
		n.t.Error(err)
		return
	}
	opts := &server.Options{Host: host, NoSigs: true, NoLog: true}
	if opts.Port, err = strconv.Atoi(port); err != nil {
		n.t.Error(err)
		return
	}
	s, err := server.NewServer(opts)
	if err != nil {
		n.t.Error(err)
		return
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		n.t.Error("the NATS server is not ready")
	}
	n.running = s
}

// kill ends it, if it runs, and all connections with it.
func (n *natsServer) kill() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.running == nil {
		return false
	}
	n.running.Shutdown()
	n.running.WaitForShutdown()
	n.running = nil
	return true
}
