package bench

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"parley/botscripts/brandfolder"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/database"
	"parley/gateway/folder"
)

//go:embed brand
var brandFiles embed.FS

const (
	channel     = "bench.sms"
	downChannel = "bench.down" // whose provider takes no connection
)

// provider is the fake Twilio behind a listener of its own, which tells of
// each message that the API takes, before the sender hears of it.
type provider struct {
	*twiliotest.Server
	http *http.Server
	base string
	down string // where nobody listens
}

func startProvider(accepted func(to, body string)) (*provider, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the fake provider: %w", err)
	}
	down, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		err = down.Close()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("finding a free port: %w", err), listener.Close())
	}
	p := &provider{
		Server: twiliotest.New(twiliotest.Config{}), base: "http://" + listener.Addr().String(), down: "http://" + down.Addr().String(),
	}
	api := p.Handler()
	p.http = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := &statusWriter{ResponseWriter: w}
		api.ServeHTTP(status, r)
		if status.code == http.StatusCreated {
			accepted(r.PostForm.Get("To"), r.PostForm.Get("Body"))
		}
	})}
	go func() { _ = p.http.Serve(listener) }() // ends with ErrServerClosed
	return p, nil
}

func (p *provider) close() {
	_ = p.http.Close() // nobody is served any more
	p.Close()
}

type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

// loadBrand reads the benchmark's brand for a provider's account.
func loadBrand(p *provider) (brandfolder.Brand, error) {
	files, err := fs.Sub(brandFiles, "brand")
	if err != nil {
		return brandfolder.Brand{}, err
	}
	values := map[string]string{
		"BENCH_ACCOUNT_SID": p.AccountSID(), "BENCH_AUTH_TOKEN": p.AuthToken(), "BENCH_API_BASE": p.base, "BENCH_DOWN_BASE": p.down,
	}
	b, problems := folder.BrandReader(func(name string) (string, bool) {
		v, ok := values[name]
		return v, ok
	}).Load(files)
	if len(problems) > 0 {
		return b, fmt.Errorf("the benchmark's brand: %s", problems[0])
	}
	b.Brand, b.Channels = brandfolder.Fill(b.Kinds, b.Brand, b.Channels, func(r engine.Reference) (string, bool) {
		v, ok := values[r.Variable]
		return v, ok
	})
	return b, nil
}

// site is what serves in a phase: one App in this process, or several processes.
type site struct {
	database engine.Store // to look at what was stored
	hook     string       // where the provider posts, as it signs it
	hosts    []string     // of the nodes
	figures  func() ([]nodeFigures, error)
	end      func() error
}

// startSite serves what is published at a place on free ports.
func startSite(ctx context.Context, at place, p *provider, hold bool, nodes int, log *slog.Logger) (*site, error) {
	cfg := NodeConfig{Data: at.Dir, DB: at.URL, Egress: p.base[len("http://"):] + "," + p.down[len("http://"):], Hold: hold}
	if nodes > 1 {
		return startNodes(ctx, at, cfg, nodes)
	}
	a, err := open(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	// The site ends when close says so: what is under way is counted first.
	runCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- a.Run(runCtx) }()
	return &site{
		database: a.Store, hook: hookOf(a.Addr()), hosts: []string{a.Addr()},
		figures: func() ([]nodeFigures, error) { return []nodeFigures{figuresOf(a)}, nil },
		end:     func() error { cancel(); return <-ended },
	}, nil
}

func hookOf(addr string) string { return "http://" + addr + "/hooks/" + channel }

// startNodes serves with processes of their own. The provider signs the address of the
// first, as it would sign that of a proxy in front of all.
func startNodes(ctx context.Context, at place, cfg NodeConfig, n int) (_ *site, err error) {
	store, err := database.Open(ctx, at.Config)
	if err != nil {
		return nil, err
	}
	var all []*process
	s := &site{database: store, end: func() error {
		errs := make([]error, len(all)+1)
		var group sync.WaitGroup
		for i, p := range all {
			group.Go(func() { errs[i] = p.close() })
		}
		group.Wait()
		errs[len(all)] = store.Close()
		return errors.Join(errs...)
	}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.end())
		}
	}()
	cfg.PublicURL = "http://bench.invalid"
	s.hook = cfg.PublicURL + "/hooks/" + channel
	data := cfg.Data
	for i := range n {
		cfg.Data = filepath.Join(data, fmt.Sprint("node", i+1))
		p, err := startProcess(ctx, cfg)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
		s.hosts = append(s.hosts, p.addr)
	}
	s.figures = func() ([]nodeFigures, error) {
		out := make([]nodeFigures, len(all))
		for i, p := range all {
			var err error
			if out[i], err = p.figures(); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return s, nil
}

func (s *site) store() engine.Store { return s.database }

func (s *site) close() error { return s.end() }
