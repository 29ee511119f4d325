package egress

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer answers every A question, the n-th with answer(n), and gives a resolver that asks it.
func nameServer(t *testing.T, answer func(n int) netip.Addr) *net.Resolver {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for asked := 0; ; {
			n, from, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			var message dnsmessage.Message
			if message.Unpack(buffer[:n]) != nil || len(message.Questions) != 1 {
				continue
			}
			message.Response, message.Additionals = true, nil
			if q := message.Questions[0]; q.Type == dnsmessage.TypeA {
				asked++
				message.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: answer(asked).As4()},
				}}
			}
			if reply, err := message.Pack(); err == nil {
				socket.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() { socket.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
}

var loopback = netip.MustParseAddr("127.0.0.1")

func TestRebinding(t *testing.T) {
	t.Parallel()
	public := netip.MustParseAddr("93.184.216.34")
	resolver := nameServer(t, func(n int) netip.Addr {
		if n == 1 {
			return public
		}
		return loopback
	})
	first, err := resolver.LookupNetIP(t.Context(), "ip4", "shop.example.")
	if err != nil || len(first) != 1 || first[0].Unmap() != public {
		t.Fatalf("first look-up: %v %v", first, err)
	}
	if err := mustGuard(t).Check("tcp", netip.AddrPortFrom(first[0], 443).String()); err != nil {
		t.Fatalf("the first address would pass: %v", err)
	}
	f := newFetcher(t, FetcherConfig{Resolver: resolver})
	res := f.Fetch(t.Context(), Request{URL: "https://shop.example/", Hosts: []string{"shop.example"}})
	if res.Error != ErrAddress || res.Retry {
		t.Errorf("after the name moved to loopback: %+v", res)
	}
}

func TestPermittedName(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) }))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	host := "shop.example:" + port
	resolver := nameServer(t, func(int) netip.Addr { return loopback })
	f := newFetcher(t, FetcherConfig{Guard: mustGuard(t, host), Resolver: resolver})
	if res := f.Fetch(t.Context(), Request{URL: "http://" + host, Hosts: []string{host}}); res.Body != host {
		t.Errorf("a permitted name: %+v", res)
	}
	other := "other.example:" + port
	if res := f.Fetch(t.Context(), Request{URL: "https://" + other, Hosts: []string{other}}); res.Error != ErrAddress {
		t.Errorf("another name of the same address: %+v", res)
	}
}

func TestNewClientRedirect(t *testing.T) {
	t.Parallel()
	var inner atomic.Int32
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inner.Add(1) }))
	t.Cleanup(secret.Close)
	front := httptest.NewServer(http.RedirectHandler(secret.URL, http.StatusFound))
	t.Cleanup(front.Close)
	client := NewClient(Config{Guard: mustGuard(t, front.Listener.Addr().String())})
	t.Cleanup(client.CloseIdleConnections)

	res, err := client.Get(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusFound {
		t.Errorf("status %d, want the redirect itself", res.StatusCode)
	}

	// Whoever chooses to follow is stopped at the dial.
	client.CheckRedirect = nil
	if res, err := client.Get(front.URL); !errors.Is(err, ErrBlocked) {
		if err == nil {
			res.Body.Close()
		}
		t.Errorf("following the redirect: %v, want it blocked", err)
	}
	if inner.Load() != 0 {
		t.Error("the redirect reached a server that is not permitted")
	}
}

func TestNewClientIgnoresProxy(t *testing.T) {
	var proxied atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied.Add(1) }))
	t.Cleanup(proxy.Close)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "direct") }))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	// A name, for net/http never uses a proxy for loopback addresses.
	host := "shop.example:" + port
	client := NewClient(Config{Guard: mustGuard(t, host), Resolver: nameServer(t, func(int) netip.Addr { return loopback })})
	t.Cleanup(client.CloseIdleConnections)
	res, err := client.Get("http://" + host)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); string(body) != "direct" || proxied.Load() != 0 {
		t.Errorf("body %q, proxy used %d times", body, proxied.Load())
	}
}

func TestNewClientZeroConfigIsStrict(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client := NewClient(Config{})
	if client.Timeout != defaultTimeout || client.Jar != nil {
		t.Errorf("timeout %v, jar %v", client.Timeout, client.Jar)
	}
	res, err := client.Get(server.URL)
	if err == nil {
		res.Body.Close()
	}
	if !errors.Is(err, ErrBlocked) || !strings.Contains(err.Error(), "address not allowed") {
		t.Errorf("loopback: %v", err)
	}
}
