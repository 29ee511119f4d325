package uri

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// An Error says in words for people why an address is none. It has no subject:
// "must name a host".
type Error string

func (e Error) Error() string { return string(e) }

// What each part may hold beside letters, digits and -._~ (RFC 3986, 3.2 to 3.5).
const (
	subDelims = "!$&'()*+,;="
	inUser    = subDelims + ":"
	inPath    = subDelims + ":@/"
	inQuery   = inPath + "?"
)

// Escape makes an address a URI. Of http and https it knows all parts; the rest
// of other schemes is escaped as a whole. Escaping twice changes nothing.
func Escape(address string) (string, error) {
	s := strings.TrimSpace(address)
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return "", Error("must be one line of text")
		}
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || !isScheme(scheme) {
		return "", Error("must begin with a scheme such as https:")
	}
	scheme = strings.ToLower(scheme)
	switch scheme {
	case "http", "https":
	case "tel":
		return scheme + ":" + escape(strings.Join(strings.Fields(rest), ""), inQuery), nil
	case "mailto":
		to, query, asked := strings.Cut(rest, "?")
		if at := strings.LastIndexByte(to, '@'); at >= 0 {
			if host, err := hostName(to[at+1:]); err == nil {
				to = to[:at+1] + host
			}
		}
		if to = escape(to, inPath); asked {
			to += "?" + escape(query, inQuery)
		}
		return scheme + ":" + to, nil
	default:
		return scheme + ":" + escape(rest, inQuery+"#"), nil
	}
	if rest, ok = strings.CutPrefix(rest, "//"); !ok {
		return "", Error("must name a host after " + scheme + "://")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, err := escapeAuthority(rest[:end])
	if err != nil {
		return "", err
	}
	rest, fragment, hasFragment := strings.Cut(rest[end:], "#")
	path, query, hasQuery := strings.Cut(rest, "?")
	out := scheme + "://" + authority + escape(path, inPath)
	if hasQuery {
		out += "?" + escape(query, inQuery)
	}
	if hasFragment {
		out += "#" + escape(fragment, inQuery)
	}
	return out, nil
}

func isScheme(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !(r >= '0' && r <= '9' || r == '+' || r == '-' || r == '.')) {
			return false
		}
	}
	return s != ""
}

func escapeAuthority(s string) (string, error) {
	user := ""
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		user, s = escape(s[:at], inUser)+"@", s[at+1:]
	}
	host, port := s, ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return "", Error("has a bracket in its host that does not end")
		}
		addr, err := netip.ParseAddr(s[1:end])
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", Error("has brackets around a host that is no IPv6 address")
		}
		host, port = s[:end+1], s[end+1:]
	} else {
		if at := strings.LastIndexByte(s, ':'); at >= 0 {
			host, port = s[:at], s[at:]
		}
		var err error
		if host, err = hostName(host); err != nil {
			return "", err
		}
	}
	if port != "" && port != ":" {
		n, err := strconv.ParseUint(strings.TrimPrefix(port, ":"), 10, 16)
		if err != nil || n == 0 || port[0] != ':' {
			return "", Error("has a port that is no number from 1 to 65535")
		}
	}
	return user + host + port, nil
}

const (
	maxHost  = 253
	maxLabel = 63
)

// hostName is a host as DNS knows it.
func hostName(s string) (string, error) {
	if strings.Contains(s, "%") {
		plain, ok := unescape(s)
		if !ok {
			return "", Error("has a host that is no name: it has a % in it")
		}
		s = plain
	}
	if s == "" {
		return "", Error("must name a host")
	}
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if !ascii {
		name, err := idna.Lookup.ToASCII(s)
		if err != nil {
			return "", Error("has a host that is no name in the internet")
		}
		s = name
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_') {
			return "", Error("has a host that is no name: it holds " + strconv.Quote(string(rune(c))))
		}
	}
	for label := range strings.SplitSeq(s, ".") {
		if len(label) > maxLabel {
			return "", Error("has a host that is no name: a part of it is too long")
		}
	}
	if strings.HasPrefix(s, ".") || strings.Contains(s, "..") || len(s) > maxHost || s == "" {
		return "", Error("has a host that is no name")
	}
	return s, nil
}

// unescape takes back %XX where all of it is UTF-8.
func unescape(s string) (string, bool) {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if !isEscape(s[i:]) {
			return "", false
		}
		n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8) // two hex digits
		out = append(out, byte(n))
		i += 2
	}
	return string(out), utf8.Valid(out)
}

func isEscape(s string) bool {
	return len(s) >= 3 && s[0] == '%' && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// escape escapes what a part may not hold. A % that begins no escape is a
// percent sign.
func escape(s, allowed string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			strings.IndexByte("-._~", c) >= 0, strings.IndexByte(allowed, c) >= 0, c == '%' && isEscape(s[i:]):
			out.WriteByte(c)
		default:
			out.WriteByte('%')
			out.WriteByte(hex[c>>4])
			out.WriteByte(hex[c&15])
		}
	}
	return out.String()
}
