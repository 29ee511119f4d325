package egress

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// userAgent is what every bot's request says of its sender.
const userAgent = "parley"

// requestHeader checks the header a bot wants to send. One that is not on the list refuses the request, so
// that its author learns of it.
func requestHeader(header map[string]string) (http.Header, string) {
	out := http.Header{"User-Agent": {userAgent}}
	size := 0
	for name, value := range header {
		size += len(name) + len(value)
		if size > maxHeaderBytes {
			return nil, ErrRequestTooLarge
		}
		key := textproto.CanonicalMIMEHeaderKey(name)
		if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) || !maySend(key) || len(out[key]) > 0 {
			return nil, ErrHeader
		}
		out[key] = []string{value}
	}
	return out, ""
}

// maySend lists what a bot may say: what the content is and who asks; nothing that steers the connection, a
// proxy on the way or a session.
func maySend(key string) bool {
	switch key {
	case "Accept", "Accept-Language", "Api-Key", "Apikey", "Authorization", "Content-Language", "Content-Type",
		"If-Match", "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Prefer":
		return true
	}
	if !strings.HasPrefix(key, "X-") {
		return false
	}
	for _, steering := range []string{"X-Forwarded", "X-Real-Ip", "X-Original-", "X-Rewrite-", "X-Http-Method", "X-Method-Override", "X-Client-Ip", "X-Cluster-"} {
		if strings.HasPrefix(key, steering) {
			return false
		}
	}
	return true
}

// answerHeader keeps what a bot may learn of an answer's header: no cookie and nothing of the connection.
// Values of one name are joined as HTTP joins them.
func answerHeader(header http.Header) map[string]string {
	out := map[string]string{}
	for key, values := range header {
		if mayReceive(key) {
			out[strings.ToLower(key)] = strings.ToValidUTF8(strings.Join(values, ", "), "\uFFFD")
		}
	}
	return out
}

func mayReceive(key string) bool {
	return slices.Contains([]string{
		"Cache-Control", "Content-Language", "Content-Type", "Date", "Etag", "Expires", "Last-Modified", "Link",
		"Location", "Ratelimit", "Ratelimit-Policy", "Retry-After", "X-Request-Id", "X-Total-Count",
	}, key) || strings.HasPrefix(key, "X-Ratelimit-") || strings.HasPrefix(key, "Ratelimit-")
}
