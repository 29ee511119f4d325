package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"parley/gateway/config"
)

// A panic in a route is our fault: 500, named for the log, with nothing of it outside.
func TestPanics(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(map[string]string{"data": t.TempDir(), "addr": "127.0.0.1:0"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	app, err := New(t.Context(), Options{Config: cfg, Log: slog.New(slog.NewTextHandler(&log, nil)), Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	routes, ok := app.http.Handler.(*echo.Echo)
	if !ok {
		t.Fatal("the handler is no echo")
	}
	routes.GET("/panic", func(echo.Context) error { panic("inner matter") })
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + app.Addr() + "/panic")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	id := resp.Header.Get("X-Request-Id")
	if resp.StatusCode != http.StatusInternalServerError || id == "" || !strings.Contains(string(body), `"request_id":"`+id+`"`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", resp.Header)
	}
	for _, inner := range []string{"inner matter", "goroutine", ".go:"} {
		if strings.Contains(string(body), inner) {
			t.Errorf("the answer tells %q: %s", inner, body)
		}
	}
	for _, want := range []string{id, "inner matter", "panic_test.go:"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log.String())
		}
	}
}
