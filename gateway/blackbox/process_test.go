package blackbox_test

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/api"
)

// The process starts fast, stops at Ctrl-C, and tells in one line why it cannot start.
func TestProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, usual, map[string]string{"concierge.lua": conciergeLua})
	t.Logf("ready after %v", w.start())
	began := time.Now()

	second := w.serveArgs()
	second[slices.Index(second, w.addr)] = freeAddr(t)
	_, errs, code := w.parley(second...)
	if code != 1 || !oneLine(errs) || !strings.Contains(errs, w.data) {
		t.Errorf("a second process on the folder: %d %q", code, errs)
	}
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"unknown flag", []string{"serve", "--colour", "red"}, "--colour"},
		{"bad value", []string{"serve", "--addr", "nowhere"}, "--addr"},
		{"unknown command", []string{"dance"}, "dance"},
	} {
		_, errs, code := w.parley(tt.args...)
		if code != 2 || !oneLine(errs) || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: %d %q", tt.name, code, errs)
		}
	}
	cmd := w.command(t.Context(), "serve", "--data", w.data)
	cmd.Env = append(cmd.Env, "PARLEY_COLOUR=red")
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != 2 || !oneLine(string(out)) || !strings.Contains(string(out), "PARLEY_COLOUR") {
		t.Errorf("an unknown variable: %v %q", err, out)
	}

	t.Logf("the refusals took %v", time.Since(began))
	began = time.Now()
	w.stop()
	t.Logf("ended %v after Ctrl-C", time.Since(began))
}

func oneLine(s string) bool { return strings.Count(s, "\n") == 1 && strings.HasSuffix(s, "\n") }

// Ctrl-C while the provider is slow and somebody waits for news: what was
// begun is finished, and nobody is unsure of anything.
func TestStopFinishesWhatItBegan(t *testing.T) {
	t.Parallel()
	const amy = "+14155550106"
	w, ana, _ := staffed(t, twiliotest.Config{})
	_, end := ana.list()
	var once sync.Once // a request on a stale connection is written twice
	asked, polled := make(chan struct{}), make(chan struct{})
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { once.Do(func() { close(asked) }) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, w.url+"/api/v1/events?wait=30&after="+end, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(ana.cookie)
	go func() {
		defer close(polled)
		if resp, err := w.client.Do(req); err == nil {
			resp.Body.Close()
		}
	}()
	<-asked
	w.fake.FailNext(1, twiliotest.Fault{Delay: time.Second})
	w.says(amy, "hello")
	w.awaitCalls(1)
	w.stop()
	<-polled
	if strings.Contains(w.log.String(), "cut off") { // the gateway gave up waiting for somebody
		t.Error("it waited for more than the send")
	}
	sent := w.fake.SentTo(amy)
	if len(sent) == 0 || sent[0].Body != "Hi, I'm Robin, a bot." {
		t.Fatalf("%s got %v", amy, bodies(sent))
	}
	w.view(func(tx engine.Tx) error {
		for _, m := range sent {
			item, err := tx.Outbox().ByProvider(channelID, m.SID)
			if err != nil || item.State != engine.OutboxDone {
				t.Errorf("%q is %s: %v", m.Body, item.State, err)
			}
		}
		return nil
	})
	w.start()
	w.hears(amy, "Hi, I'm Robin, a bot.", "What is your order number?")
	w.stop()
}

// Ctrl-C while the provider does not answer at all: the process ends in its
// time, and the next one finds out what became of the send.
func TestStopCutsWhatTakesTooLong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	const sue = "+14155550107"
	w, ana, _ := staffed(t, twiliotest.Config{})
	w.fake.FailNext(1, twiliotest.Fault{Delay: time.Minute})
	w.says(sue, "hello")
	w.awaitCalls(1)
	w.stop()
	w.start()
	w.hears(sue, "Hi, I'm Robin, a bot.", "What is your order number?")
	ana.await("both are sent", "", func() bool {
		return !slices.ContainsFunc(ana.messages(ana.one(sue).Id), func(m api.Message) bool {
			return m.Author == api.AuthorBot && m.State != api.Sent
		})
	})
	w.stop()
}

// awaitCalls waits until the provider was asked n times to send something.
func (w *world) awaitCalls(n int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for w.fake.Calls() < n {
		select {
		case <-look.C:
		case <-ctx.Done():
			w.t.Fatalf("the provider was asked %d times, want %d", w.fake.Calls(), n)
		}
	}
}
