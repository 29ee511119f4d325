package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/app"
)

// passwords finds the sign-ins that a banner prints: e-mail and password.
func passwords(banner string) (out [][2]string) {
	row := regexp.MustCompile(`(\S+@\S+)\s+([a-z0-9]{4}(?:-[a-z0-9]{4}){3})\n`)
	for _, m := range row.FindAllStringSubmatch(banner, -1) {
		out = append(out, [2]string{m[1], m[2]})
	}
	return out
}

func TestFirstStartShowsTheExample(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, map[string]string{"data": data})
	banner := s.out.String()
	for _, want := range []string{"Acme Bikes", s.url + "/chat/acme.web\n", s.url + "/inbox\n"} {
		if !strings.Contains(banner, want) {
			t.Errorf("the banner lacks %q:\n%s", want, banner)
		}
	}
	made := passwords(banner)
	if len(made) != 3 {
		t.Fatalf("the banner has %d sign-ins:\n%s", len(made), banner)
	}
	for _, p := range made {
		if a := s.signIn(p[0], p[1]); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", p[0], a.status, a.body)
		}
		if a := s.signIn(p[0], p[1]+"x"); a.status != http.StatusUnauthorized {
			t.Errorf("%s with a wrong password: %d %s", p[0], a.status, a.body)
		}
	}
	for _, path := range []string{"/chat/acme.web", "/inbox", "/"} {
		if a := s.ask(http.MethodGet, path, ""); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
		}
	}
	if a := s.ask(http.MethodGet, "/welcome.json", ""); a.body != `{"brand":"Acme Bikes","chat_url":"/chat/acme.web"}`+"\n" {
		t.Errorf("welcome.json is %s", a.body)
	}
	s.stop()

	again := start(t, map[string]string{"data": data})
	banner = again.out.String()
	if len(passwords(banner)) != 0 || strings.Count(banner, "(as printed at the first start)") != 3 ||
		!strings.Contains(banner, "The passwords stand in the output of the first start, on ") ||
		!strings.Contains(banner, "parley user password EMAIL --data "+data) {
		t.Errorf("the second banner:\n%s", banner)
	}
	if a := again.signIn(made[0][0], made[0][1]); a.status != http.StatusOK {
		t.Errorf("the first start's password is refused: %d %s", a.status, a.body)
	}
	// The passwords are nowhere in the data folder.
	for _, p := range made {
		if where := grep(t, data, p[1]); where != "" {
			t.Errorf("the password of %s is in %s", p[0], where)
		}
	}
}

// grep names a file below dir that holds the text.
func grep(t *testing.T, dir, text string) (found string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(text)) {
			found = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const webChannel = "  web: {kind: webchat, bot: hello}\n"

const helloLua = `return function(chat) chat:say "hello one"; chat:ask "More?"; chat:say "bye one" end`

// A real brand has nobody until somebody is added, and the landing page leads to it.
func TestRealBrandGetsNoUsers(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	start(t, map[string]string{"data": data}).stop() // leaves the example behind
	dir := brandDir(t, map[string]string{"brand.yaml": fmt.Sprintf(shopYAML, webChannel) +
		"agents:\n  eve@shop.example: {name: Eve, skills: [care]}\n", "bots/hello.lua": helloLua})
	for _, given := range []map[string]string{{"data": data, "brand": dir}, {"data": data}} {
		s := start(t, given)
		s.view(func(tx engine.Tx) error {
			users, err := tx.Users().List("shop")
			if len(users) != 0 {
				t.Errorf("the brand has %d users", len(users))
			}
			return err
		})
		banner := s.out.String()
		for _, want := range []string{"parley is running with Corner Shop.", s.url + "/chat/shop.web\n", "parley user add EMAIL --brand-id shop --data " + data} {
			if !strings.Contains(banner, want) {
				t.Errorf("the banner lacks %q:\n%s", want, banner)
			}
		}
		if len(passwords(banner)) > 0 || strings.Contains(banner, "Acme") {
			t.Errorf("the banner shows the example:\n%s", banner)
		}
		if a := s.ask(http.MethodGet, "/welcome.json", ""); !strings.Contains(a.body, "/chat/shop.web") {
			t.Errorf("welcome.json is %s", a.body)
		}
		s.stop()
	}
}

func TestBrandWithProblemsIsRefused(t *testing.T) {
	t.Parallel()
	dir := brandDir(t, map[string]string{"brand.yaml": fmt.Sprintf(shopYAML, webChannel) + "colour: red\n", "bots/hello.lua": "return 1 +"})
	opt, out, _ := options(t, map[string]string{"data": t.TempDir(), "brand": dir})
	a, err := app.New(t.Context(), opt)
	if err == nil {
		t.Fatal(a.Close())
	}
	if err.Error() != "the brand folder has 2 problems" {
		t.Errorf("the error is %q", err)
	}
	for _, want := range []string{"brand.yaml:13: ", "bots/hello.lua:1: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed:\n%s", want, out)
		}
	}
	opt, _, _ = options(t, map[string]string{"data": t.TempDir(), "brand": filepath.Join(dir, "nowhere")})
	if _, err = app.New(t.Context(), opt); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("a missing folder: %v", err)
	}
}

// What New refuses, it leaves as it was: the folder and the address are free.
func TestNewClosesWhatItOpened(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, map[string]string{"data": data})
	taken, _, _ := options(t, map[string]string{"data": t.TempDir(), "addr": s.app.Addr()})
	if _, err := app.New(t.Context(), taken); err == nil || !strings.Contains(err.Error(), s.app.Addr()) {
		t.Errorf("a taken address: %v", err)
	}
	locked, _, _ := options(t, map[string]string{"data": data})
	if _, err := app.New(t.Context(), locked); err == nil || !strings.Contains(err.Error(), "uses the data folder") {
		t.Errorf("a taken folder: %v", err)
	}
	s.stop()
	a, err := app.New(t.Context(), locked)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

// TestADamagedKeyIsNotTakenOver: an earlier build's, at the first start of this one.
func TestADamagedKeyIsNotTakenOver(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	key := filepath.Join(data, "visitor.key")
	if err := os.WriteFile(key, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	opt, _, _ := options(t, map[string]string{"data": data})
	if _, err := app.New(t.Context(), opt); err == nil || !strings.Contains(err.Error(), "visitor.key is damaged") {
		t.Fatalf("a damaged key: %v", err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	start(t, map[string]string{"data": data}).stop()
}

// An address that listens everywhere is none that people can open.
func TestLinksCanBeOpened(t *testing.T) {
	t.Parallel()
	s := start(t, map[string]string{"data": t.TempDir(), "addr": ":0"})
	banner := s.out.String()
	if !strings.Contains(banner, "http://127.0.0.1:") || strings.Contains(banner, "[::]") {
		t.Errorf("the banner:\n%s", banner)
	}
	s.url = "http://127.0.0.1" + s.app.Addr()[strings.LastIndex(s.app.Addr(), ":"):]
	if a := s.ask(http.MethodGet, "/readyz", ""); a.status != http.StatusOK {
		t.Errorf("readyz: %d", a.status)
	}
}

// The goal for a start is one second; what it takes is logged, and bounded
// loosely because other tests use the machine as well.
func TestStartTime(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, what := range []string{"a new folder", "a known folder"} {
		began := time.Now()
		s := start(t, map[string]string{"data": data})
		if a := s.ask(http.MethodGet, "/readyz", ""); a.status != http.StatusOK {
			t.Fatalf("readyz: %d %s", a.status, a.body)
		}
		took := time.Since(began)
		t.Logf("ready %v after the start with %s", took, what)
		if took > 10*time.Second {
			t.Errorf("the start with %s took %v", what, took)
		}
		s.stop()
	}
}
