package network_test

import (
	"testing"

	"parley/gateway/network"
)

func TestNetworks(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string][2]string{
		"192.0.2.7":            {"192.0.2.7", "192.0.2.0/24"},
		"::ffff:192.0.2.7":     {"192.0.2.7", "192.0.2.0/24"},
		"2001:db8:1:23::5":     {"2001:db8:1:23::/64", "2001:db8:1::/56"},
		"2001:db8:1:ff00:1::5": {"2001:db8:1:ff00::/64", "2001:db8:1:ff00::/56"},
		"fe80::1%eth0":         {"fe80::/64", "fe80::/56"},
		"64:ff9b::c000:207":    {"192.0.2.7", "192.0.2.0/24"},
		"64:ff9b::cb00:7107":   {"203.0.113.7", "203.0.113.0/24"},
		"::ffff:0:192.0.2.7":   {"192.0.2.7", "192.0.2.0/24"},
		"2002:c000:207:9::5":   {"192.0.2.7", "192.0.2.0/24"},
		"64:ff9b:1:2300::5":    {"64:ff9b:1:2300::/64", "64:ff9b:1:2300::/56"},
		"odd":                  {"odd", "odd"},
	} {
		if got := [2]string{network.Host(ip), network.Of(ip)}; got != want {
			t.Errorf("%s: %s, want %s", ip, got, want)
		}
	}
}
