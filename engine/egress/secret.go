package egress

import (
	"maps"
	"net/http"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// minRedacted is the shortest secret that is looked for in answers: a shorter
// one would hit by chance.
const minRedacted = 6

// reference is where a header wants a secret: "Bearer {ORDERS_TOKEN}".
var reference = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// addSecrets sets the headers that name secrets, each for its own hosts only.
// It gives the secrets that it used, or the reason for a refusal, which holds
// no secret.
func addSecrets(header http.Header, req Request, name string, port uint16) (used []string, refusal string) {
	for _, key := range slices.Sorted(maps.Keys(req.SecretHeader)) {
		value := reference.ReplaceAllStringFunc(req.SecretHeader[key], func(found string) string {
			secret := found[1 : len(found)-1]
			s, ok := req.Secrets[secret]
			switch {
			case refusal != "":
			case !ok:
				refusal = "there is no secret " + secret
			case s.Value == "":
				refusal = "the secret " + secret + " has no value here: its variable is not set, or not allowed"
			case !hostAllowed(s.Hosts, name, port):
				refusal = "the secret " + secret + " may not be sent to " + name
			default:
				used = append(used, s.Value.Reveal())
				return s.Value.Reveal()
			}
			return ""
		})
		if refusal != "" {
			return nil, refusal
		}
		if len(key)+len(value) > maxHeaderBytes {
			return nil, ErrRequestTooLarge
		}
		canonical := textproto.CanonicalMIMEHeaderKey(key)
		if !httpguts.ValidHeaderFieldName(key) || !httpguts.ValidHeaderFieldValue(value) || !maySend(canonical) || len(header[canonical]) > 0 {
			return nil, ErrHeader
		}
		header.Set(canonical, value)
	}
	return used, ""
}

// redact takes secrets out of an answer: a host that echoes what it got must
// not tell the bot.
func (r Response) redact(secrets []string) Response {
	for _, s := range secrets {
		if len(s) < minRedacted {
			continue
		}
		r.Body = strings.ReplaceAll(r.Body, s, "***")
		for name, value := range r.Header {
			r.Header[name] = strings.ReplaceAll(value, s, "***")
		}
	}
	return r
}
