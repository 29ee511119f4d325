package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors/fakes"
	"parley/connectors/fakes/phone"
	"parley/engine"
	"parley/gateway/app"
	"parley/gateway/command"
	"parley/gateway/config"
)

const colours = `return function(chat)
  local a = chat:ask("Which colour?", { kind = "one_of", choices = { "Red", "Green" } })
  chat:say("You like " .. a.value .. ".")
end
`

// printed is what a command prints while it runs.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
	end  chan struct{} // closed when the last line is there
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := p.text.Write(b)
	if strings.Contains(p.text.String(), "Ctrl+C") {
		select {
		case <-p.end:
		default:
			close(p.end)
		}
	}
	return n, err
}

// What `parley fake` prints is what a gateway needs, and on its page a consumer and a bot
// talk, by every provider that it knows.
func TestFake(t *testing.T) {
	for _, provider := range fakes.Providers() {
		t.Run(provider, func(t *testing.T) {
			var at url.URL
			public := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&at) }, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)})
			defer public.Close()
			out := &printed{end: make(chan struct{})}
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan int, 1)
			go func() {
				ended <- command.Run(ctx, command.Process{
					Args: []string{"fake", provider, "--channel", "shop.line", "--gateway", public.URL, "--api-addr", "127.0.0.1:0", "--page-addr", "127.0.0.1:0"},
					In:   strings.NewReader(""), Out: out, Err: out,
				})
			}()
			defer func() {
				stop()
				if code := <-ended; code != 0 {
					t.Errorf("it ended with %d: %s", code, out.text.String())
				}
				http.DefaultClient.CloseIdleConnections()
			}()
			select {
			case <-out.end:
			case code := <-ended:
				t.Fatalf("it ended with %d: %s", code, out.text.String())
			}
			say := out.text.String()
			page := regexp.MustCompile(`http://127[^ ]*/\n`).FindString(say)
			dir := shop(t, "colours", map[string]string{"colours": colours})
			lines := regexp.MustCompile(`(?s)channels:\n(.*?)\n\n`).FindStringSubmatch(say)
			file := filepath.Join(dir, "brand.yaml")
			raw, err := os.ReadFile(file)
			if err != nil || lines == nil || page == "" {
				t.Fatalf("%v: %s", err, say)
			}
			yaml := strings.Replace(string(raw), "channels:\n", "channels:\n"+strings.Replace(lines[1], "YOUR-BOT", "colours", 1)+"\n", 1)
			if err := os.WriteFile(file, []byte(yaml), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, v := range regexp.MustCompile(`export (\w+)=(.*)`).FindAllStringSubmatch(say, -1) {
				t.Setenv(v[1], v[2])
			}
			allowed := regexp.MustCompile(`--egress-allow (\S+)`).FindStringSubmatch(say)
			cfg, err := config.Load(map[string]string{"data": t.TempDir(), "addr": "127.0.0.1:0", "brand": dir, "public_url": public.URL, "egress_allow": allowed[1]}, nil, "")
			if err != nil {
				t.Fatal(err)
			}
			a, err := app.New(t.Context(), app.Options{
				Config: cfg, Log: slog.New(slog.DiscardHandler), Out: io.Discard,
				Ask: func(string, []engine.Reference) bool { return true },
			})
			if err != nil {
				t.Fatal(err)
			}
			at = url.URL{Scheme: "http", Host: a.Addr()}
			running, end := context.WithCancel(context.Background())
			over := make(chan error, 1)
			go func() { over <- a.Run(running) }()
			defer func() {
				end()
				if err := <-over; err != nil {
					t.Error(err)
				}
			}()

			page = strings.TrimSpace(page)
			write(t, page, phone.Written{Text: "hi"})
			asked := awaitShown(t, page, "Which colour?")
			answer := phone.Written{Text: "2"} // where there are no buttons
			for _, c := range asked.Choices {
				if c.Label == "Green" {
					answer = phone.Written{Text: c.Label, Payload: c.Payload}
				}
			}
			write(t, page, answer)
			awaitShown(t, page, "You like Green.")
		})
	}
}

func write(t *testing.T, page string, w phone.Written) {
	t.Helper()
	body, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(page+"say", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d", resp.StatusCode)
	}
}

// awaitShown waits until the telephone shows a message of the brand's with these words.
func awaitShown(t *testing.T, page, text string) phone.Shown {
	t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	late := time.NewTimer(30 * time.Second)
	defer late.Stop()
	for {
		resp, err := http.Get(page + "thread")
		if err != nil {
			t.Fatal(err)
		}
		var thread struct{ Messages []phone.Shown }
		err = json.NewDecoder(resp.Body).Decode(&thread)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range thread.Messages {
			if m.Problem != "" {
				t.Fatal(m.Problem)
			}
			if !m.Mine && strings.Contains(m.Text, text) {
				return m
			}
		}
		select {
		case <-look.C:
		case <-late.C:
			t.Fatalf("%q does not come: %+v", text, thread.Messages)
		}
	}
}
