package gateway

import (
	"net/http/httptest"
	"net/netip"
	"testing"
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
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.header)
		if got := callerIP(c.proxies)(r); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
