package command_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/gateway/app"
	"parley/gateway/config"
	"parley/gateway/signin"
)

// serving serves a vault and gives its address and an admin's API token.
func (v *vault) serving(role engine.Role) (server, token string) {
	v.t.Helper()
	if r := parley(v.t, "push", v.dir, "--data", v.data, "--yes"); r.code != 0 {
		v.t.Fatalf("%s%s", r.out, r.err)
	}
	v.open(func(w *enginetest.World) {
		err := w.Store.Update(v.t.Context(), func(tx engine.Tx) (err error) {
			_, token, err = signin.AddToken(tx, engine.Token{ID: app.NewID(), Brand: "acme", Name: "ci", Role: role, CreatedBy: "someone", CreatedAt: time.Now()})
			return err
		})
		if err != nil {
			v.t.Fatal(err)
		}
	})
	cfg, err := config.Load(map[string]string{"data": v.data, "addr": "127.0.0.1:0"}, nil, "")
	if err != nil {
		v.t.Fatal(err)
	}
	a, err := app.New(v.t.Context(), app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Out: io.Discard})
	if err != nil {
		v.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	v.t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			v.t.Error(err)
		}
	})
	return "http://" + a.Addr(), token
}

// What works on a data folder works on a server that runs.
func TestOnAServer(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	server, token := v.serving(engine.RoleAdmin)
	do := func(code int, says string, args ...string) string {
		t.Helper()
		r := parley(t, append(args, "--server", server, "--token", token)...)
		if r.code != code || !strings.Contains(r.out+r.err, says) {
			t.Errorf("parley %s: %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
		}
		return r.out
	}
	v.change("bots/hello.lua", "Your name?", "Who are you?")
	do(1, "Activate it? [y/N]", "push", v.dir)
	do(0, "New conversations of acme run", "push", v.dir, "--yes", "--note", "kinder")
	do(0, "active", "versions")
	do(0, "kinder", "versions", "log")
	do(0, "again", "versions", "rollback", "--note", "too kind")
	do(0, "held: too kind", "versions")
	v.change("bots/hello.lua", "Who are you?", "And you?")
	do(0, "20 % of new conversations", "push", v.dir, "--canary", "20", "--yes")
	do(0, "canary, 20 %", "versions")
	do(0, "active version", "versions", "stop")
	do(1, "no canary", "versions", "stop")
	do(0, "No bot of acme failed", "faults")
	do(1, "no fault", "faults", "show", "nothing")
	do(1, "no version", "versions", "activate", "00000000")
	do(1, "could be moved", "versions", "move", "restart", "nobody")
	do(2, "names no brand", "versions", "--brand-id", "other")
	do(0, "parley serves this channel itself", "channel", "check")
	do(0, "acme.web", "channel", "check", "web")
	do(2, `names no channel: "fax" (there are: acme.web)`, "channel", "check", "fax")
	out := filepath.Join(t.TempDir(), "out")
	do(0, "acme", "pull", out)
	raw, err := os.ReadFile(filepath.Join(out, "bots", "hello.lua"))
	if err != nil || !strings.Contains(string(raw), "Your name?") {
		t.Errorf("got %s (%v)", raw, err)
	}
	v.change("brand.yaml", "channels:", "channels:\n  sms: {kind: twilio, bot: hello, address: \"${SECRET}\", account_sid: \"${SECRET}\", auth_token: \"${SECRET}\"}")
	do(2, "SECRET is not allowed here", "push", v.dir, "--yes")
	do(1, "SECRET is not allowed here", "push", v.dir, "--yes", "--blast", "none")
}

func TestServersThatAreRefused(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	server, token := v.serving(engine.RoleSupervisor)
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"in clear":      {[]string{"--server", "http://chat.example.com", "--token", "x"}, 2, "must begin with https://"},
		"no address":    {[]string{"--server", "chat.example.com", "--token", "x"}, 2, "is not an address"},
		"no token":      {[]string{"--server", server}, 2, "PARLEY_TOKEN"},
		"a wrong token": {[]string{"--server", server, "--token", "plt_x.y"}, 1, "does not know the token"},
		"nobody there":  {[]string{"--server", "http://127.0.0.1:1", "--token", "x"}, 1, "does not answer"},
		"no parley":     {[]string{"--server", other.URL, "--token", "x"}, 1, "no parley server"},
		"a supervisor":  {[]string{"--server", server, "--token", token, "--note", "x"}, 1, "Only an admin"},
	} {
		r := parley(t, append([]string{"versions", "rollback"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.err, c.want) {
			t.Errorf("%s: got %d %q", name, r.code, r.err)
		}
	}
	if r := parley(t, "versions", "--server", server, "--token", token); r.code != 0 {
		t.Errorf("a supervisor may not read: %s", r.err)
	}
}

// People and tokens change while a server runs on the data folder, and after it.
func TestPeopleAndTokensBesideAServer(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	server, _ := v.serving(engine.RoleAdmin)
	do := func(code int, says string, args ...string) string {
		t.Helper()
		r := parley(t, append(args, "--data", v.data)...)
		if r.code != code || !strings.Contains(r.out+r.err, says) {
			t.Errorf("parley %s: %d, want %d and %q\n%s%s", strings.Join(args, " "), r.code, code, says, r.out, r.err)
		}
		return r.out
	}
	do(0, "Ana Lima signs in as ana@acme.example with the password", "user", "add", "Ana@acme.example", "--name", "Ana Lima", "--role", "admin")
	do(1, "", "user", "add", "ana@acme.example")
	do(2, "--role is none of", "user", "add", "bo@acme.example", "--role", "boss")
	do(2, `--skills names no skill of the brand: "x"`, "user", "add", "bo@acme.example", "--skills", "x")
	do(2, "--brand-id names no brand", "user", "add", "bo@acme.example", "--brand-id", "nobody")
	do(0, "ana@acme.example", "user", "list")
	password := strings.Fields(do(0, "ana@acme.example signs in with the password", "user", "password", "ana@acme.example"))
	signIn := func() int {
		resp, err := http.Post(server+"/api/v1/session", "application/json", strings.NewReader(`{"email":"ana@acme.example","password":"`+password[len(password)-1]+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		_, _ = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode
	}
	if got := signIn(); got != http.StatusOK {
		t.Errorf("signing in: %d", got)
	}
	do(0, "may not sign in any more", "user", "disable", "ana@acme.example")
	if got := signIn(); got == http.StatusOK {
		t.Errorf("signing in when disabled: %d", got)
	}
	do(1, "There is nobody", "user", "disable", "nobody@acme.example")

	secret := strings.TrimSpace(do(0, "plt_", "token", "create", "ci", "--role", "admin", "--expires", "90d"))
	if r := within(t, time.Minute, "", []string{"PARLEY_TOKEN=" + secret, "PARLEY_URL=" + server}, "versions"); r.code != 0 || !strings.Contains(r.out, "active") {
		t.Errorf("versions with the variables: %+v", r)
	}
	if r := within(t, time.Minute, "", []string{"PARLEY_URL=http://127.0.0.1:1"}, "user", "list", "--data", v.data); r.code != 0 {
		t.Errorf("a command that knows no server: %+v", r)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(secret, "plt_"), ".")
	do(0, id+"  ci", "token", "list")
	if info, err := os.Stat(filepath.Join(v.data, "admin.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info, err)
	}
	do(0, "refused from now on", "token", "revoke", id)
	do(1, "has no API token", "token", "revoke", id)
	if r := parley(t, "versions", "--server", server, "--token", secret); r.code == 0 {
		t.Errorf("a revoked token: %+v", r)
	}
	do(2, "--expires is none of", "token", "create", "x", "--expires", "soon")
	do(2, "--expires is in the past", "token", "create", "x", "--expires", "2001-01-01")
	do(2, "NAME is empty", "token", "create", " ")
}

// The first token is made before any server has run on the folder.
func TestTokenWithoutAServer(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	if r := parley(t, "push", v.dir, "--data", v.data, "--yes"); r.code != 0 {
		t.Fatalf("%s%s", r.out, r.err)
	}
	r := parley(t, "token", "create", "first", "--data", v.data)
	if r.code != 0 || !strings.HasPrefix(r.out, "plt_") || strings.Count(r.out, "\n") != 1 {
		t.Errorf("%+v", r)
	}
	// A server that was killed leaves its key behind: it is not asked.
	if err := os.WriteFile(filepath.Join(v.data, "admin.json"), []byte(`{"addr":"127.0.0.1:1","key":"x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := parley(t, "token", "create", "second", "--data", v.data); r.code != 0 {
		t.Errorf("%+v", r)
	}
}
