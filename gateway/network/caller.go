package network

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// Caller finds who calls: the peer itself, or whom a trusted proxy names.
// From anybody else X-Forwarded-For is only a claim.
func Caller(proxies []netip.Prefix) echo.IPExtractor {
	direct := echo.ExtractIPDirect()
	if len(proxies) == 0 {
		return direct
	}
	proxies = slices.Clone(proxies)
	for i, p := range proxies { // ::ffff:10.0.0.0/104 is 10.0.0.0/8
		if addr := p.Addr(); addr.Is4In6() && p.Bits() >= 96 {
			proxies[i] = netip.PrefixFrom(addr.Unmap(), p.Bits()-96)
		}
	}
	trusted := func(a netip.Addr) bool {
		return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	return func(req *http.Request) string {
		peer := direct(req)
		caller, ok := address(peer)
		if !ok {
			return peer
		}
		line := strings.Split(strings.Join(req.Header.Values(echo.HeaderXForwardedFor), ","), ",")
		for _, entry := range slices.Backward(line) {
			if !trusted(caller) {
				break
			}
			next, ok := address(entry)
			if !ok {
				return peer // what stands before it cannot be believed either
			}
			caller = next
		}
		return caller.String()
	}
}

// address reads an entry of X-Forwarded-For. Some proxies write the port with it.
func address(entry string) (netip.Addr, bool) {
	entry = strings.TrimSpace(entry)
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(entry, "["), "]"))
	if err != nil {
		var p netip.AddrPort
		p, err = netip.ParseAddrPort(entry)
		a = p.Addr()
	}
	return a.Unmap().WithZone(""), err == nil
}
