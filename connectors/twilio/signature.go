package twilio

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// signed tells whether signature (the X-Twilio-Signature header) is one that a
// holder of any of the tokens made for the URL and the form, which is nil where
// only the URL is signed. Empty tokens never match.
func signed(tokens []string, rawURL string, form url.Values, signature string) bool {
	want, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(want) != sha1.Size {
		return false
	}
	tail := signedForm(form)
	for _, token := range tokens {
		if token == "" {
			continue
		}
		for _, u := range signableURLs(rawURL) {
			mac := hmac.New(sha1.New, []byte(token))
			mac.Write([]byte(u))
			mac.Write([]byte(tail))
			if subtle.ConstantTimeCompare(mac.Sum(nil), want) == 1 {
				return true
			}
		}
	}
	return false
}

// signedForm is every key in byte order, each followed by its value; a key with
// several values comes once for each different value, in byte order.
func signedForm(form url.Values) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(form)) {
		values := form[key]
		if len(values) > 1 {
			values = slices.Clone(values)
			slices.Sort(values)
			values = slices.Compact(values)
		}
		for _, value := range values {
			b.WriteString(key)
			b.WriteString(value)
		}
	}
	return b.String()
}

// signableURLs is the URL as configured, and the same without its port, or with the scheme's port where it has none:
// Twilio signs either, and its own libraries take both. The fragment is never signed.
func signableURLs(rawURL string) []string {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	scheme, rest, found := strings.Cut(rawURL, "://")
	if !found {
		return []string{rawURL}
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, path := rest[:end], rest[end:]
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		host = host[:colon]
	} else if strings.EqualFold(scheme, "http") {
		host += ":80"
	} else {
		host += ":443"
	}
	return []string{rawURL, scheme + "://" + host + path}
}

// sameHash tells whether wantHex is the hex SHA-256 of body.
func sameHash(body []byte, wantHex string) bool {
	want, err := hex.DecodeString(wantHex)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(body)
	return subtle.ConstantTimeCompare(sum[:], want) == 1
}
