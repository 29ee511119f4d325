package egress

import (
	"net/netip"
	"strings"
	"testing"
)

func TestHostAllowed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		entry, url string
		want       bool
	}{
		{"api.shop.example", "https://api.shop.example/x", true},
		{"api.shop.example", "https://API.Shop.Example/x", true},
		{"API.shop.example.", "https://api.shop.example./x", true},
		{"api.shop.example", "http://api.shop.example/x", true},
		{"api.shop.example", "https://api.shop.example:8443/x", false},
		{"api.shop.example:8443", "https://api.shop.example:8443/x", true},
		{"api.shop.example:8443", "https://api.shop.example/x", false},
		{"api.shop.example", "https://shop.example/", false},
		{"api.shop.example", "https://xapi.shop.example/", false},
		{"api.shop.example", "https://api.shop.example.evil.example/", false},
		{"api.shop.example", "https://evil.example/?api.shop.example", false},
		{"api.shop.example", "https://evil.example#api.shop.example", false},
		{"*.shop.example", "https://api.shop.example/", true},
		{"*.shop.example", "https://a.b.shop.example/", true},
		{"*.shop.example", "https://shop.example/", false},
		{"*.shop.example", "https://evilshop.example/", false},
		{"*.shop.example:444", "https://a.shop.example:444/", true},
		{"bücher.example", "https://xn--bcher-kva.example/", true},
		{"xn--bcher-kva.example", "https://BÜCHER.example/", true},
		{"192.0.2.7", "https://192.0.2.7/", true},
		{"192.0.2.7", "https://[::ffff:192.0.2.7]/", true},
		{"[2001:db8::7]", "https://[2001:DB8:0::7]/", true},
		{"2001:db8::7", "https://[2001:db8::7]/", true},
		{"[2001:db8::7]:444", "https://[2001:db8::7]:444/", true},
		{"*.0.2.7", "https://192.0.2.7/", false},
		{"*", "https://shop.example/", false},
		{"*.example", "https://shop.example/", false},
		{"", "https://shop.example/", false},
		{"https://shop.example", "https://shop.example/", false},
	} {
		_, name, port, ok := parseTarget(tt.url)
		if !ok {
			t.Errorf("%s is not a target", tt.url)
			continue
		}
		if got := hostAllowed([]string{"first.example", tt.entry}, name, port); got != tt.want {
			t.Errorf("entry %q, %s: allowed %v, want %v", tt.entry, tt.url, got, tt.want)
		}
		if tt.want != (CheckHost(tt.entry) == nil) && tt.want {
			t.Errorf("CheckHost(%q) refuses an entry that matches", tt.entry)
		}
	}
	for _, bad := range []string{"", "*", "*.com", "a b", "https://x.example", "x.example/path", "x..example", "a@b.example", "*.10.0.0.1", "x.example:0", "x.example:x", "a.*.example", "[fe80::1%lo]", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 200) + "example"} {
		if CheckHost(bad) == nil {
			t.Errorf("CheckHost(%q) = nil", bad)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "shop.example", "//shop.example/", "ftp://shop.example/", "file:///etc/passwd", "gopher://shop.example/", "https:shop.example",
		"https://", "https:///x", "https://user@shop.example/", "https://shop.example@evil.example/", "https://a:b@shop.example/",
		"https://shop.example:0/", "https://shop.example:65536/", "https://[fe80::1%25lo]/", "https://[::1/", "https://a b/", "https://a\x00b/",
		"https://a\\b/", "javascript:alert(1)", "https://%31%32%37.0.0.1%00/",
	} {
		if _, name, _, ok := parseTarget(text); ok {
			t.Errorf("parseTarget(%q) = %q", text, name)
		}
	}
}

func FuzzHostAllowed(f *testing.F) {
	f.Add("*.shop.example", "https://api.shop.example/")
	f.Add("[::1]:80", "http://[::1]/")
	f.Add("bücher.example", "https://xn--bcher-kva.example")
	f.Add("１２７.0.0.1", "http://１２７.0.0.1/")
	f.Fuzz(func(t *testing.T, entry, text string) {
		target, name, port, ok := parseTarget(text)
		if !ok {
			return
		}
		if again, ok := normalHost(name); !ok || again != name {
			t.Fatalf("the normal form of %q is not its own: %q %v", name, again, ok)
		}
		if _, name2, port2, ok := parseTarget(target.String()); !ok || name2 != name || port2 != port {
			t.Fatalf("%q is checked as %q port %d and sent as %q", text, name, port, target)
		}
		rule, err := parseHostRule(entry)
		if err != nil {
			if hostAllowed([]string{entry}, name, port) {
				t.Fatalf("%q is refused and yet allows %q", entry, name)
			}
			return
		}
		if !hostAllowed([]string{entry}, name, port) {
			return
		}
		_, notAddress := netip.ParseAddr(name)
		switch {
		case rule.wild && (notAddress == nil || !strings.HasSuffix(name, "."+rule.name)):
			t.Fatalf("%q allows %q", entry, name)
		case !rule.wild && name != rule.name:
			t.Fatalf("%q allows %q", entry, name)
		}
	})
}
