package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/example"
	"parley/botscripts/kept"
	"parley/connectors"
	"parley/engine"
	"parley/engine/attendance"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/desk"
	"parley/engine/dialog"
	"parley/engine/egress"
	"parley/engine/erasure"
	"parley/engine/followup"
	"parley/engine/lease"
	"parley/engine/listen"
	"parley/engine/log"
	"parley/engine/log/projection"
	"parley/engine/outbox"
	"parley/engine/receive"
	"parley/engine/retention"
	"parley/engine/routing"
	"parley/engine/setup"
	"parley/engine/timers"
	"parley/engine/versions"
	"parley/engine/versions/breaker"
	"parley/gateway/config"
	"parley/gateway/database"
	"parley/gateway/folder"
	"parley/gateway/hooks"
	"parley/gateway/metrics"
	"parley/gateway/natsbus"
	"parley/gateway/office"
	"parley/gateway/rest"
	"parley/gateway/secrets"
	"parley/gateway/signin"
	"parley/gateway/web"
	"parley/gateway/webchat"
)

// Options of an App.
type Options struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer // the banner and brand problems, for people
	// Folder is a brand to publish instead of the one that the settings name.
	Folder *brandfolder.Brand
	// Ask asks a person at the terminal whether a brand may use variables; nil
	// when nobody is there.
	Ask func(brand string, refs []engine.Reference) bool
	// Allowed are references that hold for this process alone.
	Allowed []engine.Reference
	// Lists is the folder with the list of allowed variables; "" is Config.Data.
	Lists string
	// Hold keeps bots from being woken by what comes in (benchmarks of the intake).
	Hold bool
	// Clock is the time of all parts; nil is the machine's, or that of the database which
	// it shares.
	Clock engine.Clock
	// Policy of sending; the zero value is delivery.DefaultPolicy.
	Policy outbox.Policy
}

// App is one running gateway.
type App struct {
	Parts
	opt      Options
	log      *slog.Logger
	vault    *secrets.Vault
	database *database.Database
	index    database.Index
	loader   *folder.Loader
	rest     *rest.Server
	webchat  *webchat.Server
	metrics  *metrics.Metrics
	kinds    engine.ChannelKinds
	listener net.Listener
	http     *http.Server
	unready  rate.Sometimes // bounds what is logged of a store that does not work
	clocks   rate.Sometimes // and of clocks that differ
	workers  []worker
	closers  []func() error // undone in reverse
}

// Parts are what tools that run beside the server use.
type Parts struct {
	Store    engine.Store
	Bus      engine.Bus
	Catalog  *catalog.Catalog
	Receiver *receive.Receiver
	Desk     *desk.Desk
	Signin   *signin.Service
}

type worker struct {
	name string
	run  func(context.Context) error
}

// Run ends within ten seconds: requests and live connections have the first
// part of drainTime, workers what is left of it, and the store a moment.
const (
	drainTime   = 9 * time.Second
	requestTime = 6 * time.Second
)

// providerTime bounds a request to a provider; connectors have shorter times of their own.
const providerTime = 90 * time.Second

// NewID makes a UUIDv7.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// New opens everything and listens; it does not serve yet. When it fails,
// what it had opened is closed again.
func New(ctx context.Context, opt Options) (_ *App, err error) {
	if opt.Policy.Lease == 0 {
		opt.Policy = outbox.DefaultPolicy()
	}
	a := &App{
		opt: opt, log: slog.New(newTold(opt.Log.Handler())), metrics: metrics.New(), kinds: connectors.Kinds(),
		unready: rate.Sometimes{First: 1, Interval: time.Minute}, clocks: rate.Sometimes{First: 1, Interval: time.Hour},
	}
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	// Listening first tells at once that the address is taken.
	if a.listener, err = net.Listen("tcp", opt.Config.Addr); err != nil {
		return nil, fmt.Errorf("listening on %s: %w", opt.Config.Addr, err)
	}
	a.onClose(closeListener(a.listener))
	if a.opt.Config.PublicURL == "" {
		a.opt.Config.PublicURL = "http://" + reachable(a.listener.Addr())
	}
	if err := a.openBus(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(opt.Config.Data, 0o700); err != nil { // what a process keeps for itself
		return nil, fmt.Errorf("the data folder: %w", err)
	}
	if a.database, err = a.openDatabase(ctx); err != nil {
		return nil, err
	}
	a.Store = a.database
	a.onClose(a.Store.Close)
	a.Store.Notify(a.Bus.Publish)
	if err := a.setClock(ctx); err != nil {
		return nil, err
	}
	a.vault, err = secrets.Open(secrets.Config{Dir: cmp.Or(opt.Lists, opt.Config.Data), File: opt.Config.Secrets, Env: os.LookupEnv, Kinds: a.kinds, Log: a.log})
	if err != nil {
		return nil, err
	}
	a.vault.Grant(opt.Allowed)
	if a.index, err = a.database.OpenIndex(ctx); err != nil {
		return nil, err
	}
	a.onClose(a.index.Close)
	key, err := webchat.VisitorKey(ctx, a.Store, opt.Config.Data)
	if err != nil {
		return nil, err
	}
	if err := a.assemble(key); err != nil {
		return nil, err
	}
	if err := a.loadBrands(ctx); err != nil {
		return nil, err
	}
	door, err := office.Open(opt.Config.Data, office.Folder{Store: a.Store, Clock: a.opt.Clock, Eraser: func(context.Context) (erasure.Eraser, func() error, error) {
		return a.database.Eraser(a.index), func() error { return nil }, nil
	}})
	if err != nil {
		return nil, err
	}
	a.onClose(door.Close)
	return a, a.serveHTTP()
}

// openBus comes before the store, which it outlives: the store tells it of every commit.
func (a *App) openBus() error {
	to := a.opt.Config.Bus
	if !to.Used() {
		a.Bus = bus.New()
		return nil
	}
	cfg := natsbus.Config{Servers: to.Servers, Creds: to.Creds, Prefix: to.Prefix, Log: a.log}
	if to.Node {
		cfg.Node = &natsbus.Node{Addr: to.Addr, Peers: to.Peers, Secret: to.Secret}
	}
	b, err := natsbus.Open(cfg)
	if err != nil {
		return err
	}
	a.Bus = b
	a.metrics.Bus(b.Links, b.Signals)
	a.onClose(b.Close)
	return nil
}

// startTime is how long a start waits for a PostgreSQL that cannot be reached: machines
// that start together do not do so in order.
const startTime = time.Minute

func (a *App) openDatabase(ctx context.Context) (*database.Database, error) {
	cfg := database.Config{Dir: a.opt.Config.Data, URL: a.opt.Config.DB}
	ends := time.Now().Add(startTime)
	for told := false; ; {
		db, err := database.Open(ctx, cfg)
		if !database.Unreached(err) || time.Now().After(ends) {
			return db, err
		}
		if !told {
			told = true
			a.log.Warn("waiting for the database", "for", startTime, "error", err)
		}
		if !engine.Sleep(ctx, time.Second) {
			return nil, ctx.Err()
		}
	}
}

// reachable is an address that people on this machine can open: one that
// listens everywhere has no host of its own.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return addr.String()
}

// assemble builds the parts around the store.
func (a *App) assemble(key []byte) error {
	cfg := a.opt.Config
	guard, err := egress.NewGuard(cfg.EgressAllow)
	if err != nil {
		return err
	}
	client := egress.NewClient(egress.Config{Guard: guard, MaxConnsPerHost: cfg.Senders, Timeout: providerTime})
	a.onClose(func() error { client.CloseIdleConnections(); return nil })
	fetcher := egress.NewFetcher(egress.FetcherConfig{
		Guard: guard, Local: map[string]http.Handler{example.OrdersHost: example.Orders(a.opt.Clock)},
	})
	a.onClose(func() error { fetcher.Close(); return nil })
	kinds := map[engine.ChannelKind]engine.Connector{}
	for _, c := range connectors.Builtin(connectors.Config{HTTP: client}) {
		kinds[c.Spec().Kind] = c
	}
	clock := a.opt.Clock
	a.Catalog = catalog.New(a.Store, a.Bus, clock, time.Second).Filled(a.vault.Fill)
	learned := kept.In(filepath.Join(cfg.Data, kept.Folder))
	runtime := botscripts.New(botscripts.Config{Kept: learned, Note: func(text string) { a.log.Info(text) }})
	writer := newWriter(kinds)
	shelf := &versions.Versions{
		Store: a.Store, Clock: clock, Writer: writer, Read: folder.Reader(a.vault), Runtime: runtime,
	}
	a.loader = &folder.Loader{
		Store: a.Store, Versions: shelf, Runtime: runtime, Vault: a.vault,
		Log: a.log, Out: a.opt.Out, Ask: a.opt.Ask,
	}
	hearing := listen.New(listen.Config{Store: a.Store, Clock: clock, Log: a.log})
	a.Receiver = &receive.Receiver{
		Store: a.Store, Clock: clock, NewID: NewID, Catalog: a.Catalog, Writer: writer,
		Connectors: kinds, Listener: hearing, Log: a.log, Bus: a.Bus, Observe: a.metrics.LeftOut, Hold: a.opt.Hold,
	}
	a.Desk = &desk.Desk{Store: a.Store, Clock: clock, Catalog: a.Catalog, Writer: writer}
	hub := log.New(log.Config{Store: a.Store, Bus: a.Bus, Log: a.log})
	sender := &outbox.Worker{
		Store: a.Store, Bus: a.Bus, Clock: clock, Catalog: a.Catalog, Writer: writer, Connectors: kinds,
		Fetch: outbox.Local(fetcher), Policy: a.opt.Policy, Log: a.log, Parallel: cfg.Senders,
		CallbackURL: hooks.CallbackURL(cfg.PublicURL), Observe: a.metrics.Send, Watch: a.metrics.Channels,
		Far: !a.alone(),
	}
	turns := &dialog.Worker{
		Store: a.Store, Bus: a.Bus, Clock: clock, NewID: NewID, Catalog: a.Catalog, Writer: writer,
		Runtime: runtime, Log: a.log, Shards: cfg.Turns, Alone: a.alone(), Queues: routing.QueueStatus, Observe: a.metrics.Turn,
		Failed: breaker.Breaker{Policy: breaker.DefaultPolicy(), Read: folder.Reader(a.vault)}.Failed,
	}
	var leases *lease.Keeper
	if !a.alone() {
		leases = &lease.Keeper{Store: a.Store, Clock: clock, Holder: NewID()}
	}
	a.workers = []worker{
		{"clock", a.followClock},
		{"live", hub.Run},
		{"projections", (&projection.Runner{
			Store: a.Store, Projections: []engine.Projection{routing.PaceProjection()}, Log: a.log,
		}).Run},
		{"hearing", hearing.Run},
		{"search", func(ctx context.Context) error { return a.index.Run(ctx, a.log) }},
		{"timers", (&timers.Worker{Store: a.Store, Bus: a.Bus, Clock: clock, Log: a.log}).Run},
		{"follow-ups", (&followup.Worker{Store: a.Store, Bus: a.Bus, Clock: clock, Writer: writer, Log: a.log}).Run},
		{"retention", (&retention.Worker{Store: a.Store, Clock: clock, Index: a.index, Log: a.log, Leases: leases, KeepEvents: cfg.KeepEvents}).Run},
		{"routing", routing.New(routing.Config{Store: a.Store, Bus: a.Bus, Clock: clock, Catalog: a.Catalog, Writer: writer, Log: a.log, Leases: leases}).Run},
		{"attendance", (&attendance.Sweeper{
			Rules: attendance.Rules{Store: a.Store, Clock: clock, Writer: writer}, Log: a.log,
		}).Run},
		{"delivery", func(ctx context.Context) error {
			if a.alone() { // else leases run out by themselves: others may be at work
				if err := sender.Recover(ctx); err != nil {
					return err
				}
			}
			return sender.Run(ctx)
		}},
	}
	if !a.opt.Hold {
		a.workers = append(a.workers, worker{"dialog", turns.Run})
	}
	a.Signin = signin.New(signin.Deps{Store: a.Store, Clock: clock, NewID: NewID, Secure: a.secure()})
	a.rest = rest.New(rest.Deps{
		Store: a.Store, Bus: a.Bus, Clock: clock, NewID: NewID, Desk: a.Desk, Hub: hub, Catalog: a.Catalog,
		Signin: a.Signin, Build: web.Version(), Log: a.log, Origins: []string{a.opt.Config.PublicURL},
		Versions: shelf, Search: a.index, Eraser: a.database.Eraser(a.index), Kept: learned, Admit: a.vault.Admit, Tones: hearing,
		Kinds: a.kinds,
		Look: func(ctx context.Context, ch engine.Channel) ([]engine.Finding, string) {
			webhook := engine.Webhook(cfg.PublicURL, ch.ID)
			return setup.Look(ctx, kinds[ch.Kind], ch, webhook), webhook
		},
		Draft: func(channel, version string) (string, time.Time, error) { return a.webchat.DraftLink(channel, version) },
	})
	a.onClose(func() error { a.rest.Close(); return nil })
	a.webchat = webchat.New(webchat.Deps{
		Store: a.Store, Bus: a.Bus, Clock: clock, NewID: NewID, Receiver: a.Receiver, Hub: hub,
		Catalog: a.Catalog, Key: key, PublicURL: a.opt.Config.PublicURL, Log: a.log,
	})
	a.onClose(func() error { a.webchat.Close(); return nil })
	return nil
}

// alone says that no other process can have the store.
func (a *App) alone() bool { return a.opt.Config.DB == "" }

// Addr is the address that it listens on.
func (a *App) Addr() string { return a.listener.Addr().String() }

// Run serves until ctx ends or a part fails, then drains for at most ten
// seconds and closes everything.
func (a *App) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, len(a.workers)+2)
	var group sync.WaitGroup
	for _, w := range a.workers {
		group.Go(func() {
			err := w.run(ctx)
			switch {
			case ctx.Err() != nil:
			case err == nil:
				failed <- fmt.Errorf("%s ended by itself", w.name)
			default:
				failed <- fmt.Errorf("%s: %w", w.name, err)
			}
		})
	}
	group.Go(func() {
		if err := a.http.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serving: %w", err)
		}
	})
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	return errors.Join(err, a.drain(cancel, &group))
}

// drain stops taking requests, lets workers finish what they have begun, and
// closes the store last. What it cuts off is found again at the next start, as
// after a crash.
func (a *App) drain(cancel context.CancelFunc, group *sync.WaitGroup) error {
	ctx, done := context.WithTimeout(context.Background(), drainTime)
	defer done()
	var edge sync.WaitGroup
	edge.Go(a.rest.Close) // tell clients to come back later, and wait for them
	edge.Go(a.webchat.Close)
	edge.Go(func() {
		ctx, done := context.WithTimeout(ctx, requestTime)
		defer done()
		if err := a.http.Shutdown(ctx); err != nil {
			a.log.Warn("some requests were cut off", "error", err)
			_ = a.http.Close() // they are cut off: nothing else can be done for them
		}
	})
	served := wait(ctx, requestTime+time.Second, &edge)
	cancel()
	if worked := wait(ctx, drainTime, group); !worked || !served {
		a.log.Warn("some work was cut off", "connections", !served, "workers", !worked)
		return a.Store.Close() // the other parts would wait for that work
	}
	return a.Close()
}

// wait says whether the group was done in time.
func wait(ctx context.Context, limit time.Duration, group *sync.WaitGroup) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	finished := make(chan struct{})
	go func() { group.Wait(); close(finished) }()
	select {
	case <-finished:
		return true
	case <-ctx.Done():
		return false
	}
}

// Close closes what New opened, newest first. Closing twice does nothing.
func (a *App) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}

func (a *App) onClose(fn func() error) { a.closers = append(a.closers, fn) }

func closeListener(l net.Listener) func() error {
	return func() error {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	}
}
