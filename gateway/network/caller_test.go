package network_test

import (
	"net/http/httptest"
	"net/netip"
	"testing"

	"parley/gateway/network"
)

func TestCallerIP(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::1/128")}
	for _, c := range []struct {
		name    string
		proxies []netip.Prefix
		peer    string
		header  string
		want    string
	}{
		{"no proxy is trusted", nil, "127.0.0.1:5", "198.51.100.7", "127.0.0.1"},
		{"a stranger claims to be somebody", proxies, "203.0.113.9:5", "198.51.100.7", "203.0.113.9"},
		{"a local process is no proxy by itself", proxies, "127.0.0.1:5", "198.51.100.7", "127.0.0.1"},
		{"a trusted proxy tells", proxies, "10.1.2.3:5", "198.51.100.7", "198.51.100.7"},
		{"the caller has forged the front of the list", proxies, "10.1.2.3:5", "192.0.2.1, 198.51.100.7", "198.51.100.7"},
		{"two trusted proxies", proxies, "[fd00::1]:5", "198.51.100.7, 10.1.9.9", "198.51.100.7"},
		{"a proxy that tells ports, too", proxies, "10.1.2.3:5", "192.0.2.1:77, 198.51.100.7:4711, 10.1.9.9:80", "198.51.100.7"},
		{"the same in IPv6", proxies, "10.1.2.3:5", "[2001:db8::7]:4711", "2001:db8::7"},
		{"brackets alone", proxies, "10.1.2.3:5", "[2001:db8::7]", "2001:db8::7"},
		{"an IPv4 address in IPv6's form", proxies, "[::ffff:10.1.2.3]:5", "198.51.100.7, ::ffff:10.1.9.9", "198.51.100.7"},
		{"a zone", proxies, "10.1.2.3:5", "fe80::7%eth0", "fe80::7"},
		{"nothing that is an address", proxies, "10.1.2.3:5", "198.51.100.7, unknown", "10.1.2.3"},
		{"what the caller made up does not matter", proxies, "10.1.2.3:5", "' or 1=1, 198.51.100.7", "198.51.100.7"},
		{"nobody but proxies", proxies, "10.1.2.3:5", "10.1.9.9", "10.1.9.9"},
		{"an empty header", proxies, "10.1.2.3:5", "", "10.1.2.3"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.header)
		if got := network.Caller(c.proxies)(r); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "10.1.2.3:5"
	r.Header["X-Forwarded-For"] = []string{"192.0.2.1", "198.51.100.7"}
	if got := network.Caller(proxies)(r); got != "198.51.100.7" {
		t.Errorf("two headers: got %s", got)
	}
}
