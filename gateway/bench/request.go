package bench

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"hash"
	"net/url"
	"strconv"
	"strings"
)

// signer writes signed webhook requests into one buffer. It does by hand what
// an HTTP client and a form encoder would do, because the clients share the
// cores with what they measure. One goroutine at a time uses it.
type signer struct {
	mac  hash.Hash
	url  string
	head string // request line and fixed headers
	sid  string
	buf  []byte
	sign []byte
	body []byte
}

func newSigner(hookURL, account, token string) (*signer, error) {
	u, err := url.Parse(hookURL)
	if err != nil {
		return nil, err
	}
	return &signer{
		mac: hmac.New(sha1.New, []byte(token)), url: hookURL, sid: account,
		head: "POST " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host +
			"\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: ",
	}, nil
}

// number is the unique part of message n's text; the bot repeats it.
func number(n int64) string { return fmt.Sprintf("%010d", n) }

func text(n int64) string { return "Where is my order " + number(n) + "?" }

// textNumber finds the message that a text with number n speaks of.
func textNumber(s string) (int64, bool) {
	_, after, found := strings.Cut(s, "order ")
	if !found || len(after) < 10 {
		return 0, false
	}
	n, err := strconv.ParseInt(after[:10], 10, 64)
	return n, err == nil
}

// messageSID is the provider's id of message n. Real ones come in no order.
func messageSID(n int64) string { return fmt.Sprintf("SM%016x%016x", uint64(n)*0x9e3779b97f4a7c15, n) }

// request is the signed request for message n; it is valid until the next call.
func (s *signer) request(n int64, from string) []byte {
	id := messageSID(n)
	s.body, s.sign = s.body[:0], append(s.sign[:0], s.url...)
	// By name, as they are signed.
	s.field("AccountSid", s.sid)
	s.field("ApiVersion", "2010-04-01")
	s.field("Body", text(n))
	s.field("From", from)
	s.field("FromCountry", "US")
	s.field("MessageSid", id)
	s.field("NumMedia", "0")
	s.field("NumSegments", "1")
	s.field("SmsMessageSid", id)
	s.field("SmsSid", id)
	s.field("SmsStatus", "received")
	s.field("To", "+15550000000")
	s.field("ToCountry", "US")
	s.mac.Reset()
	s.mac.Write(s.sign)
	s.buf = append(s.buf[:0], s.head...)
	s.buf = base64.StdEncoding.AppendEncode(s.buf, s.mac.Sum(s.sign[:0]))
	s.buf = append(s.buf, "\r\nContent-Length: "...)
	s.buf = strconv.AppendInt(s.buf, int64(len(s.body)), 10)
	s.buf = append(s.buf, "\r\n\r\n"...)
	return append(s.buf, s.body...)
}

func (s *signer) field(name, value string) {
	s.sign = append(append(s.sign, name...), value...)
	if len(s.body) > 0 {
		s.body = append(s.body, '&')
	}
	s.body = append(append(append(s.body, name...), '='), url.QueryEscape(value)...)
}
