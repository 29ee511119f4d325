package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"parley/botscripts/brandfolder"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/app"
	"parley/gateway/config"
	"parley/gateway/folder"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait for something that must happen by itself.
const patience = 30 * time.Second

// site is a running App. Its client keeps cookies.
type site struct {
	t      testing.TB
	app    *app.App
	url    string
	out    *output // the banner and the brand's problems
	log    *output // at debug level
	client *http.Client
	stop   func()
}

// output keeps what is written to it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// options are usable ones: a free port, everything logged.
func options(t testing.TB, given map[string]string) (opt app.Options, out, log *output) {
	t.Helper()
	flags := map[string]string{"addr": "127.0.0.1:0", "log_level": "debug"}
	for k, v := range given {
		flags[k] = v
	}
	cfg, err := config.Load(flags, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	out, log = &output{}, &output{}
	handler := slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})
	return app.Options{Config: cfg, Log: slog.New(handler), Out: out}, out, log
}

// start runs an App with these settings ("data" is needed) until the test ends.
func start(t testing.TB, given map[string]string, change ...func(*app.Options)) *site {
	t.Helper()
	opt, out, log := options(t, given)
	for _, fn := range change {
		fn(&opt)
	}
	a, err := app.New(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	s := &site{
		t: t, app: a, url: "http://" + a.Addr(), out: out, log: log,
		client: &http.Client{Transport: transport, Jar: jar, Timeout: time.Minute},
	}
	s.stop = sync.OnceFunc(func() {
		transport.CloseIdleConnections()
		cancel()
		select {
		case err := <-ended:
			// On a busy machine some work may have been cut off, and is waited for here.
			if err = errors.Join(err, a.Close()); err != nil {
				t.Errorf("the gateway ended with %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("the gateway still runs a minute after it was told to stop")
		}
		transport.CloseIdleConnections()
		if t.Failed() {
			t.Logf("printed:\n%s\nlogged:\n%s", out, tail(log.String()))
		}
	})
	t.Cleanup(s.stop)
	return s
}

func tail(text string) string { return text[max(0, len(text)-10_000):] }

// answer is what a request came back with.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; headers come in pairs.
func (s *site) ask(method, path, body string, header ...string) answer {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
			continue
		}
		req.Header.Set(header[i], header[i+1])
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(data)}
}

func (s *site) signIn(email, password string) answer {
	s.t.Helper()
	return s.ask(http.MethodPost, "/api/v1/session", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
}

// view reads from the store.
func (s *site) view(fn func(engine.Tx) error) {
	s.t.Helper()
	if err := s.app.Store.View(context.Background(), fn); err != nil {
		s.t.Fatal(err)
	}
}

// eventually waits until ok says so.
func (s *site) eventually(what string, ok func() bool) {
	s.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	end := time.After(patience)
	for !ok() {
		select {
		case <-look.C:
		case <-end:
			s.t.Fatalf("after %v still not: %s", patience, what)
		}
	}
}

// brandDir writes a brand folder.
func brandDir(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

// put writes a file as editors do: whole, by a rename.
func put(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".new~", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new~", path); err != nil {
		t.Fatal(err)
	}
}

// shopYAML is the smallest real brand; %s are channels.
const shopYAML = `id: shop
name: Corner Shop
time_zone: UTC
languages: [en]
default_skill: care
escape_words:
  en: [agent]
skills:
  care:
    name: Care
channels:
%s`

// texting is a channel with a fake Twilio behind it.
func texting(name, bot, number string, fake *twiliotest.Server) string {
	return fmt.Sprintf("  %s: {kind: twilio, bot: %s, address: \"%s\", account_sid: %s, auth_token: \"${FAKE_TOKEN}\", api_base: \"%s\"}\n",
		name, bot, number, fake.AccountSID(), fake.URL())
}

func newFake(t testing.TB, cfg twiliotest.Config) *twiliotest.Server {
	fake := twiliotest.New(cfg)
	t.Cleanup(fake.Close)
	return fake
}

func (s *site) hook(channel string) twiliotest.Hook {
	return twiliotest.Hook{URL: s.url + "/hooks/" + channel}
}

// loaded reads a brand from files.
func loaded(t testing.TB, files map[string]string) *brandfolder.Brand {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	b, problems := folder.BrandReader(func(name string) (string, bool) {
		return twiliotest.DefaultAuthToken, name == "FAKE_TOKEN"
	}).Load(fsys)
	if len(problems) > 0 {
		t.Fatalf("the brand has problems: %v", problems)
	}
	b.Brand, b.Channels = brandfolder.Fill(b.Kinds, b.Brand, b.Channels, func(engine.Reference) (string, bool) {
		return twiliotest.DefaultAuthToken, true
	})
	return &b
}
