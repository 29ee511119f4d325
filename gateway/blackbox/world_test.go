package blackbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/connectors/twilio/twiliotest"
)

const (
	shopNumber = "+14155550199"
	channelID  = "shop.sms"
	stopTime   = 10 * time.Second // from Ctrl-C to the end, as promised
	slowness   = 15 * time.Second // that a busy machine adds to it
	patience   = time.Minute      // for anything that must happen by itself
)

// world is one gateway on a data folder and a brand folder of its own, and the
// fake provider that it talks to.
type world struct {
	t      testing.TB
	data   string
	brand  string
	addr   string
	url    string
	fake   *twiliotest.Server
	api    string // the fake's address as the gateway knows it
	hook   twiliotest.Hook
	client *http.Client
	log    *output
	db     string   // URL of PostgreSQL; "" for SQLite in data
	args   []string // more of the server's
	accept int      // seconds in which an offer must be accepted
	more   string   // of the brand's settings

	proc *process
}

// process is one run of the binary.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has ended
	err   error         // of Wait, once ended
}

// newWorld makes the folders and the fake; nothing runs yet. The bots are
// files of the brand folder by name.
func newWorld(t testing.TB, cfg twiliotest.Config, bots map[string]string) *world {
	t.Helper()
	dir := t.TempDir()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	w := &world{
		t: t, accept: 60, data: filepath.Join(dir, "data"), brand: filepath.Join(dir, "brand"), addr: freeAddr(t),
		log: &output{}, fake: twiliotest.New(cfg), client: &http.Client{Transport: transport, Timeout: 2 * time.Minute},
	}
	w.url = "http://" + w.addr
	w.hook = twiliotest.Hook{URL: w.url + "/hooks/" + channelID}
	t.Cleanup(func() {
		w.kill()
		w.fake.Close()
		transport.CloseIdleConnections()
		log := w.log.String()
		if strings.Contains(log, "DATA RACE") {
			t.Error("the process had a data race")
		}
		if t.Failed() {
			t.Logf("the process wrote:\n%s", tail(log, 20_000))
		}
	})
	w.reaches(w.fake.URL())
	for name, text := range bots {
		w.write("bots/"+name, text)
	}
	return w
}

// reaches tells the gateway, before it starts, where the provider's API is.
func (w *world) reaches(api string) {
	w.t.Helper()
	w.api = api
	w.write("brand.yaml", fmt.Sprintf(brandYAML, w.accept, shopNumber, w.fake.AccountSID(), api)+w.more)
}

const brandYAML = `id: shop
name: Corner Shop
time_zone: UTC
languages: [en]
bot_name: Robin
default_skill: care
escape_words:
  en: [agent]
skills:
  care:
    name: Customer care
    accept_seconds: %d
    outcomes: [solved]
loops: {burst: 10000, answers: 10000, unanswered: 10000} # its consumers are machines
channels:
  sms:
    kind: twilio
    bot: concierge
    address: "%s"
    account_sid: %s
    auth_token: ${FAKE_TWILIO_TOKEN}
    api_base: %s
    confirm_after: 15s
`

// write puts a file into the brand folder as editors do: whole, by a rename.
func (w *world) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.brand, filepath.FromSlash(name))
	err := errors.Join(
		os.MkdirAll(filepath.Dir(path), 0o755),
		os.WriteFile(path+".new~", []byte(text), 0o644),
		os.Rename(path+".new~", path),
	)
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) environ() []string {
	// A binary with the race detector would sleep a second before it ends.
	env := []string{"FAKE_TWILIO_TOKEN=" + w.fake.AuthToken(), "GORACE=atexit_sleep_ms=0"}
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "PARLEY_") {
			env = append(env, kv)
		}
	}
	return env
}

func (w *world) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Getenv(binaryName), args...)
	cmd.Env, cmd.Dir = w.environ(), filepath.Dir(w.data)
	return cmd
}

// database are the arguments that name it.
func (w *world) database() []string {
	if w.db == "" {
		return nil
	}
	return []string{"--db", w.db}
}

func (w *world) serveArgs() []string {
	return slices.Concat([]string{
		"serve", "--brand", w.brand, "--data", w.data, "--addr", w.addr,
		"--egress-allow", strings.TrimPrefix(w.api, "http://"),
	}, w.database(), w.args)
}

// spawn runs the server and does not wait for it.
func (w *world) spawn() {
	w.t.Helper()
	p := &process{cmd: w.command(context.Background(), w.serveArgs()...), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = w.log, w.log
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.proc = p
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
}

// start runs the server and waits until it is ready. It gives the time that
// took.
func (w *world) start() time.Duration {
	w.t.Helper()
	began := time.Now()
	w.spawn()
	p := w.proc
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		if w.ready(ctx) {
			return time.Since(began)
		}
		select {
		case <-p.ended:
			w.t.Fatalf("the process ended at its start: %v", p.err)
		case <-ctx.Done():
			w.t.Fatalf("not ready within %v", patience)
		case <-look.C:
		}
	}
}

func (w *world) ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/readyz", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// stop ends the server as Ctrl-C does: it must drain and end well.
func (w *world) stop() {
	w.t.Helper()
	w.client.CloseIdleConnections()
	if err := w.proc.cmd.Process.Signal(syscall.SIGINT); err != nil {
		w.t.Fatal(err)
	}
	select {
	case <-w.proc.ended:
	case <-time.After(stopTime + slowness):
		w.t.Fatalf("still running %v after Ctrl-C", stopTime+slowness)
	}
	if w.proc.err != nil {
		w.t.Fatalf("after Ctrl-C it ended with %v", w.proc.err)
	}
	w.proc = nil
}

// kill ends the server without warning, if it runs.
func (w *world) kill() {
	if w.proc == nil {
		return
	}
	_ = w.proc.cmd.Process.Kill() // it may have ended by itself
	<-w.proc.ended
	w.proc = nil
}

// parley runs one command to its end.
func (w *world) parley(args ...string) (stdout, stderr string, code int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := w.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// says sends one message of a consumer; it must be acknowledged at once.
func (w *world) says(from, text string) twiliotest.Reply {
	w.t.Helper()
	return w.sends(twiliotest.Inbound{From: from, To: shopNumber, Body: text})
}

func (w *world) sends(in twiliotest.Inbound) twiliotest.Reply {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	reply, err := w.fake.Inbound(ctx, w.hook, in)
	if err != nil {
		w.t.Fatal(err)
	}
	if reply.Status != http.StatusOK || !strings.HasSuffix(reply.Body, "<Response/>") {
		w.t.Fatalf("the webhook of %q was answered %d %s", in.Body, reply.Status, reply.Body)
	}
	return reply
}

// hears waits until the consumer has got exactly these messages, in this order.
func (w *world) hears(to string, want ...string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	got, err := w.fake.AwaitSentTo(ctx, to, len(want))
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(want):
			w.t.Fatalf("%s got %q as well", to, got[i].Body)
		case i >= len(got):
			w.t.Fatalf("%s did not get %q: %v", to, want[i], err)
		case got[i].Body != want[i]:
			w.t.Fatalf("%s got message %d %q, want %q", to, i+1, got[i].Body, want[i])
		}
	}
}

// freeAddr finds a port below those that the system gives to connections: one
// of those could be taken, or connect to itself, while the server is down. Until
// the test ends, a UDP socket of the same number keeps other tests, those of
// other processes too, from finding it.
func freeAddr(t testing.TB) string {
	for range 100 {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(20_000+rand.IntN(12_000)))
		claim, err := net.ListenPacket("udp", addr)
		if err != nil {
			continue
		}
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			t.Cleanup(func() { claim.Close() })
			return addr
		}
		claim.Close()
	}
	t.Fatal("no free port")
	return ""
}

// output keeps what a process writes.
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

func tail(s string, most int) string { return s[max(0, len(s)-most):] }
