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
	"parley/gateway"
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
		svc := signin.New(signin.Deps{Store: w.Store, Clock: time.Now, NewID: gateway.NewID})
		t, secret, err := svc.NewToken("acme", "ci", role, "someone", time.Time{})
		if err != nil {
			v.t.Fatal(err)
		}
		token = secret
		if err := w.Store.Update(v.t.Context(), func(tx engine.Tx) error { return tx.Logins().AddToken(t) }); err != nil {
			v.t.Fatal(err)
		}
	})
	cfg, err := config.Load(map[string]string{"data": v.data, "addr": "127.0.0.1:0"}, nil, "")
	if err != nil {
		v.t.Fatal(err)
	}
	app, err := gateway.New(v.t.Context(), gateway.Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Out: io.Discard})
	if err != nil {
		v.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	v.t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			v.t.Error(err)
		}
	})
	return "http://" + app.Addr(), token
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
