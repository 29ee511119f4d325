package outbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/egress"
	"parley/engine/enginetest"
	"parley/engine/outbox"
)

// call lets a session wait for an outside call at step 3.
func (w world) call(id string, req engine.HTTPRequest) {
	raw, err := json.Marshal(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Update(func(tx engine.Tx) error {
		err := tx.Sessions().Add(engine.Session{
			ID: "s1", Brand: enginetest.Brand, Conversation: id, State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitResult, Step: 3},
		})
		if err != nil {
			return err
		}
		return tx.Outbox().Add(&engine.OutboxItem{
			ID: "call", Brand: enginetest.Brand, Channel: enginetest.Phone, Conversation: id, Kind: engine.OutboxHTTP, Session: "s1", Step: 3,
			Request: raw, State: engine.OutboxPending, DueAt: time.Now(), CreatedAt: time.Now(),
		})
	})
}

// results are the answers that the session has got.
func (w world) results(id string) (out []engine.HTTPResponse) {
	for _, e := range w.Inbox(id) {
		if e.Kind != engine.InboxResult || e.Session != "s1" || e.Step != 3 {
			continue
		}
		var r engine.HTTPResponse
		if err := json.Unmarshal(e.Data, &r); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// once waits for the answer and sees that no second one follows.
func (w world) once(id string) engine.HTTPResponse {
	w.t.Helper()
	w.await(5*time.Minute, func() bool { return len(w.results(id)) > 0 })
	time.Sleep(2 * time.Minute)
	synctest.Wait()
	w.equal(1, len(w.results(id)))
	w.equal(true, w.Conversation(id).Ready)
	return w.results(id)[0]
}

// tries records when calls were made, and under which key.
type tries struct {
	mu   sync.Mutex
	at   []time.Time
	keys map[string]bool
}

func (s *tries) add(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil {
		s.keys = map[string]bool{}
	}
	s.at, s.keys[key] = append(s.at, time.Now()), true
	return len(s.at)
}

func (s *tries) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.at)
}

func status(code int) outbox.Answer {
	return outbox.Answer{HTTPResponse: engine.HTTPResponse{Status: code}, Retry: code >= 500}
}

func TestOutsideCallIsAnsweredOnceUnderOneKey(t *testing.T) {
	play(t, func(w world) {
		var made tries
		w.Delivery.Fetch = func(_ context.Context, c outbox.Call) outbox.Answer {
			made.add(c.Key)
			return status(200)
		}
		id := w.Write("hi").Conversation.ID
		w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/"})
		w.Update(func(tx engine.Tx) error { // a process claims it and dies
			_, err := tx.Outbox().Claim(time.Now(), time.Now().Add(10*time.Second), 1)
			return err
		})
		stop := w.run()
		defer stop()
		w.equal(200, w.once(id).Status)
		w.equal(1, made.count())
		w.equal(map[string]bool{"s1-3": true}, made.keys)
	})
}

func TestOutsideCallIsTriedAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		retries  int
		answers  []outbox.Answer // the last one stays
		tries    int
		want     int
		from, to time.Duration // between the first try and the last
	}{
		"not when it worked":           {3, []outbox.Answer{status(200)}, 1, 200, 0, 0},
		"not without being asked":      {0, []outbox.Answer{status(503)}, 1, 503, 0, 0},
		"not when it could do harm":    {3, []outbox.Answer{{HTTPResponse: engine.HTTPResponse{Status: 500}}}, 1, 500, 0, 0},
		"until it works":               {3, []outbox.Answer{status(503), {HTTPResponse: engine.HTTPResponse{Error: "timeout"}, Retry: true}, status(200)}, 3, 200, 1500 * time.Millisecond, 6 * time.Second},
		"as often as asked":            {2, []outbox.Answer{status(503)}, 3, 503, 1500 * time.Millisecond, 6 * time.Second},
		"three times at most":          {50, []outbox.Answer{status(503)}, 4, 503, 3500 * time.Millisecond, 11 * time.Second},
		"when the server says":         {1, []outbox.Answer{{HTTPResponse: engine.HTTPResponse{Status: 429}, Retry: true, RetryAfter: 20 * time.Second}, status(200)}, 2, 200, 20 * time.Second, 22 * time.Second},
		"but not after a minute":       {3, []outbox.Answer{{HTTPResponse: engine.HTTPResponse{Status: 429}, Retry: true, RetryAfter: 40 * time.Second}}, 2, 429, 40 * time.Second, 42 * time.Second},
		"and not when that is too far": {3, []outbox.Answer{{HTTPResponse: engine.HTTPResponse{Status: 429}, Retry: true, RetryAfter: time.Hour}}, 1, 429, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(w world) {
				var made tries
				w.Delivery.Fetch = func(_ context.Context, c outbox.Call) outbox.Answer {
					n := made.add(c.Key)
					return tt.answers[min(n, len(tt.answers))-1]
				}
				id := w.Write("hi").Conversation.ID
				w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/", Retries: tt.retries})
				stop := w.run()
				defer stop()
				w.equal(tt.want, w.once(id).Status)
				w.equal(tt.tries, made.count())
				w.equal(1, len(made.keys))
				if took := made.at[tt.tries-1].Sub(made.at[0]); took < tt.from || took > tt.to {
					t.Errorf("it took %s, want %s to %s", took, tt.from, tt.to)
				}
			})
		})
	}
}

// TestRestartGoesOnWithTries: what was tried is on the item, so another process
// does not begin anew.
func TestRestartGoesOnWithTries(t *testing.T) {
	play(t, func(w world) {
		var made tries
		w.Delivery.Fetch = func(_ context.Context, c outbox.Call) outbox.Answer {
			made.add(c.Key)
			return status(502)
		}
		id := w.Write("hi").Conversation.ID
		w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/", Retries: 3})
		for n := 1; n <= 2; n++ {
			stop := w.run()
			w.await(time.Minute, func() bool { return made.count() == n })
			stop()
		}
		var item engine.OutboxItem
		w.Update(func(tx engine.Tx) (err error) {
			item, err = tx.Outbox().Get("call")
			return err
		})
		w.equal([]any{engine.OutboxPending, 2, "HTTP 502"}, []any{item.State, item.Tries, item.Failure})
		stop := w.run()
		defer stop()
		w.equal(502, w.once(id).Status)
		w.equal(4, made.count())
	})
}

// TestNoTriesForNobody: a session that no longer waits for the call gets what
// there is.
func TestNoTriesForNobody(t *testing.T) {
	play(t, func(w world) {
		id := w.Write("hi").Conversation.ID
		var made tries
		w.Delivery.Fetch = func(_ context.Context, c outbox.Call) outbox.Answer {
			made.add(c.Key)
			w.Update(func(tx engine.Tx) error { // a message interrupts the wait
				return tx.Sessions().Save(engine.Session{ID: "s1", State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage, Step: 4}})
			})
			return status(503)
		}
		w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/", Retries: 3})
		stop := w.run()
		defer stop()
		w.equal(503, w.once(id).Status)
		w.equal(1, made.count())
	})
}

// TestLongCallKeepsItsLease: a call may take longer than a send.
func TestLongCallKeepsItsLease(t *testing.T) {
	play(t, func(w world) {
		id := w.Write("hi").Conversation.ID
		var running, most, calls atomic.Int32
		w.Delivery.Fetch = func(context.Context, outbox.Call) outbox.Answer {
			calls.Add(1)
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(30 * time.Second)
			running.Add(-1)
			return status(200)
		}
		w.Delivery.Policy.Lease = 20 * time.Second
		w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/", Timeout: 30})
		stop := w.run()
		defer stop()
		w.equal(200, w.once(id).Status)
		w.equal([]int32{1, 1}, []int32{most.Load(), calls.Load()})
	})
}

// TestSecretIsNowhereElse sends a secret to a host that echoes it, to a host
// that may not have it, and looks for it in all that is kept and logged.
func TestSecretIsNowhereElse(t *testing.T) {
	const canary = "canary-4f9d1c77"
	for name, tt := range map[string]struct {
		url, header string
		want        engine.HTTPResponse
	}{
		"echoed":     {"https://crm.acme.example/", "Bearer {CRM}", engine.HTTPResponse{Status: 503, Body: "no *** for Bearer ***"}},
		"other host": {"https://shop.acme.example/", "Bearer {CRM}", engine.HTTPResponse{Error: "the secret CRM may not be sent to shop.acme.example"}},
		"unknown":    {"https://crm.acme.example/", "Bearer {CRMS}", engine.HTTPResponse{Error: "there is no secret CRMS"}},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(w world) {
				var log lockedBuffer
				w.Delivery.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				var got []string
				echo := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					got = append(got, r.Header.Get("Authorization"))
					rw.WriteHeader(503)
					fmt.Fprintf(rw, "no %s for %s", canary, r.Header.Get("Authorization"))
				})
				fetcher := egress.NewFetcher(egress.FetcherConfig{Local: map[string]http.Handler{"crm.acme.example": echo, "shop.acme.example": echo}})
				defer fetcher.Close()
				w.Delivery.Fetch = outbox.Local(fetcher)
				w.Update(func(tx engine.Tx) error {
					b, err := tx.Brands().Get(enginetest.Brand)
					if err != nil {
						return err
					}
					b.Settings.HTTPHosts = []string{"*.acme.example"}
					b.Secrets = map[string]engine.BrandSecret{"CRM": {Value: canary, Hosts: []string{"crm.acme.example"}}}
					return tx.Brands().Save(b)
				})
				id := w.Write("hi").Conversation.ID
				w.call(id, engine.HTTPRequest{Method: "GET", URL: tt.url, Retries: 1, Secrets: map[string]string{"Authorization": tt.header}})
				stop := w.run()
				defer stop()
				w.equal(tt.want, w.once(id))
				if name == "echoed" {
					w.equal([]string{"Bearer " + canary, "Bearer " + canary}, got)
				} else {
					w.equal(0, len(got))
				}
				for where, text := range map[string]string{"log": log.String(), "store": w.everything(id)} {
					if strings.Contains(text, canary) {
						t.Errorf("the secret is in the %s: %s", where, text)
					}
				}
			})
		})
	}
}

// everything is what the store tells of a conversation and its call.
func (w world) everything(id string) string {
	var out bytes.Buffer
	w.Update(func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get(enginetest.Brand, id)
		if err != nil {
			return err
		}
		item, err := tx.Outbox().Get("call")
		if err != nil {
			return err
		}
		inbox, err := tx.Inbox().List(id)
		if err != nil {
			return err
		}
		journal, err := tx.Sessions().Journal("s1")
		if err != nil {
			return err
		}
		events, err := tx.Events().List(engine.EventFilter{Limit: 1000})
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%+v %+v %s", conv, item, item.Request)
		for _, e := range inbox {
			fmt.Fprintf(&out, "%s\n", e.Data)
		}
		for _, j := range journal {
			fmt.Fprintf(&out, "%s %s\n", j.Args, j.Answer)
		}
		for _, e := range events {
			fmt.Fprintf(&out, "%s\n", e.Data)
		}
		return nil
	})
	return out.String()
}

// lockedBuffer is a log that several goroutines write to.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// failing is a store whose views fail for a while.
type failing struct {
	engine.Store
	fails atomic.Bool
}

func (s *failing) View(ctx context.Context, fn func(engine.Tx) error) error {
	if s.fails.Load() {
		return engine.Errorf(engine.Internal, "the database failed")
	}
	return s.Store.View(ctx, fn)
}

// TestAFailedCatalogReadIsNoAnswer: the call is made when the brand can be read
// again, and the bot hears nothing else.
func TestAFailedCatalogReadIsNoAnswer(t *testing.T) {
	play(t, func(w world) {
		var made tries
		w.Delivery.Fetch = func(_ context.Context, c outbox.Call) outbox.Answer {
			made.add(c.Key)
			return status(200)
		}
		store := &failing{Store: w.Store}
		store.fails.Store(true)
		w.Delivery.Catalog = catalog.New(store, w.Bus, time.Now, time.Second)
		id := w.Write("hi").Conversation.ID
		w.call(id, engine.HTTPRequest{Method: "GET", URL: "https://shop.example/"})
		stop := w.run()
		defer stop()
		time.Sleep(10 * time.Minute)
		w.equal(0, made.count())
		w.equal(0, len(w.results(id)))
		store.fails.Store(false)
		w.equal(200, w.once(id).Status)
		w.equal(1, made.count())
	})
}
