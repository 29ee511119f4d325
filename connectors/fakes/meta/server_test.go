package meta_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/connectors/fakes/meta"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const number = "106540352242922"

// gateway takes webhooks in memory.
type gateway struct {
	mu     sync.Mutex
	bodies []string
	answer func(n int, r *http.Request) int // nil takes all
}

func (g *gateway) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(raw)
	}
	g.mu.Lock()
	g.bodies = append(g.bodies, body)
	n := len(g.bodies)
	g.mu.Unlock()
	if g.answer != nil {
		if status := g.answer(n, r); status != 200 {
			return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(""))}, nil
		}
	}
	if r.Method == http.MethodPost && r.Header.Get("X-Hub-Signature-256") != meta.Sign(meta.DefaultAppSecret, []byte(body)) {
		return nil, errors.New("not signed")
	}
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(r.URL.Query().Get("hub.challenge")))}, nil
}

// events are the ids and states of what came, one for each entry of a webhook.
func (g *gateway) events() (webhooks [][]string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, body := range g.bodies {
		var read struct {
			Entry []struct {
				Changes []struct {
					Value struct {
						Messages []struct{ ID string }
						Statuses []struct{ ID, Status string }
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(body), &read); err != nil {
			panic(err)
		}
		var all []string
		for _, e := range read.Entry {
			for _, m := range e.Changes[0].Value.Messages {
				all = append(all, m.ID)
			}
			for _, s := range e.Changes[0].Value.Statuses {
				all = append(all, s.ID+" "+s.Status)
			}
		}
		webhooks = append(webhooks, all)
	}
	return webhooks
}

// world is a fake and a gateway in virtual time.
func world(t *testing.T, cfg meta.Config, g *gateway) (*meta.Server, *meta.WhatsApp, *http.Client) {
	cfg.Hook, cfg.Client = "https://gw.example/hooks/acme.wa", &http.Client{Transport: g}
	s, transport := meta.Pipe(cfg)
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.Close()
	})
	return s, s.WhatsApp("102", number), &http.Client{Transport: transport}
}

func post(t *testing.T, s *meta.Server, client *http.Client, body string) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/v25.0/"+number+"/messages", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+meta.DefaultToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), err
}

func text(to, body string) string {
	return fmt.Sprintf(`{"messaging_product":"whatsapp","to":%q,"type":"text","text":{"body":%q},"biz_opaque_callback_data":"item-1"}`, to, body)
}

func TestFaultsOfASend(t *testing.T) {
	for name, tt := range map[string]struct {
		fault  meta.Fault
		status int
		lost   bool
		kept   int
		report string
	}{
		"none":           {meta.Fault{}, 200, false, 1, "sent"},
		"refused":        {meta.Fault{Refuse: meta.Refused(131056, "")}, 400, false, 0, ""},
		"of a proxy":     {meta.Fault{Status: 502, Body: "<html>"}, 502, false, 0, ""},
		"dropped before": {meta.Fault{DropBefore: true}, 0, true, 0, ""},
		"dropped after":  {meta.Fault{DropAfter: true}, 0, true, 1, "sent"},
		"failed later":   {meta.Fault{Later: 131026}, 200, false, 1, "failed"},
		"late":           {meta.Fault{Delay: time.Hour, Slow: time.Hour}, 200, false, 1, "sent"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := &gateway{}
				s, _, client := world(t, meta.Config{}, g)
				s.Script(tt.fault)
				status, body, err := post(t, s, client, text("16505551234", "Hello"))
				if status != tt.status || (err != nil) != tt.lost || len(s.Sent()) != tt.kept || s.Calls() != 1 {
					t.Errorf("status %d %s, %v, %d kept", status, body, err, len(s.Sent()))
				}
				if err := s.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				if reports := g.events(); tt.report != "" && !slices.ContainsFunc(reports, func(e []string) bool { return strings.HasSuffix(e[0], " "+tt.report) }) || tt.report == "" && len(reports) > 0 {
					t.Errorf("reports %v, want %s", reports, tt.report)
				}
			})
		})
	}
}

// A report may be there before the answer to the send is.
func TestEarlyReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answered := false
		g := &gateway{answer: func(int, *http.Request) int {
			if answered {
				t.Error("the report is not early")
			}
			return 200
		}}
		s, _, client := world(t, meta.Config{}, g)
		s.Script(meta.Fault{Early: true})
		if status, body, err := post(t, s, client, text("16505551234", "Hello")); status != 200 || !strings.Contains(body, `"wamid.OUT`) {
			t.Error(status, body, err)
		}
		answered = true
		if len(g.events()) != 3 {
			t.Errorf("%v", g.events())
		}
	})
}

func TestWaysOfWebhooks(t *testing.T) {
	write := func(t *testing.T, cfg meta.Config, g *gateway) (*meta.Server, [][]string) {
		s, wa, _ := world(t, cfg, g)
		ann := meta.Person{WaID: "16505551234", Name: "Ann"}
		for range 3 {
			wa.Say(ann, number, "Hello")
			time.Sleep(time.Second)
		}
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s, g.events()
	}
	for name, tt := range map[string]struct {
		cfg     meta.Config
		answer  func(int, *http.Request) int
		want    string
		refused int
	}{
		"at once":    {meta.Config{}, nil, "[[1] [2] [3]]", 0},
		"twice":      {meta.Config{Way: func(n int) meta.Way { return meta.Way{Twice: n == 1} }}, nil, "[[1] [2] [2] [3]]", 0},
		"overtaken":  {meta.Config{Way: func(n int) meta.Way { return meta.Way{Delay: time.Duration(10-5*n) * time.Second} }}, nil, "[[3] [2] [1]]", 0},
		"in batches": {meta.Config{Batch: 2, Way: func(int) meta.Way { return meta.Way{Delay: 5 * time.Second} }}, nil, "[[1 2] [3]]", 0},
		"lost first": {meta.Config{Way: func(n int) meta.Way { return meta.Way{Lost: n == 0} }}, nil, "[[2] [1] [3]]", 0},
		"not taken":  {meta.Config{}, func(n int, _ *http.Request) int { return map[bool]int{true: 503, false: 200}[n == 3] }, "[[1] [2] [3] [3]]", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, got := write(t, tt.cfg, &gateway{answer: tt.answer})
				if shown := strings.ReplaceAll(fmt.Sprint(got), "wamid.IN", ""); name == "lost first" {
					if s.Refused() != 0 || !strings.Contains(shown, "[1]") || len(got) != 3 {
						t.Errorf("%s", shown)
					}
				} else if shown != tt.want || s.Refused() != tt.refused {
					t.Errorf("%s, %d refused; want %s", shown, s.Refused(), tt.want)
				}
			})
		})
	}
}

func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{}
		s, wa, client := world(t, meta.Config{Window: 24 * time.Hour}, g)
		wa.Say(meta.Person{WaID: "16505551234"}, number, "Hello")
		for _, age := range []time.Duration{0, 24 * time.Hour} {
			time.Sleep(age)
			if status, body, err := post(t, s, client, text("16505551234", "Hello")); status != 200 {
				t.Error(status, body, err)
			}
		}
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		var states []string
		for _, e := range g.events() {
			states = append(states, e...)
		}
		if slices.Sort(states); fmt.Sprint(states) != "[wamid.IN1 wamid.OUT2 delivered wamid.OUT2 read wamid.OUT2 sent wamid.OUT3 failed]" {
			t.Errorf("%v", states)
		}
	})
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	s := meta.New(meta.Config{Hook: "https://gw.example/hooks/a", Client: &http.Client{Transport: &gateway{}}})
	defer s.Close()
	if err := s.Subscribe(t.Context()); err != nil {
		t.Error(err)
	}
	refusing := meta.New(meta.Config{Hook: "https://gw.example/hooks/a", Client: &http.Client{Transport: &gateway{answer: func(int, *http.Request) int { return 403 }}}})
	defer refusing.Close()
	if err := refusing.Subscribe(t.Context()); err == nil || !strings.Contains(err.Error(), "403") {
		t.Error(err)
	}
}

// The escapes and the signature are those that Meta's own documentation shows.
func TestSignature(t *testing.T) {
	t.Parallel()
	body, err := meta.Encode(map[string]any{"text": "café 😀 a/b"})
	if want := `{"text":"caf\u00e9 \ud83d\ude00 a\/b"}`; err != nil || string(body) != want {
		t.Errorf("%s, %v; want %s", body, err, want)
	}
	const signed = `{"object":"page","entry":[{"id":"1234567890","time":1459991487970,"messaging":[{"sender":{"id":"5678"},"recipient":{"id":"1234567890"},"timestamp":1459991487970,"message":{"mid":"m_1","text":"caf\u00e9 \ud83d\ude00"}}]}]}`
	if got := meta.Sign("meta-app-secret-0001", []byte(signed)); got != "sha256=d20c3ce2c25cb19ff07f6ceb898c737841f70c5925058789392714df86b97791" {
		t.Error(got)
	}
}
