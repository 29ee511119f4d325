package blackbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/storage/postgres/postgrestest"
)

// cluster is several processes on one PostgreSQL, behind a proxy that gives each request
// to any of them.
type cluster struct {
	*world
	server *postgrestest.Cluster
	nodes  []*node
	nats   *natsServer // nil when each process has a node of its own
}

// node is one process of the cluster, with its own address and data folder.
type node struct {
	*world
	mu      sync.Mutex // held by who ends or stops it
	stopped bool
}

// newCluster makes n nodes; nothing runs yet but the NATS server, if there is one.
func newCluster(t testing.TB, n int, cfg twiliotest.Config, bots map[string]string, nats bool) *cluster {
	t.Helper()
	server := postgrestest.New(t, postgrestest.Settings{Durable: true})
	c := &cluster{world: newWorld(t, cfg, bots), server: server}
	c.db = server.Open(t)
	c.accept, c.more = 10, "desk: {lost_connection: 10s}\n"
	c.reaches(c.api)
	if nats {
		c.nats = newNATS(t)
	}
	peers := make([]string, n) // of NATS, which each has a node of
	for i := range peers {
		peers[i] = freeAddr(t)
	}
	for i := range n {
		w := *c.world
		w.data, w.addr, w.proc = filepath.Join(filepath.Dir(w.data), fmt.Sprint("data", i)), freeAddr(t), nil
		w.args = []string{"--public-url", c.url, "--trusted-proxies", "127.0.0.1"}
		if nats {
			w.args = append(w.args, "--nats", "nats://"+c.nats.addr)
		} else {
			w.args = append(w.args, "--nats", "embedded", "--cluster-addr", peers[i], "--cluster", strings.Join(peers, ","))
		}
		w.url = "http://" + w.addr
		w.log = &output{}
		one := &node{world: &w}
		c.nodes = append(c.nodes, one)
		t.Cleanup(func() {
			one.resume()
			one.kill()
			if strings.Contains(w.log.String(), "DATA RACE") {
				t.Errorf("node %d had a data race", i)
			}
			if t.Failed() {
				t.Logf("node %d wrote:\n%s", i, tail(w.log.String(), 6_000))
			}
		})
	}
	front := &http.Server{Addr: c.addr, Handler: c.proxy()}
	done := make(chan struct{})
	go func() { defer close(done); _ = front.ListenAndServe() }()
	t.Cleanup(func() { _ = front.Close(); <-done })
	return c
}

// any is one of the nodes, whether it runs or not.
func (c *cluster) any() *node { return c.nodes[rand.IntN(len(c.nodes))] }

// proxy gives a request to any node. One that does not answer in time has it answered by
// the proxy, as in life, while the node may go on with it.
func (c *cluster) proxy() http.Handler {
	transport := &http.Transport{ResponseHeaderTimeout: 5 * time.Second, MaxIdleConnsPerHost: 32}
	c.t.Cleanup(transport.CloseIdleConnections)
	return &httputil.ReverseProxy{
		Transport: elsewhere{transport, c},
		Rewrite: func(r *httputil.ProxyRequest) {
			to, _ := url.Parse(c.any().url)
			r.SetURL(to)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
}

// elsewhere asks other nodes when one does not answer a question, as proxies do. What
// changes something is asked once.
type elsewhere struct {
	http.RoundTripper
	cluster *cluster
}

func (e elsewhere) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	for range 5 {
		resp, err = e.RoundTripper.RoundTrip(r)
		if err == nil || r.Method != http.MethodGet || r.Context().Err() != nil {
			break
		}
		to, perr := url.Parse(e.cluster.any().url)
		if perr != nil {
			return nil, perr
		}
		r = r.Clone(r.Context())
		r.URL.Host = to.Host
	}
	return resp, err
}

// revive starts a process again that has ended by itself, as one does that loses the
// database while it starts; in life its supervisor does.
func (n *node) revive() {
	select {
	case <-n.proc.ended:
		n.proc = nil
		n.start()
	default:
	}
}

// suspend stops a process for a time in which it notices nothing.
func (n *node) suspend() {
	if n.proc != nil && n.proc.cmd.Process.Signal(syscall.SIGSTOP) == nil {
		n.stopped = true
	}
}

func (n *node) resume() {
	if n.stopped {
		_ = n.proc.cmd.Process.Signal(syscall.SIGCONT) // it may have ended
		n.stopped = false
	}
}

// Three processes on one PostgreSQL are killed, stopped and woken up under load, the
// database is killed and its connections are cut, and nothing is lost, done twice or out
// of order, and every conversation has one owner at a time. News travel between them by
// nodes of NATS inside them, or by a server of its own, which is killed as well.
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	duration := secondsOf(t, "PARLEY_CLUSTER_SECONDS", 45*time.Second, 10*time.Second)
	for name, server := range map[string]bool{"nodes": false, "server": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clusterUnderLoad(t, duration, server)
		})
	}
}

func clusterUnderLoad(t *testing.T, duration time.Duration, server bool) {
	cfg := twiliotest.Config{Callbacks: usual.Callbacks, Resend: true, Duplicate: true, Reorder: true}
	c := newCluster(t, 3, cfg, map[string]string{"concierge.lua": echoLua}, server)
	for _, n := range c.nodes {
		n.start()
	}
	const watcher = "sofia@shop.example"
	ana := c.signIn(watcher, c.addUser(watcher, "--role", "supervisor"))
	var clerks []*clerk
	for _, name := range []string{"ana", "ben", "eva"} {
		email := name + "@shop.example"
		clerks = append(clerks, c.newClerk(email, c.addUser(email, "--slots", "8")))
	}
	c.fake.Script(troubles(20_000)...)

	// A send of a process that was killed waits for its lease, and is looked up then, twice.
	bound, cancel := context.WithTimeout(t.Context(), duration+2*drainAfter)
	defer cancel()
	shift, over := context.WithCancel(bound)
	var office sync.WaitGroup
	defer office.Wait()
	defer over()
	for _, one := range clerks {
		office.Go(func() { one.work(shift) })
	}
	c.endure(bound, crowd("+141555504", 25, 25), ana, func() { c.trouble(bound, duration) }, func() {
		over()
		office.Wait()
		for _, n := range c.nodes {
			n.revive()
			n.stop()
		}
	})
	c.view(c.checkOwners)
	c.view(func(tx engine.Tx) error {
		for _, one := range clerks {
			if err := one.check(t, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// trouble does something to a node, to the database or to NATS, every second or two.
func (c *cluster) trouble(ctx context.Context, duration time.Duration) {
	c.t.Helper()
	var counts struct{ killed, stopped, cut, database, nats int }
	var busy sync.WaitGroup
	defer busy.Wait()
	for began := time.Now(); time.Since(began) < duration; {
		select {
		case <-time.After(rand.N(1500 * time.Millisecond)):
		case <-ctx.Done():
			return
		}
		switch n, what := c.any(), rand.IntN(24); {
		case what < 8 && n.mu.TryLock():
			counts.killed++
			n.kill()
			busy.Go(func() {
				defer n.mu.Unlock()
				<-time.After(rand.N(2 * time.Second))
				n.spawn()
			})
		case what < 13 && n.mu.TryLock():
			counts.stopped++
			n.suspend()
			busy.Go(func() {
				defer n.mu.Unlock()
				<-time.After(rand.N(12 * time.Second)) // routing's and the senders' short leases end
				n.resume()
			})
		case what < 19:
			counts.cut++
			c.cut(ctx)
		case what > 19:
			if c.nats != nil && c.nats.kill() {
				counts.nats++
				busy.Go(func() {
					<-time.After(rand.N(5 * time.Second))
					c.nats.start()
				})
			}
		default:
			counts.database++
			c.server.Kill(c.t)
			<-time.After(rand.N(time.Second))
			c.server.Start(c.t)
		}
	}
	busy.Wait()
	for _, n := range c.nodes {
		n.revive()
	}
	c.t.Logf("%+v", counts)
}

// cut ends some of the database's connections, wherever they are in their work.
func (c *cluster) cut(ctx context.Context) {
	conn, err := pgx.Connect(ctx, c.db)
	if err != nil {
		return // it is down
	}
	defer conn.Close(ctx)
	_, _ = conn.Exec(ctx, `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'parley%' and datname = current_database() and random() < .3`)
}
