package egress

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// CheckHost tells what is wrong with an entry of a brand's host list. An entry is "api.shop.example",
// "*.shop.example" (every name below shop.example, not shop.example itself), an address such as "192.0.2.7"
// or "[2001:db8::7]"; each with ":port" or, without, for the standard ports 80 and 443.
func CheckHost(entry string) error {
	_, err := parseHostRule(entry)
	return err
}

// hostRule is one parsed entry of a host list.
type hostRule struct {
	name string // normal form
	wild bool   // names below name, not name itself
	port uint16 // 0: the standard ports
}

func parseHostRule(entry string) (hostRule, error) {
	var rule hostRule
	host := entry
	if h, portText, err := net.SplitHostPort(entry); err == nil {
		port, err := strconv.ParseUint(portText, 10, 16)
		if err != nil || port == 0 {
			return rule, errors.New("the port must be 1 to 65535")
		}
		host, rule.port = h, uint16(port)
	} else if strings.HasPrefix(entry, "[") && strings.HasSuffix(entry, "]") {
		host = entry[1 : len(entry)-1]
	}
	host, rule.wild = strings.CutPrefix(host, "*.")
	name, ok := normalHost(host)
	if !ok {
		return rule, errors.New("want a host such as api.shop.example, without scheme or path")
	}
	if rule.wild {
		if _, err := netip.ParseAddr(name); err == nil {
			return rule, errors.New("an address cannot follow the star")
		}
		if !strings.Contains(name, ".") {
			return rule, errors.New("*. must be followed by a name of at least two parts")
		}
	}
	rule.name = name
	return rule, nil
}

func (r hostRule) matches(name string, port uint16) bool {
	if r.port != port && (r.port != 0 || port != 80 && port != 443) {
		return false
	}
	if r.wild {
		_, err := netip.ParseAddr(name)
		return err != nil && strings.HasSuffix(name, "."+r.name)
	}
	return name == r.name
}

// hostAllowed tells whether a host in normal form stands on the list. Entries that CheckHost refuses match
// nothing.
func hostAllowed(hosts []string, name string, port uint16) bool {
	for _, entry := range hosts {
		if rule, err := parseHostRule(entry); err == nil && rule.matches(name, port) {
			return true
		}
	}
	return false
}

// normalHost brings a host to the one form in which hosts are compared: an address as netip writes it, IPv4
// where it is mapped; a name in lower-case ASCII without the final dot.
func normalHost(host string) (string, bool) {
	if len(host) > 1024 {
		return "", false
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().String(), addr.Zone() == ""
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if strings.IndexFunc(name, func(r rune) bool { return r > 0x7E }) >= 0 {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return "", false
		}
		name = ascii
	}
	if len(name) > 253 {
		return "", false
	}
	// The mapping to ASCII can bring forth another spelling of an address; that is no name.
	if _, err := netip.ParseAddr(name); err == nil {
		return "", false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return "", false
		}
	}
	return name, true
}
