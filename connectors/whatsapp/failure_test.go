package whatsapp_test

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
	"testing/synctest"
	"time"

	"parley/connectors/fakes/meta"
	"parley/connectors/whatsapp"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/memory"
)

const (
	people = 25
	each   = 20 // messages that each writes, and gets: 1,000 in all
)

// hook is the gateway's webhook, reached without a network. It fails now and then, and
// so has every webhook repeated.
type hook struct {
	world *enginetest.World
	mu    sync.Mutex
	rand  *rand.Rand
}

func (h *hook) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	before, after := h.rand.IntN(100) < 10, h.rand.IntN(100) < 10
	h.mu.Unlock()
	answer := func(status int) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
	}
	if before {
		return answer(http.StatusServiceUnavailable)
	}
	resp, err := h.world.Receiver.Webhook(r.Context(), "acme.wa", engine.WebhookRequest{
		Method: r.Method, URL: r.URL.String(), Header: r.Header, Body: body, Now: h.world.Clock.Now(),
	})
	if err != nil {
		return nil, err
	}
	if after {
		return nil, io.ErrUnexpectedEOF // it is on disk, and Meta does not hear of it
	}
	return answer(resp.Status)
}

// fate lets a fifth of the sends fail in one of many ways, and delays another fifth.
func fate(r *rand.Rand) meta.Fault {
	switch n := r.IntN(100); {
	case n < 4:
		return meta.Fault{DropBefore: true}
	case n < 8:
		return meta.Fault{DropAfter: true, Hush: time.Minute}
	case n < 10:
		return meta.Fault{Status: http.StatusBadGateway, Body: "<html>"}
	case n < 13:
		return meta.Fault{Refuse: meta.Refused(131000, "")}
	case n < 16:
		return meta.Fault{Refuse: &meta.Refusal{Status: http.StatusTooManyRequests, Code: 130429, Message: "(#130429) Rate limit hit"}}
	case n < 19:
		return meta.Fault{Refuse: meta.Refused(131056, "")}
	case n < 20:
		return meta.Fault{Later: 131026}
	case n < 30:
		return meta.Fault{Delay: 3 * time.Second}
	case n < 40:
		return meta.Fault{Slow: 20 * time.Second, Early: true}
	}
	return meta.Fault{}
}

// way delays, doubles, loses and reorders a fifth of the webhooks' events each.
func way(r *rand.Rand) (w meta.Way) {
	if r.IntN(5) == 0 {
		w.Delay = time.Duration(r.IntN(20)) * time.Second
	}
	w.Twice, w.Lost = r.IntN(5) == 0, r.IntN(5) == 0
	return w
}

// TestFailingProvider has 25 people write and be written to 20 times each, through the
// receiver and the outbox, while everything fails that can. Nothing is lost, nothing is
// sent twice, what is sent keeps its order, and what nobody knows is said to be unknown.
func TestFailingProvider(t *testing.T) {
	t.Parallel()
	synctest.Test(t, failing)
}

func failing(t *testing.T) {
	w := enginetest.New(t, memory.New(), nil).Seed(nil)
	w.Clock.Real = true
	fates, ways, gateway := rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(2, 2)), &hook{world: w, rand: rand.New(rand.NewPCG(3, 3))}
	fake, transport := meta.Pipe(meta.Config{
		Hook: "https://gw.example.com/hooks/acme.wa", Client: &http.Client{Transport: gateway}, Batch: 5,
		Fate: func(int) meta.Fault { return fate(fates) }, Way: func(int) meta.Way { return way(ways) },
	})
	account := fake.WhatsApp(waba, number)
	ch := channel()
	ch.Bot, ch.Config["api_base"] = "main", fake.URL()
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, []engine.Channel{ch}) })
	conn := whatsapp.New(whatsapp.Config{HTTP: &http.Client{Transport: transport}})
	w.Receiver.Connectors[whatsapp.Kind], w.Delivery.Connectors[whatsapp.Kind] = conn, conn
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		if err := w.Delivery.Run(ctx); err != nil {
			t.Error(err)
		}
	})

	conversations := make([]string, people)
	for round := range each {
		for i := range people {
			_, taken := account.Say(meta.Person{WaID: person(i), Name: "Ann"}, number, fmt.Sprintf("%d", round))
			if round == 0 {
				taken.Wait() // the first one opens the conversation
				conversations[i] = opened(w, person(i))
			}
		}
		for i := range people {
			w.Queue(conversations[i], fmt.Sprintf("%d", round))
		}
		time.Sleep(10 * time.Second)
	}
	for !settled(w, conversations) {
		time.Sleep(time.Minute)
	}
	if err := fake.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	group.Wait()
	transport.CloseIdleConnections()
	fake.Close()
	verify(t, w, fake, conversations)
}

func opened(w *enginetest.World, address string) string {
	return enginetest.Read(w, func(tx engine.Tx) (engine.Conversation, error) {
		return tx.Conversations().OpenByAddress("acme.wa", address)
	}).ID
}

func person(i int) string { return fmt.Sprintf("1650555%04d", i) }

func settled(w *enginetest.World, conversations []string) bool {
	for _, id := range conversations {
		for _, m := range w.Messages(id) {
			if m.Author == engine.AuthorBot && (m.State == engine.Queued || m.State == "") {
				return false
			}
		}
	}
	return true
}

func verify(t *testing.T, w *enginetest.World, fake *meta.Server, conversations []string) {
	got := map[string][]string{} // by person: what Meta took, in order
	failsLater := map[string]bool{}
	for _, m := range fake.Sent() {
		got[m.To] = append(got[m.To], m.Text)
		failsLater[m.To+" "+m.Text] = m.Later != 0
	}
	count := map[engine.DeliveryState]int{}
	for i, id := range conversations {
		heard := map[string]int{}
		for _, m := range w.Messages(id) {
			switch m.Author {
			case engine.AuthorConsumer:
				heard[m.Content.Text]++
			case engine.AuthorBot:
				count[m.State]++
				made := slices.Contains(got[person(i)], m.Content.Text)
				switch later := failsLater[person(i)+" "+m.Content.Text]; {
				case made && !later && m.State != engine.Read:
					t.Errorf("%s %s arrived, and is %s (%s)", person(i), m.Content.Text, m.State, m.Failure)
				case made && later && m.State != engine.Failed:
					t.Errorf("%s %s failed, and is %s", person(i), m.Content.Text, m.State)
				case !made && (m.State != engine.Unknown && m.State != engine.Failed || m.Failure == ""):
					t.Errorf("%s %s never arrived, and is %s (%q)", person(i), m.Content.Text, m.State, m.Failure)
				}
			}
		}
		for n := range each {
			if heard[fmt.Sprint(n)] != 1 {
				t.Errorf("%s wrote %d, and it is there %d times", person(i), n, heard[fmt.Sprint(n)])
			}
		}
		last := -1
		for _, text := range got[person(i)] {
			var n int
			if _, err := fmt.Sscan(text, &n); err != nil || n <= last {
				t.Errorf("%s got %v", person(i), got[person(i)])
				break
			}
			last = n
		}
	}
	t.Logf("%v, %d requests, %d webhooks not taken", count, fake.Calls(), fake.Refused())
	if n := count[engine.Read]; n < people*each*3/4 || count[engine.Unknown] == 0 || count[engine.Failed] == 0 {
		t.Errorf("%v; the run does not show what it should", count)
	}
}
