package storm

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors/fakes/meta"
	"parley/engine"
	"parley/engine/enginetest"
)

const (
	people = 25
	each   = 20 // messages that each writes, and gets
	pace   = time.Minute
	settle = 2 * time.Hour
)

// Messages is how many are sent, and as many are received.
const Messages = people * each

// Run is one run. All of it but Config is required.
type Run struct {
	Store     engine.Store
	Channel   engine.Channel // its api_base is the fake's
	Connector func(*http.Client) engine.Connector
	Config    meta.Config // what else the fake is to have
	// Join makes the channel's account known to the fake, and gives how somebody writes to
	// it and what waits until the gateway has taken that.
	Join func(*meta.Server) func(person, text string) (taken *sync.WaitGroup)
	// Fate is what happens to a send.
	Fate func(*rand.Rand) meta.Fault
	// Arrives is how far what has arrived must have come, unless Meta reports it as failed.
	Arrives engine.DeliveryState
	// Person is the address of the i-th consumer.
	Person func(i int) string
}

// Trouble lets a fifth of the sends fail, half of them so that nobody knows whether they
// were made, and delays another fifth. refusals are Meta's for the moment.
func Trouble(r *rand.Rand, refusals ...*meta.Refusal) meta.Fault {
	switch n := r.IntN(100); {
	case n < 4:
		return meta.Fault{DropBefore: true}
	case n < 8:
		return meta.Fault{DropAfter: true, Hush: time.Minute}
	case n < 10:
		return meta.Fault{Status: http.StatusBadGateway, Body: "<html>"}
	case n < 20:
		return meta.Fault{Refuse: refusals[r.IntN(len(refusals))]}
	case n < 30:
		return meta.Fault{Delay: 3 * time.Second}
	case n < 40:
		return meta.Fault{Slow: 20 * time.Second, Early: true}
	}
	return meta.Fault{}
}

// way delays, doubles, loses and so reorders a fifth of the webhooks' events each.
func way(r *rand.Rand) (w meta.Way) {
	if r.IntN(5) == 0 {
		w.Delay = time.Duration(r.IntN(20)) * time.Second
	}
	w.Twice, w.Lost = r.IntN(5) == 0, r.IntN(5) == 0
	return w
}

// hook is the gateway's webhook, reached without a network. A tenth of the webhooks it does
// not take, and of another tenth Meta does not hear that it has, so that these are repeated.
type hook struct {
	world   *enginetest.World
	channel string
	mu      sync.Mutex
	rand    *rand.Rand
}

func (h *hook) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	before, after := h.rand.IntN(10) == 0, h.rand.IntN(10) == 0
	h.mu.Unlock()
	status := http.StatusServiceUnavailable
	if !before {
		resp, err := h.world.Receiver.Webhook(r.Context(), h.channel, engine.WebhookRequest{
			Method: r.Method, URL: r.URL.String(), Header: r.Header, Body: body, Now: h.world.Clock.Now(),
		})
		if err != nil {
			return nil, err
		}
		status = resp.Status
	}
	if !before && after {
		return nil, io.ErrUnexpectedEOF // it is on disk
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// Do has 25 people write and be written to 20 times each, and reports to t what is
// wrong. It gives how many messages ended in which state. Only in virtual time.
func (r Run) Do(t *testing.T) map[engine.DeliveryState]int {
	t.Helper()
	w := enginetest.New(t, r.Store, nil).Seed(nil)
	w.Clock.Real = true
	ch := r.Channel
	ch.Brand, ch.ID, ch.Bot = enginetest.Brand, enginetest.Brand+".storm", "main"
	gateway := &hook{world: w, channel: ch.ID, rand: random(3)}
	fates, ways := random(1), random(2)
	cfg := r.Config
	cfg.Hook, cfg.Client, cfg.Batch = "https://gw.example.com/hooks/"+ch.ID, &http.Client{Transport: gateway}, 5
	cfg.Way = func(int) meta.Way { return way(ways) }
	cfg.Fate = func(int) meta.Fault { return r.Fate(fates) }
	fake, transport := meta.Pipe(cfg)
	say := r.Join(fake)
	ch.Config = map[string]string{"api_base": fake.URL()}
	for name, value := range r.Channel.Config {
		if name != "api_base" {
			ch.Config[name] = value
		}
	}
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, []engine.Channel{ch}) })
	conn := r.Connector(&http.Client{Transport: transport})
	w.Receiver.Connectors[ch.Kind], w.Delivery.Connectors[ch.Kind] = conn, conn
	ctx, cancel := context.WithCancel(t.Context())
	var worker sync.WaitGroup
	worker.Go(func() {
		if err := w.Delivery.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	conversations := r.talk(w, ch.ID, say)
	for began := time.Now(); !done(w, conversations); time.Sleep(time.Minute) {
		if time.Since(began) > settle {
			t.Errorf("after %s not everything is settled", settle)
			break
		}
	}
	if err := fake.Settle(ctx); err != nil {
		t.Error(err)
	}
	cancel()
	worker.Wait()
	transport.CloseIdleConnections()
	fake.Close()
	return r.verify(t, w, fake, conversations)
}

// talk lets everybody write, and be answered, again and again.
func (r Run) talk(w *enginetest.World, channel string, say func(person, text string) *sync.WaitGroup) []string {
	conversations := make([]string, people)
	for round := range each {
		for i := range people {
			taken := say(r.Person(i), fmt.Sprint(round))
			if round > 0 {
				continue
			}
			taken.Wait() // the first one opens the conversation
			conversations[i] = enginetest.Read(w, func(tx engine.Tx) (engine.Conversation, error) {
				return tx.Conversations().OpenByAddress(channel, r.Person(i))
			}).ID
		}
		for _, id := range conversations {
			w.Queue(id, fmt.Sprint(round))
		}
		time.Sleep(pace)
	}
	return conversations
}

// done tells whether every message was sent, or nobody looks for its fate any more.
func done(w *enginetest.World, conversations []string) bool {
	next := enginetest.Read(w, func(tx engine.Tx) (time.Time, error) { return tx.Outbox().Next() })
	return next.IsZero() && !slices.ContainsFunc(conversations, func(id string) bool {
		return slices.ContainsFunc(w.Messages(id), func(m engine.Message) bool { return m.State == engine.Queued })
	})
}

func (r Run) verify(t *testing.T, w *enginetest.World, fake *meta.Server, conversations []string) map[engine.DeliveryState]int {
	t.Helper()
	got, failed := map[string][]string{}, map[string]bool{} // what Meta took of each person, in order; what it reports as failed
	for _, m := range fake.Sent() {
		got[m.To] = append(got[m.To], m.Text)
		failed[m.To+" "+m.Text] = m.Later != 0
	}
	count := map[engine.DeliveryState]int{}
	for i, id := range conversations {
		person, heard := r.Person(i), map[string]int{}
		for _, m := range w.Messages(id) {
			text := m.Content.Text
			if m.Author == engine.AuthorConsumer {
				heard[text]++
			}
			if m.Author != engine.AuthorBot {
				continue
			}
			count[m.State]++
			arrived, later := slices.Contains(got[person], text), failed[person+" "+text]
			switch {
			case arrived && !later && m.State.Advance(r.Arrives) != m.State:
				t.Errorf("%s %s arrived, and is %s (%s)", person, text, m.State, m.Failure)
			case arrived && later && m.State != engine.Failed:
				t.Errorf("%s %s failed, and is %s", person, text, m.State)
			case !arrived && (m.State != engine.Unknown && m.State != engine.Failed || m.Failure == ""):
				t.Errorf("%s %s never arrived, and is %s (%q)", person, text, m.State, m.Failure)
			}
		}
		for n := range each {
			if heard[fmt.Sprint(n)] != 1 {
				t.Errorf("%s wrote %d, and it is there %d times", person, n, heard[fmt.Sprint(n)])
			}
		}
		last := -1
		for _, text := range got[person] {
			var n int
			if _, err := fmt.Sscan(text, &n); err != nil || n <= last {
				t.Errorf("%s got %v", person, got[person])
				break
			}
			last = n
		}
	}
	t.Logf("%v, %d requests, %d webhooks not taken", count, fake.Calls(), fake.Refused())
	return count
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
