package egress

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// ErrBlocked is wrapped by every error of Guard.Check.
var ErrBlocked = errors.New("address not allowed")

// special lists what is not the public internet: the special-purpose registries of IANA, with every range
// that netip's own predicates miss and those that carry an IPv4 address inside an IPv6 one.
var special = parsePrefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
	"2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func parsePrefixes(texts ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		prefixes[i] = netip.MustParsePrefix(text)
	}
	return prefixes
}

// Guard decides which addresses may be dialled: public ones on ports 80 and 443, and what the operator
// permits besides. It never changes after NewGuard and is safe for concurrent use.
type Guard struct {
	ranges []permittedRange
	names  map[string]bool // "host:port", lower case
}

type permittedRange struct {
	prefix netip.Prefix
	port   uint16 // 0: every port
}

// NewGuard makes a guard that permits the entries of allow beside the public internet. An entry is
//
//	127.0.0.1:4010   [::1]:4010     one address and port
//	10.0.0.0/8:443   [fd00::/8]:443 a range of addresses and one port
//	10.0.0.0/8       fd00::/8       a range of addresses, every port
//	orders:8080                     a name and port, wherever the name resolves to
//
// The error names the first entry that is none of these.
func NewGuard(allow []string) (*Guard, error) {
	g := &Guard{names: map[string]bool{}}
	for _, entry := range allow {
		if err := g.permit(strings.TrimSpace(entry)); err != nil {
			return nil, fmt.Errorf("allowed address %q: %w", entry, err)
		}
	}
	return g, nil
}

func (g *Guard) permit(entry string) error {
	if prefix, err := netip.ParsePrefix(entry); err == nil {
		return g.permitRange(prefix, 0)
	}
	host, portText, err := net.SplitHostPort(entry)
	if err != nil {
		return errors.New("want host:port, or a range such as 10.0.0.0/8 or 10.0.0.0/8:443")
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil || port == 0 {
		return errors.New("the port must be 1 to 65535")
	}
	if prefix, err := netip.ParsePrefix(host); err == nil {
		return g.permitRange(prefix, uint16(port))
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return errors.New("an address with a zone cannot be permitted")
		}
		addr = addr.Unmap()
		return g.permitRange(netip.PrefixFrom(addr, addr.BitLen()), uint16(port))
	}
	name, ok := normalHost(host)
	if !ok {
		return errors.New("the host is neither an address, a range nor a name")
	}
	g.names[net.JoinHostPort(name, strconv.Itoa(int(port)))] = true
	return nil
}

func (g *Guard) permitRange(prefix netip.Prefix, port uint16) error {
	if prefix.Masked() != prefix {
		return fmt.Errorf("the range has bits behind its length, did you mean %s?", prefix.Masked())
	}
	if prefix.Addr().Is4In6() {
		return errors.New("write the range as IPv4")
	}
	g.ranges = append(g.ranges, permittedRange{prefix, port})
	return nil
}

// Check tells whether address, a literal IP and port, may be dialled over network. It is made for
// net.Dialer.Control, which sees the address after the name is resolved.
func (g *Guard) Check(network, address string) error {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return fmt.Errorf("%w: network %q", ErrBlocked, network)
	}
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %q is no address and port", ErrBlocked, address)
	}
	// A zone picks an interface, never another kind of address; and a prefix never contains an address with one.
	addr := target.Addr().WithZone("").Unmap()
	if g.permits(addr, target.Port()) {
		return nil
	}
	if port := target.Port(); port != 80 && port != 443 {
		return fmt.Errorf("%w: port %d", ErrBlocked, port)
	}
	for _, prefix := range special {
		if prefix.Contains(addr) {
			return fmt.Errorf("%w: %s is in %s, which is not public", ErrBlocked, addr, prefix)
		}
	}
	return nil
}

func (g *Guard) permits(addr netip.Addr, port uint16) bool {
	for _, r := range g.ranges {
		if r.prefix.Contains(addr) && (r.port == 0 || r.port == port) {
			return true
		}
	}
	return false
}

// Permits tells whether the operator's entries, not the default for public addresses, cover the host and
// port of a URL. The host is a name or a literal address without brackets.
func (g *Guard) Permits(host string, port uint16) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return g.permits(addr.WithZone("").Unmap(), port)
	}
	name, ok := normalHost(host)
	return ok && g.names[net.JoinHostPort(name, strconv.Itoa(int(port)))]
}
