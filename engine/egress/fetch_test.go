package egress

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server and a fetcher that may reach it; requests to it carry hosts.
func serve(t *testing.T, handler http.HandlerFunc) (base string, hosts []string, f *Fetcher) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	host := server.Listener.Addr().String()
	return server.URL, []string{host}, newFetcher(t, FetcherConfig{Guard: mustGuard(t, host)})
}

func newFetcher(t *testing.T, cfg FetcherConfig) *Fetcher {
	t.Helper()
	f := NewFetcher(cfg)
	t.Cleanup(func() { f.remote.(*http.Transport).CloseIdleConnections() })
	return f
}

func TestFetch(t *testing.T) {
	t.Parallel()
	base, hosts, f := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Set-Cookie", "session=secret")
		w.Header().Set("X-Secret", "internal")
		w.Header().Set("Server", "internal/1.0")
		w.Header().Add("Link", "<a>")
		w.Header().Add("Link", "<b>")
		w.Header()["Date"] = nil
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, "%s %s %s|%s|%s|%s|%s|%q", r.Method, r.URL, r.Header.Get("User-Agent"), r.Header.Get("Idempotency-Key"),
			r.Header.Get("X-Api-Key"), r.Header.Get("Cookie"), body, r.Host)
	})
	res := f.Fetch(t.Context(), Request{
		Method: "post", URL: base + "/orders?id=1#part", Hosts: hosts, Body: "hello", IdempotencyKey: "c1/s2",
		Header: map[string]string{"x-api-key": "k", "content-type": "text/plain"},
	})
	want := Response{
		Status: 201, Header: map[string]string{"content-type": "text/plain", "link": "<a>, <b>"},
		Body: fmt.Sprintf("POST /orders?id=1 parley|c1/s2|k||hello|%q", hosts[0]),
	}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

func TestFetchRefuses(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	base, hosts, f := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	big := strings.Repeat("x", MaxRequestBodyBytes+1)
	for name, tt := range map[string]struct {
		req  Request
		want string
	}{
		"no list":           {Request{URL: base}, ErrHost},
		"other host":        {Request{URL: "https://evil.example/", Hosts: hosts}, ErrHost},
		"list without port": {Request{URL: base, Hosts: []string{"127.0.0.1"}}, ErrHost},
		"no scheme":         {Request{URL: "127.0.0.1", Hosts: hosts}, ErrURL},
		"other scheme":      {Request{URL: "file:///etc/passwd", Hosts: hosts}, ErrURL},
		"user in URL":       {Request{URL: strings.Replace(base, "//", "//u:p@", 1), Hosts: hosts}, ErrURL},
		"plain http":        {Request{URL: "http://shop.example/", Hosts: []string{"shop.example"}}, ErrScheme},
		"method":            {Request{Method: "CONNECT", URL: base, Hosts: hosts}, ErrMethod},
		"method smuggled":   {Request{Method: "GET / HTTP/1.1\r\nX: y", URL: base, Hosts: hosts}, ErrMethod},
		"body":              {Request{Method: "POST", URL: base, Hosts: hosts, Body: big}, ErrRequestTooLarge},
		"url":               {Request{URL: base + "/" + big, Hosts: hosts}, ErrRequestTooLarge},
		"header size":       {Request{URL: base, Hosts: hosts, Header: map[string]string{"X-A": big}}, ErrRequestTooLarge},
		"cookie":            {Request{URL: base, Hosts: hosts, Header: map[string]string{"Cookie": "a=b"}}, ErrHeader},
		"host header":       {Request{URL: base, Hosts: hosts, Header: map[string]string{"Host": "evil.example"}}, ErrHeader},
		"connection":        {Request{URL: base, Hosts: hosts, Header: map[string]string{"connection": "upgrade"}}, ErrHeader},
		"forwarded":         {Request{URL: base, Hosts: hosts, Header: map[string]string{"x-forwarded-for": "10.0.0.1"}}, ErrHeader},
		"own agent":         {Request{URL: base, Hosts: hosts, Header: map[string]string{"User-Agent": "x"}}, ErrHeader},
		"line end in value": {Request{URL: base, Hosts: hosts, Header: map[string]string{"X-A": "a\r\nHost: b"}}, ErrHeader},
		"bad name":          {Request{URL: base, Hosts: hosts, Header: map[string]string{"X A": "a"}}, ErrHeader},
		"header twice":      {Request{URL: base, Hosts: hosts, Header: map[string]string{"X-A": "a", "x-a": "b"}}, ErrHeader},
		"key with line end": {Request{URL: base, Hosts: hosts, IdempotencyKey: "a\r\nb"}, ErrHeader},
		"loopback":          {Request{URL: "https://127.0.0.1/", Hosts: []string{"127.0.0.1"}}, ErrAddress},
		"mapped loopback":   {Request{URL: "https://[::ffff:127.0.0.1]/", Hosts: []string{"127.0.0.1"}}, ErrAddress},
		"localhost":         {Request{URL: "https://localhost/", Hosts: []string{"localhost"}}, ErrAddress},
		"metadata":          {Request{URL: "https://169.254.169.254/", Hosts: []string{"169.254.169.254"}}, ErrAddress},
		"NAT64":             {Request{URL: "https://[64:ff9b::a9fe:a9fe]/", Hosts: []string{"[64:ff9b::a9fe:a9fe]"}}, ErrAddress},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(Response{Error: tt.want}, f.Fetch(t.Context(), tt.req)); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
		})
	}
	if hits.Load() != 0 {
		t.Errorf("the server was reached %d times", hits.Load())
	}
}

func TestFetchBody(t *testing.T) {
	t.Parallel()
	exact := bytes.Repeat([]byte("x"), MaxResponseBodyBytes)
	base, hosts, f := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/exact":
			w.Write(exact)
		case "/over":
			w.Write(append(exact, 'x'))
		case "/chunked": // without end
			for r.Context().Err() == nil {
				if _, err := w.Write(exact[:1<<10]); err != nil {
					return
				}
				w.(http.Flusher).Flush()
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 100 {
				z.Write(exact)
			}
			z.Close()
		case "/header":
			w.Header().Set("X-Request-Id", strings.Repeat("x", 64<<10))
		case "/binary":
			io.WriteString(w, "a\xffb")
		case "/head":
			w.Header().Set("Content-Length", "99999999")
		case "/short":
			w.Header().Set("Content-Length", "10")
			io.WriteString(w, "abc")
		}
	})
	for _, tt := range []struct {
		method, path, wantErr string
		wantLen               int
		wantRetry             bool
	}{
		{"GET", "/exact", "", MaxResponseBodyBytes, false},
		{"GET", "/over", ErrTooLarge, 0, false},
		{"GET", "/chunked", ErrTooLarge, 0, false},
		{"GET", "/bomb", ErrTooLarge, 0, false},
		{"GET", "/header", ErrNoAnswer, 0, false},
		{"GET", "/binary", "", len("a\uFFFDb"), false},
		{"HEAD", "/head", "", 0, false},
		{"GET", "/short", ErrLost, 0, true},
		{"POST", "/short", ErrLost, 0, false},
	} {
		t.Run(tt.method+tt.path, func(t *testing.T) {
			t.Parallel()
			res := f.Fetch(t.Context(), Request{Method: tt.method, URL: base + tt.path, Hosts: hosts, Timeout: MaxFetchTimeout})
			if res.Error != tt.wantErr || len(res.Body) != tt.wantLen || res.Retry != tt.wantRetry {
				t.Errorf("error %q, %d bytes, retry %v; want %q, %d, %v", res.Error, len(res.Body), res.Retry, tt.wantErr, tt.wantLen, tt.wantRetry)
			}
		})
	}
}

func TestFetchSlow(t *testing.T) {
	t.Parallel()
	base, hosts, f := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/drip" {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
		}
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	for _, tt := range []struct {
		method, path string
		retry        bool
	}{{"GET", "/", true}, {"GET", "/drip", true}, {"PUT", "/", true}, {"POST", "/", false}, {"PATCH", "/drip", false}} {
		t.Run(tt.method+tt.path, func(t *testing.T) {
			t.Parallel()
			res := f.Fetch(t.Context(), Request{Method: tt.method, URL: base + tt.path, Hosts: hosts, Body: "x", Timeout: 50 * time.Millisecond, IdempotencyKey: "k"})
			if diff := cmp.Diff(Response{Error: ErrTimeout, Retry: tt.retry}, res); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("canceled", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		res := f.Fetch(ctx, Request{URL: base, Hosts: hosts})
		if diff := cmp.Diff(Response{Error: ErrCanceled, Retry: true}, res); diff != "" {
			t.Errorf("response (-want +got):\n%s", diff)
		}
	})
}

func TestFetchStatus(t *testing.T) {
	t.Parallel()
	base, hosts, f := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var status int
		fmt.Sscanf(r.URL.Path, "/%d", &status)
		if r.URL.RawQuery == "" {
			w.Header().Set("Retry-After", "7")
		}
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(status)
	})
	for _, tt := range []struct {
		method string
		status int
		retry  bool
		after  time.Duration
	}{
		{"GET", 200, false, 0}, {"GET", 302, false, 0}, {"POST", 307, false, 0}, {"GET", 404, false, 0}, {"GET", 500, false, 0},
		{"GET", 408, true, 0}, {"GET", 503, true, 7 * time.Second}, {"DELETE", 504, true, 0}, {"PATCH", 502, false, 0},
		{"POST", 429, true, 7 * time.Second}, {"POST", 503, true, 7 * time.Second}, {"GET", 502, true, 0}, {"POST", 504, false, 0},
	} {
		res := f.Fetch(t.Context(), Request{Method: tt.method, URL: fmt.Sprintf("%s/%d", base, tt.status), Hosts: hosts})
		if res.Status != tt.status || res.Error != "" || res.Retry != tt.retry || res.RetryAfter != tt.after || res.Header["location"] == "" {
			t.Errorf("%s %d: %+v", tt.method, tt.status, res)
		}
	}
	// Without a Retry-After nobody says that the request did nothing.
	for method, retry := range map[string]bool{"POST": false, "PATCH": false, "PUT": true, "HEAD": true} {
		for _, status := range []int{429, 503} {
			res := f.Fetch(t.Context(), Request{Method: method, URL: fmt.Sprintf("%s/%d?silent", base, status), Hosts: hosts})
			if res.Retry != retry || res.RetryAfter != 0 {
				t.Errorf("%s %d: %+v", method, status, res)
			}
		}
	}
}

// TestFetchWire talks to servers that break HTTP.
func TestFetchWire(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer, want string
	}{
		"hangs up":     {"", ErrLost},
		"no HTTP":      {"SSH-2.0-OpenSSH_9.9\r\n", ErrNoAnswer},
		"upgrade":      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", ErrNoAnswer},
		"broken chunk": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", ErrLost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			var requests atomic.Int32
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
						requests.Add(1)
					}
					io.WriteString(conn, tt.answer)
					conn.Close()
				}
			}()
			t.Cleanup(func() { listener.Close(); <-done })
			host := listener.Addr().String()
			f := newFetcher(t, FetcherConfig{Guard: mustGuard(t, host)})
			for _, body := range []string{"", "x"} {
				res := f.Fetch(t.Context(), Request{Method: "POST", URL: "http://" + host, Hosts: []string{host}, Body: body, IdempotencyKey: "k"})
				if diff := cmp.Diff(Response{Error: tt.want}, res); diff != "" {
					t.Errorf("response (-want +got):\n%s", diff)
				}
			}
			if n := requests.Load(); n != 2 {
				t.Errorf("two requests went out %d times", n)
			}
		})
	}
}

func TestFetchUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	listener.Close()
	f := newFetcher(t, FetcherConfig{Guard: mustGuard(t, host)})
	res := f.Fetch(t.Context(), Request{Method: "POST", URL: "http://" + host, Hosts: []string{host}, Body: "x"})
	if diff := cmp.Diff(Response{Error: ErrRefused, Retry: true}, res); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

func TestFetchTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	host := server.Listener.Addr().String()
	req := Request{URL: server.URL, Hosts: []string{host}}

	f := newFetcher(t, FetcherConfig{Guard: mustGuard(t, host)})
	if diff := cmp.Diff(Response{Error: ErrTLS}, f.Fetch(t.Context(), req)); diff != "" {
		t.Errorf("unknown authority (-want +got):\n%s", diff)
	}
	f = newFetcher(t, FetcherConfig{Guard: mustGuard(t, host)})
	f.remote.(*http.Transport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	if res := f.Fetch(t.Context(), req); res.Status != 200 || res.Body != "HTTP/2.0" {
		t.Errorf("known authority: %+v", res)
	}
}

func TestFetchLocal(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		w.Header().Set("X-Request-Id", "too late")
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprintf(w, `{"id":%q,"body":%q,"host":%q}`, r.PathValue("id"), body, r.Host)
	})
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("boom") })
	mux.HandleFunc("GET /hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("GET /big", func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("GET /empty", func(http.ResponseWriter, *http.Request) {})
	f := newFetcher(t, FetcherConfig{Local: map[string]http.Handler{"Orders.Acme.example": mux}})
	hosts := []string{"orders.acme.example"}
	for _, tt := range []struct {
		req  Request
		want Response
	}{
		{Request{Method: "POST", URL: "https://orders.acme.example/orders/17", Body: "b"}, Response{Status: 202,
			Header: map[string]string{"content-type": "application/json"}, Body: `{"id":"17","body":"b","host":"orders.acme.example"}`}},
		{Request{URL: "http://orders.acme.example/empty"}, Response{Status: 200, Header: map[string]string{}}},
		{Request{URL: "https://orders.acme.example/panic"}, Response{Error: ErrLocalFailure}},
		{Request{URL: "https://orders.acme.example/hang", Timeout: time.Millisecond}, Response{Error: ErrTimeout, Retry: true}},
		{Request{URL: "https://orders.acme.example/big"}, Response{Error: ErrTooLarge}},
		{Request{URL: "https://orders.acme.example:8443/empty"}, Response{Error: ErrHost}},
	} {
		tt.req.Hosts = hosts
		if diff := cmp.Diff(tt.want, f.Fetch(t.Context(), tt.req)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.req.URL, diff)
		}
	}
	if res := f.Fetch(t.Context(), Request{URL: "https://orders.acme.example/empty"}); res.Error != ErrHost {
		t.Errorf("a brand that does not list the host: %+v", res)
	}
}

func TestNewFetcherPanicsOnBadLocal(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewFetcher(FetcherConfig{Local: map[string]http.Handler{"not a host": http.NotFoundHandler()}})
}

func FuzzRequestTarget(f *testing.F) {
	f.Add("https://api.shop.example/a?b#c", "X-A", "v")
	f.Fuzz(func(t *testing.T, text, name, value string) {
		fetcher := NewFetcher(FetcherConfig{})
		req, _, _, refusal := fetcher.prepare(t.Context(), Request{URL: text, Hosts: []string{"api.shop.example"}, Header: map[string]string{name: value}})
		if refusal != "" {
			return
		}
		var wire bytes.Buffer
		if err := req.Write(&wire); err != nil {
			t.Fatal(err)
		}
		got, err := http.ReadRequest(bufio.NewReader(&wire))
		if err != nil {
			t.Fatalf("%q does not read back: %v", wire.String(), err)
		}
		if got.Host != "api.shop.example" || len(got.Header) != 2 {
			t.Fatalf("%q reads back with host %q and header %v", text, got.Host, got.Header)
		}
		if _, err := url.ParseRequestURI(got.RequestURI); err != nil {
			t.Fatal(err)
		}
	})
}

// TestFetchNeverRepeatsByItself loses a kept connection after a request was read from it. net/http repeats
// such a request by itself when it carries an idempotency key and its body can be had again.
func TestFetchNeverRepeatsByItself(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "x"} {
		t.Run("body "+body, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			base, hosts, f := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if requests.Add(1) == 2 {
					conn, _, err := w.(http.Hijacker).Hijack()
					if err == nil {
						conn.Close()
					}
				}
			})
			req := Request{Method: "POST", URL: base, Hosts: hosts, Body: body, IdempotencyKey: "k"}
			if res := f.Fetch(t.Context(), req); res.Status != 200 {
				t.Fatalf("first: %+v", res)
			}
			if diff := cmp.Diff(Response{Error: ErrLost}, f.Fetch(t.Context(), req)); diff != "" {
				t.Errorf("second (-want +got):\n%s", diff)
			}
			if n := requests.Load(); n != 2 {
				t.Errorf("two requests arrived %d times", n)
			}
		})
	}
}
