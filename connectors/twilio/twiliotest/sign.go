package twiliotest

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/url"
	"slices"
)

// Sign makes the X-Twilio-Signature of a request to url with the form as its
// body; the form is nil for a GET or a JSON body.
func Sign(token, url string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	io.WriteString(mac, url)
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		values := append([]string(nil), form[name]...)
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			io.WriteString(mac, name+value)
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
