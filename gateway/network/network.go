package network

import (
	"bytes"
	"net/netip"
)

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
	addr = within(addr.WithZone(""))
	bits := v6
	if addr.Is4() {
		if bits = v4; v4 == addr.BitLen() {
			return addr.String()
		}
	}
	p, _ := addr.Prefix(bits) // it fits
	return p.String()
}

// within is the IPv4 address of a caller who reaches an IPv6 server through a translator or a tunnel: all of IPv4
// would be one network otherwise, and one IPv4 host behind a tunnel 256 of them.
func within(addr netip.Addr) netip.Addr {
	if addr.Is4() || addr.Is4In6() {
		return addr.Unmap()
	}
	b := addr.As16()
	v4 := func(at int) netip.Addr { return netip.AddrFrom4([4]byte(b[at : at+4])) }
	switch {
	case bytes.HasPrefix(b[:], []byte{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}), // NAT64
		bytes.HasPrefix(b[:], []byte{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}): // SIIT
		return v4(12)
	case b[0] == 0x20 && b[1] == 0x02: // 6to4
		return v4(2)
	}
	return addr
}
