package network

import "net/netip"

// Of is the network of an address: an IPv4 /24 or an IPv6 /56, which is what one
// customer of a provider has. What is no address is its own network.
func Of(ip string) string { return prefix(ip, 24, 56) }

// Host is one caller: an IPv4 address or an IPv6 /64, because a single IPv6 host
// has that many addresses.
func Host(ip string) string { return prefix(ip, 32, 64) }

func prefix(ip string, v4, v6 int) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	addr = addr.Unmap().WithZone("")
	bits := v6
	if addr.Is4() {
		if bits = v4; v4 == addr.BitLen() {
			return addr.String()
		}
	}
	p, _ := addr.Prefix(bits) // it fits
	return p.String()
}
