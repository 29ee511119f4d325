package egress

import (
	"net/netip"
	"strings"
)

// CheckTarget tells whether a call of a brand with these hosts may go to rawURL, as Fetch will decide: "" or the
// reason of the refusal (ErrURL, ErrHost, ErrScheme). Plain http is left open for hosts of the operator's own
// network, which only the operator's settings decide.
func CheckTarget(hosts []string, rawURL string) string {
	target, name, port, ok := parseTarget(rawURL)
	switch {
	case !ok:
		return ErrURL
	case !hostAllowed(hosts, name, port):
		return ErrHost
	case target.Scheme != "https" && !internal(name):
		return ErrScheme
	}
	return ""
}

// internal tells of names that no public host has.
func internal(name string) bool {
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.IsLoopback() || addr.IsPrivate()
	}
	return !strings.Contains(name, ".") || strings.HasSuffix(name, ".internal") || strings.HasSuffix(name, ".localhost")
}
