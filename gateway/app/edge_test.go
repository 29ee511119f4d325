package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/app"
)

const shopNumber = "+14155550199"

// shop is a running gateway with one Twilio channel and one web channel.
func shop(t testing.TB, bot string, given map[string]string) (*site, *twiliotest.Server) {
	t.Helper()
	fake := newFake(t, twiliotest.Config{})
	flags := map[string]string{"data": t.TempDir(), "egress_allow": strings.TrimPrefix(fake.URL(), "http://")}
	for k, v := range given {
		flags[k] = v
	}
	s := start(t, flags, func(o *app.Options) {
		o.Folder = loaded(t, map[string]string{
			"brand.yaml":     fmt.Sprintf(shopYAML, texting("sms", "hello", shopNumber, fake)+webChannel),
			"bots/hello.lua": bot,
		})
	})
	return s, fake
}

// person adds somebody of the shop and gives the password.
func (s *site) person(email string, role engine.Role) string {
	s.t.Helper()
	password := "correct-horse-" + email
	err := s.app.Signin.AddUser(context.Background(), engine.User{
		Brand: "shop", Email: email, Name: email, Role: role, Skills: []string{"care"}, Slots: 3,
	}, password)
	if err != nil {
		s.t.Fatal(err)
	}
	return password
}

func TestProbes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, _ := shop(t, helloLua, map[string]string{"data": dir})
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, path := range []string{"/healthz", "/readyz"} {
			if a := s.ask(method, path, ""); a.status != http.StatusOK {
				t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
			}
		}
	}
	if err := os.Rename(filepath.Join(dir, "parley.db"), filepath.Join(dir, "elsewhere.db")); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if a := s.ask(method, "/healthz", ""); a.status != http.StatusOK {
			t.Errorf("%s /healthz without a database: %d", method, a.status)
		}
		if a := s.ask(method, "/readyz", ""); a.status != http.StatusServiceUnavailable {
			t.Errorf("%s /readyz without a database: %d %s", method, a.status, a.body)
		}
	}
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	plain, _ := shop(t, helloLua, nil)
	public, _ := shop(t, helloLua, map[string]string{"public_url": "https://chat.shop.example"})
	for _, s := range []*site{plain, public} {
		ids := map[string]bool{}
		for _, path := range []string{"/", "/healthz", "/metrics", "/hooks/nowhere", "/chat/shop.web", "/api/v1/session", "/widget.js", "/nowhere.txt"} {
			h := s.ask(http.MethodGet, path, "", "X-Request-Id", "chosen by the client").header
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "strict-origin-when-cross-origin" {
				t.Errorf("%s lacks headers: %v", path, h)
			}
			if got := h.Get("Strict-Transport-Security") != ""; got != (s == public) {
				t.Errorf("%s of %s: Strict-Transport-Security %v", path, s.url, got)
			}
			ids[h.Get("X-Request-Id")] = true
		}
		if len(ids) != 8 || ids["chosen by the client"] || ids[""] {
			t.Errorf("request ids are %v", ids)
		}
	}
}

func TestMetricsAreForOperators(t *testing.T) {
	t.Parallel()
	s, _ := shop(t, helloLua, nil)
	agent, admin := s.person("ana@shop.example", engine.RoleAgent), s.person("root@shop.example", engine.RoleAdmin)
	status := func(s *site, header ...string) int {
		t.Helper()
		return s.ask(http.MethodGet, "/metrics", "", header...).status
	}
	if got := status(s); got != http.StatusOK {
		t.Errorf("from this machine: %d", got)
	}
	if got := s.ask(http.MethodHead, "/metrics", "").header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
		t.Errorf("HEAD gives the head of %q", got)
	}
	public, _ := shop(t, helloLua, map[string]string{"public_url": "https://chat.shop.example"})
	if got := status(public); got != http.StatusUnauthorized {
		t.Errorf("from what may be a proxy: %d", got)
	}
	proxied := [][2]string{{"X-Forwarded-For", "203.0.113.9"}, {"Forwarded", "for=203.0.113.9"}, {"X-Real-Ip", "203.0.113.9"}, {"Via", "1.1 x"}, {"Host", "evil.example"}}
	for _, h := range proxied {
		if got := status(s, h[0], h[1]); got != http.StatusUnauthorized {
			t.Errorf("with %s: %d", h[0], got)
		}
	}
	s.signIn("ana@shop.example", agent)
	if got := status(s, "Via", "1.1 x"); got != http.StatusForbidden {
		t.Errorf("as an agent: %d", got)
	}
	s.signIn("root@shop.example", admin)
	made := s.ask(http.MethodPost, "/api/v1/tokens", `{"name":"prometheus","role":"admin"}`)
	var token struct{ Secret string }
	if err := json.Unmarshal([]byte(made.body), &token); err != nil || token.Secret == "" {
		t.Fatalf("%v: %d %s", err, made.status, made.body)
	}
	if got := status(s, "Via", "1.1 x", "Authorization", "Bearer "+token.Secret); got != http.StatusOK {
		t.Errorf("with an admin's token: %d", got)
	}
	if got := status(s, "Authorization", "Bearer nonsense", "Via", "1.1 x"); got != http.StatusUnauthorized {
		t.Errorf("with a wrong token: %d", got)
	}
}

// Whatever is sent, labels come from closed sets; and every metric is told of.
func TestMetricsAreBoundedAndDocumented(t *testing.T) {
	t.Parallel()
	s, fake := shop(t, helloLua, map[string]string{"nats": "embedded", "cluster_addr": "127.0.0.1:0"})
	for i := range 20 {
		s.ask(http.MethodPost, fmt.Sprintf("/hooks/unknown-%d", i), "x")
		s.ask(http.MethodPost, "/hooks/shop.sms", fmt.Sprintf("Forged=%d", i))
	}
	if _, err := fake.Inbound(t.Context(), s.hook("shop.sms"), twiliotest.Inbound{From: "+14155550101", To: shopNumber, Body: "hi"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := fake.AwaitSentTo(ctx, "+14155550101", 2); err != nil {
		t.Fatal(err)
	}
	var text string
	s.eventually("every metric has a value", func() bool {
		text = s.ask(http.MethodGet, "/metrics", "").body
		return strings.Contains(text, "parley_turn_seconds_count") && strings.Contains(text, "parley_send_seconds_count")
	})
	allowed := map[string][]string{
		"result": {"ok", "invalid", "not_found", "conflict", "unauthenticated", "forbidden", "too_large", "rate_limited", "unavailable", "internal",
			"sent", "received", "merged", "ignored", "dropped_offline", "dropped_full", "dropped_slow", "dropped_large"},
		"state": {"waiting", "done", "parked"},
		"kind":  {"twilio", "webchat"},
		"why":   {"unusable", "recipient", "about", "kind"},
		"class": {"ok", "retry", "throttled", "unknown", "opted_out", "recipient_gone", "blocked", "window_closed",
			"invalid", "auth", "quota"},
	}
	label := regexp.MustCompile(`([a-z_]+)="([^"]*)"`)
	names := map[string]bool{}
	for _, row := range strings.Split(text, "\n") {
		if !strings.HasPrefix(row, "parley_") {
			continue
		}
		name, _, _ := strings.Cut(strings.Fields(row)[0], "{")
		names[regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")] = true
		for _, m := range label.FindAllStringSubmatch(row, -1) {
			if m[1] != "le" && !slices.Contains(allowed[m[1]], m[2]) {
				t.Errorf("label %s in %s", m[0], row)
			}
		}
	}
	for _, want := range []string{`parley_webhook_seconds_count{result="not_found"} 20`, `parley_webhook_seconds_count{result="unauthenticated"} 20`, `parley_webhook_seconds_count{result="ok"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	names["parley_channel_held"] = true // there is one only while a channel is held
	for name := range names {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/operating.md does not tell about %s", name)
		}
	}
	for _, m := range regexp.MustCompile("`(parley_[a-z_]+)`").FindAllStringSubmatch(string(page), -1) {
		if !names[m[1]] {
			t.Errorf("docs/operating.md tells about %s, which is no metric", m[1])
		}
	}
}

func TestHooks(t *testing.T) {
	t.Parallel()
	s, fake := shop(t, helloLua, nil)
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	forged := fake.InboundForm(twiliotest.Inbound{From: "+14155550101", To: shopNumber, Body: "hi"}).Encode()
	for _, c := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		code                     string
	}{
		{"an unknown channel", "POST", "/hooks/nowhere", forged, form, 404, "not_found"},
		{"a channel without webhooks", "POST", "/hooks/shop.web", forged, form, 404, "not_found"},
		{"no signature", "POST", "/hooks/shop.sms", forged, form, 403, "forbidden"},
		{"a wrong signature", "POST", "/hooks/shop.sms", forged, append([]string{"X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}, form...), 403, "forbidden"},
		{"no signature by GET", "GET", "/hooks/shop.sms?" + forged, "", nil, 403, "forbidden"},
		{"too large", "POST", "/hooks/shop.sms", strings.Repeat("x", 1<<20+1), form, 413, "too_large"},
		{"too large for nobody", "POST", "/hooks/nowhere", strings.Repeat("x", 1<<20+1), form, 413, "too_large"},
	} {
		a := s.ask(c.method, c.path, c.body, c.header...)
		var p struct {
			Code, Message string
			RequestID     string `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(a.body), &p); err != nil {
			t.Errorf("%s: %v in %s", c.name, err, a.body)
			continue
		}
		if a.status != c.status || p.Code != c.code || p.Message == "" || p.RequestID != a.header.Get("X-Request-Id") ||
			!strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %d %s %s", c.name, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
	s.view(func(tx engine.Tx) error {
		events, err := tx.Events().List(engine.EventFilter{Brand: "shop", Limit: 100})
		for _, ev := range events {
			if ev.Kind != engine.EventPublished {
				t.Errorf("a refused webhook has left an event %s", ev.Kind)
			}
		}
		return err
	})
	if hint := strings.Count(s.log.String(), "public_url must be as the provider has it"); hint != 1 {
		t.Errorf("the operator is told %d times", hint)
	}
	// The largest body that is taken reaches the signature check.
	if a := s.ask("POST", "/hooks/shop.sms", strings.Repeat("x", 1<<20), form...); a.status != 403 {
		t.Errorf("1 MiB: %d", a.status)
	}
}

// stall begins a request whose body does not come.
func stall(t *testing.T, addr, target string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", target)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// A body that does not come is not waited for for ever, on any route, and what
// broke off is no fault of ours.
func TestSlowBodiesAreCut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits for the time limit")
	}
	s, _ := shop(t, helloLua, nil)
	for _, target := range []string{"POST /hooks/shop.sms", "POST /chat/shop.web/session", "POST /api/v1/session", "GET /healthz", "GET /"} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			conn := stall(t, s.app.Addr(), target)
			defer conn.Close()
			began := time.Now()
			if err := conn.SetReadDeadline(began.Add(patience)); err != nil {
				t.Fatal(err)
			}
			r := bufio.NewReader(conn)
			resp, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(target, "POST") && resp.StatusCode != http.StatusBadRequest {
				t.Errorf("status %d", resp.StatusCode)
			}
			for err == nil { // until the connection ends
				_, err = r.ReadByte()
			}
			if ne, ok := err.(net.Error); ok && ne.Timeout() {
				t.Errorf("the connection is still open after %v", time.Since(began))
			}
		})
	}
	t.Cleanup(func() {
		if log := s.log.String(); strings.Contains(log, "level=ERROR") {
			t.Errorf("a slow client is logged as our fault:\n%s", log)
		}
	})
}
