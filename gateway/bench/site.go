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
	"os"
	"path/filepath"
	"time"

	"parley/botscripts/brandfolder"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/app"
	"parley/gateway/config"
	"parley/gateway/folder"
	"parley/storage/sqlite"
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

// site is a running App with its data folder.
type site struct {
	app    *app.App
	dir    string
	cancel context.CancelFunc
	ended  chan error
}

// startSite serves what is published in dir on a free port.
func startSite(ctx context.Context, dir string, p *provider, hold bool, log *slog.Logger) (*site, error) {
	cfg, err := config.Load(map[string]string{
		"data": dir, "addr": "127.0.0.1:0", "egress_allow": p.base[len("http://"):] + "," + p.down[len("http://"):],
	}, nil, "")
	if err != nil {
		return nil, err
	}
	a, err := app.New(ctx, app.Options{Config: cfg, Log: log, Out: discard{}, Hold: hold})
	if err != nil {
		return nil, err
	}
	// The site ends when close says so: what is under way is counted first.
	runCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &site{app: a, dir: dir, cancel: cancel, ended: make(chan error, 1)}
	go func() { s.ended <- a.Run(runCtx) }()
	return s, nil
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func publishBrand(ctx context.Context, dir string, p *provider) error {
	b, err := loadBrand(p)
	if err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, sqlite.Config{Dir: dir})
	if err != nil {
		return err
	}
	shelf := versions.Versions{Store: store, Clock: time.Now}
	_, err = shelf.Publish(ctx, versions.Version{Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle}, versions.By{})
	return errors.Join(err, store.Close())
}

func (s *site) store() engine.Store { return s.app.Store }

// hookURL is where the provider posts, as it signs it.
func (s *site) hookURL() string { return "http://" + s.app.Addr() + "/hooks/" + channel }

func (s *site) close() error {
	s.cancel()
	return <-s.ended
}

// scratch makes a folder for one run; remove takes it away again.
func scratch() (dir string, remove func() error, err error) {
	dir, err = os.MkdirTemp("", "parley-bench-")
	if err != nil {
		return "", nil, err
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}

func sub(dir, name string) string { return filepath.Join(dir, name) }
