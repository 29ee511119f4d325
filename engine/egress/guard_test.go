package egress

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func mustGuard(t testing.TB, allow ...string) *Guard {
	t.Helper()
	g, err := NewGuard(allow)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestCheck(t *testing.T) {
	t.Parallel()
	strict := mustGuard(t)
	for _, tt := range []struct {
		network, address string
		ok               bool
	}{
		{"tcp4", "93.184.216.34:443", true},
		{"tcp4", "8.8.8.8:80", true},
		{"tcp", "1.1.1.1:443", true},
		{"tcp6", "[2606:4700::1111]:443", true},
		{"tcp6", "[2a00:1450:4001::1]:80", true},
		{"tcp6", "[::ffff:93.184.216.34]:443", true},

		{"tcp4", "93.184.216.34:22", false},
		{"tcp4", "93.184.216.34:8080", false},
		{"tcp4", "93.184.216.34:0", false},
		{"udp4", "93.184.216.34:443", false},
		{"unix", "/var/run/docker.sock", false},
		{"tcp", "example.com:443", false},
		{"tcp", "93.184.216.34", false},
		{"tcp", "", false},

		{"tcp4", "0.0.0.0:80", false}, {"tcp4", "0.1.2.3:80", false},
		{"tcp4", "10.0.0.1:443", false}, {"tcp4", "10.255.255.255:443", false}, {"tcp4", "11.0.0.0:443", true},
		{"tcp4", "100.64.0.1:443", false}, {"tcp4", "100.127.255.255:443", false}, {"tcp4", "100.128.0.0:443", true},
		{"tcp4", "127.0.0.1:443", false}, {"tcp4", "127.255.0.1:80", false},
		{"tcp4", "169.254.169.254:80", false},
		{"tcp4", "172.16.0.1:443", false}, {"tcp4", "172.31.255.255:443", false}, {"tcp4", "172.32.0.0:443", true},
		{"tcp4", "192.0.0.8:443", false}, {"tcp4", "192.0.2.1:443", false}, {"tcp4", "192.88.99.1:443", false},
		{"tcp4", "192.168.1.1:443", false}, {"tcp4", "198.18.0.1:443", false}, {"tcp4", "198.19.255.255:443", false},
		{"tcp4", "198.51.100.1:443", false}, {"tcp4", "203.0.113.1:443", false}, {"tcp4", "224.0.0.1:443", false},
		{"tcp4", "240.0.0.1:443", false}, {"tcp4", "255.255.255.255:443", false},

		{"tcp6", "[::]:80", false}, {"tcp6", "[::1]:443", false}, {"tcp6", "[::127.0.0.1]:443", false},
		{"tcp6", "[::ffff:127.0.0.1]:443", false}, {"tcp6", "[::ffff:169.254.169.254]:80", false}, {"tcp6", "[::ffff:0:127.0.0.1]:80", false},
		{"tcp6", "[64:ff9b::169.254.169.254]:80", false}, {"tcp6", "[64:ff9b:1::a9fe:a9fe]:80", false},
		{"tcp6", "[100::1]:443", false}, {"tcp6", "[2001::1]:443", false}, {"tcp6", "[2001:db8::1]:443", false},
		{"tcp6", "[2002:7f00:1::]:443", false}, {"tcp6", "[3fff::1]:443", false}, {"tcp6", "[5f00::1]:443", false},
		{"tcp6", "[fc00::1]:443", false}, {"tcp6", "[fd00::1]:443", false}, {"tcp6", "[fe80::1]:443", false},
		{"tcp6", "[fe80::1%eth0]:443", false}, {"tcp6", "[fd00::1%eth0]:443", false}, {"tcp6", "[::ffff:10.0.0.1%eth0]:443", false},
		{"tcp6", "[fec0::1]:443", false}, {"tcp6", "[ff02::1]:443", false},
	} {
		err := strict.Check(tt.network, tt.address)
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, ErrBlocked) {
			t.Errorf("Check(%s, %s) = %v, want ok %v", tt.network, tt.address, err, tt.ok)
		}
	}
}

// TestCheckPrefixes tries the ends of every range that is not public.
func TestCheckPrefixes(t *testing.T) {
	t.Parallel()
	const list = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
		192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
		::/128 ::1/128 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16
		3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8`
	strict := mustGuard(t)
	for text := range strings.FieldsSeq(list) {
		prefix := netip.MustParsePrefix(text)
		last := prefix.Addr().AsSlice()
		for bit := prefix.Bits(); bit < len(last)*8; bit++ {
			last[bit/8] |= 0x80 >> (bit % 8)
		}
		end, _ := netip.AddrFromSlice(last)
		for _, addr := range []netip.Addr{prefix.Addr(), end} {
			for _, spelling := range []netip.Addr{addr, netip.AddrFrom16(addr.As16())} {
				if err := strict.Check("tcp", netip.AddrPortFrom(spelling, 443).String()); !errors.Is(err, ErrBlocked) {
					t.Errorf("%s of %s may be dialled", spelling, prefix)
				}
			}
		}
	}
}

func TestGuardAllow(t *testing.T) {
	t.Parallel()
	g := mustGuard(t, "127.0.0.1:4010", "10.0.0.0/8:443", "192.168.7.0/24", "[::1]:4010", "[fd00::/16]:8443", "fd01::/16", "Orders:8080", "[::ffff:172.16.0.1]:9000")
	for address, ok := range map[string]bool{
		"127.0.0.1:4010": true, "[::ffff:127.0.0.1]:4010": true, "127.0.0.1:4011": false, "127.0.0.1:443": false, "127.0.0.2:4010": false,
		"10.1.2.3:443": true, "10.1.2.3:80": false, "11.0.0.1:443": true,
		"192.168.7.9:1": true, "192.168.7.9:65535": true, "192.168.8.9:443": false,
		"[::1]:4010": true, "[::1]:443": false, "[fd00::5]:8443": true, "[fd00::5%eth0]:8443": true, "[fd00::5]:443": false, "[fd01::5]:5000": true,
		"172.16.0.1:9000": true, "172.16.0.1:443": false,
	} {
		if err := g.Check("tcp", address); (err == nil) != ok {
			t.Errorf("Check(%s) = %v, want ok %v", address, err, ok)
		}
	}
	for _, tt := range []struct {
		host string
		port uint16
		want bool
	}{
		{"orders", 8080, true}, {"ORDERS.", 8080, true}, {"orders", 443, false}, {"127.0.0.1", 4010, true}, {"::1", 4010, true},
		{"93.184.216.34", 443, false}, {"", 8080, false},
	} {
		if got := g.Permits(tt.host, tt.port); got != tt.want {
			t.Errorf("Permits(%s, %d) = %v", tt.host, tt.port, got)
		}
	}
}

func TestNewGuardErrors(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		"", "nonsense", "127.0.0.1", "host", "host:", "host:0", "host:65536", "host:http", ":80", "10.0.0.0/33", "10.0.0.0/33:443", "10.1.0.0/8",
		"10.1.0.0/8:443", "::ffff:10.0.0.0/104", "[fe80::1%eth0]:80", "http://host:80", "a b:80", "*.example:80", "host:80:90", "[::1:80",
	} {
		_, err := NewGuard([]string{"127.0.0.1:1", entry})
		if err == nil || !strings.Contains(err.Error(), `"`+entry+`"`) {
			t.Errorf("NewGuard(%q) = %v, want an error that names it", entry, err)
		}
	}
}

func FuzzNewGuard(f *testing.F) {
	for _, s := range []string{"127.0.0.1:4010", "10.0.0.0/8:443", "fd00::/8", "[fd00::/8]:443", "[::1%lo]:1", "orders:8080", ":0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, entry string) {
		g, err := NewGuard([]string{entry})
		if err != nil {
			return
		}
		if len(g.ranges)+len(g.names) != 1 {
			t.Fatalf("%q gives %d ranges and %d names", entry, len(g.ranges), len(g.names))
		}
		// An entry opens itself and nothing that is far from it.
		for _, r := range g.ranges {
			port := max(r.port, 1)
			if err := g.Check("tcp", netip.AddrPortFrom(r.prefix.Addr(), port).String()); err != nil {
				t.Fatalf("%q does not open itself: %v", entry, err)
			}
			metadata := netip.MustParseAddr("169.254.169.254")
			if !r.prefix.Contains(metadata) && g.Check("tcp", "169.254.169.254:80") == nil {
				t.Fatalf("%q opens the metadata address", entry)
			}
		}
		for name := range g.names {
			if err := g.Check("tcp", name); err == nil {
				t.Fatalf("%q: Check takes the name %q for an address", entry, name)
			}
		}
	})
}
