package app

import (
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"parley/gateway/config"
	"parley/gateway/web"
)

// Every address that the documents name is one that the gateway serves.
func TestRoutesInTheDocs(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(map[string]string{"data": t.TempDir(), "addr": "127.0.0.1:0"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	app, err := New(t.Context(), Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	}()
	handler, ok := app.http.Handler.(*echo.Echo)
	if !ok {
		t.Fatal("the handler is no echo")
	}
	routes := handler.Routes()
	files, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(?:(GET|POST|PUT|DELETE) |https?://[a-zA-Z.-]+)?(/[a-z][a-zA-Z0-9/{}*._-]*)`")
	found := 0
	for _, file := range append(files, filepath.Join("..", "..", "README.md")) {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(page), -1) {
			method, address := m[1], m[2]
			if strings.HasPrefix(address, "/var/") || strings.HasPrefix(address, "/etc/") {
				continue
			}
			found++
			if !served(routes, method, address) {
				t.Errorf("%s names %s %s, which is not served", filepath.Base(file), method, address)
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d addresses were found", found)
	}
	for _, wrong := range []string{"/api/v1/nonsense", "/hooks", "/nonsense.js"} {
		if served(routes, "", wrong) {
			t.Errorf("%s counts as served", wrong)
		}
	}
}

// served says whether a route, or a file of the site, has the address. The
// documents write {name}, * or a name in capitals for what varies.
func served(routes []*echo.Route, method, address string) bool {
	if _, err := fs.Stat(web.Files(), strings.TrimPrefix(address, "/")); err == nil {
		return true
	}
	want := strings.Split(address, "/")
	for _, r := range routes {
		have := strings.Split(r.Path, "/")
		same := len(have) == len(want) && (method == "" || method == r.Method) && r.Method != echo.RouteNotFound && !strings.HasSuffix(r.Path, "*")
		for i := 0; same && i < len(want); i++ {
			same = have[i] == want[i] || strings.HasPrefix(have[i], ":")
		}
		if same {
			return true
		}
	}
	return false
}
