package natsbus

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"parley/engine"
)

// Node is a NATS server inside this process. It has routes to the other nodes, and
// no port for clients.
type Node struct {
	Addr   string   // host:port where other nodes reach this one
	Peers  []string // host:port of other nodes, this one may be among them; who knows one learns of all
	Secret string   // shared by all nodes; "" only where nobody else can connect
}

type node struct {
	server *server.Server
	log    *slog.Logger
}

const (
	startTime = 10 * time.Second
	// lookFor is how often, once a second, a node is looked for that was known by another
	// one and is gone: for a day. By itself the server looks once.
	lookFor = 24 * 60 * 60
)

func startNode(n Node, name string, log *slog.Logger) (*node, error) {
	opts, err := n.options(name)
	if err != nil {
		return nil, err
	}
	// The server would end the process when it cannot listen.
	probe, err := net.Listen("tcp", n.Addr)
	if err != nil {
		return nil, fmt.Errorf("listening for the cluster on %s: %w", n.Addr, err)
	}
	if err := probe.Close(); err != nil {
		return nil, fmt.Errorf("listening for the cluster on %s: %w", n.Addr, err)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("starting NATS: %w", err)
	}
	said := newJournal(log)
	s.SetLoggerV2(said, false, false, false)
	s.Start()
	out := &node{server: s, log: log}
	if err := out.ready(said.fatal); err != nil {
		out.close()
		return nil, err
	}
	return out, nil
}

// ready waits until other nodes can connect.
func (n *node) ready(fatal <-chan string) error {
	limit := time.NewTimer(startTime)
	defer limit.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for n.server.ClusterAddr() == nil {
		select {
		case why := <-fatal:
			return fmt.Errorf("starting NATS: %s", why)
		case <-limit.C:
			return fmt.Errorf("NATS was not ready after %s", startTime)
		case <-tick.C:
		}
	}
	return nil
}

// noHost and noPort are an address that nothing can listen on. The server begins to listen for other
// nodes only when it has tried to listen for clients, even with its option DontListen,
// with which it would wait for ever. So we let it try in vain: our own connection
// needs no port, and nobody else shall have one.
const (
	noHost = "127.0.0.1"
	noPort = 1 << 16
)

func (n Node) options(name string) (*server.Options, error) {
	host, rawPort, err := net.SplitHostPort(n.Addr)
	if err != nil {
		return nil, fmt.Errorf("the cluster's address: %w", err)
	}
	port, err := strconv.Atoi(rawPort)
	if err != nil {
		return nil, fmt.Errorf("the cluster's address: %w", err)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	opts := &server.Options{
		Host: noHost, Port: noPort, NoSigs: true, NoLog: true, NoSystemAccount: true,
		MaxPayload: maxWire, MaxPending: maxIncomingBytes, WriteDeadline: writeTime,
		Cluster: server.ClusterOpts{
			Name: name, Host: host, Port: port, NoAdvertise: true, PoolSize: -1,
			ConnectRetries: lookFor, PingInterval: pingEvery, MaxPingsOut: pingsLost, WriteDeadline: writeTime,
			Compression: server.CompressionOpts{Mode: server.CompressionOff},
		},
	}
	if n.Secret != "" {
		if opts.Cluster.TLSConfig, err = identity(n.Secret); err != nil {
			return nil, fmt.Errorf("making the cluster's keys: %w", err)
		}
	}
	for _, peer := range n.Peers {
		opts.Routes = append(opts.Routes, &url.URL{Scheme: "nats-route", Host: peer})
	}
	return opts, nil
}

// watch tells when other nodes come and go.
func (n *node) watch(ctx context.Context) {
	known := 0
	_ = engine.Every(ctx, time.Second, func() { // it ends with ctx, without an error
		now := n.server.NumRoutes()
		switch {
		case now < known:
			n.log.Warn("another node is gone", "nodes", now+1)
		case now > known:
			n.log.Info("another node is connected", "nodes", now+1)
		}
		known = now
	})
}

func (n *node) close() {
	n.server.Shutdown()
	n.server.WaitForShutdown()
}
