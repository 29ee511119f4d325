package twilio_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/twilio/twilio-go/client"

	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

// Twilio's own library agrees with the signatures that the fake makes and that
// every other test of Decode relies on.
func TestSignLikeTwilio(t *testing.T) {
	t.Parallel()
	const address = "https://mycompany.com/myapp.php?foo=1&bar=2"
	for _, tt := range []struct {
		name, token, url string
		form             url.Values
		want             string
	}{
		{"documented", "12345", address, url.Values{
			"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"},
		}, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"key that begins with another key", "12345", address, url.Values{
			"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"},
			"Reason": {"Participant"}, "ReasonConferenceEnded": {"test"},
		}, "vOEb5UThFn24KEfnOFLQY2AE5FY="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := twiliotest.Sign(tt.token, tt.url, tt.form); got != tt.want {
				t.Errorf("Sign = %s, want %s", got, tt.want)
			}
			params := map[string]string{}
			for key := range tt.form {
				params[key] = tt.form.Get(key)
			}
			validator := client.NewRequestValidator(tt.token)
			if !validator.Validate(tt.url, params, twiliotest.Sign(tt.token, tt.url, tt.form)) {
				t.Error("twilio-go does not accept the signature")
			}
		})
	}
}

// Whatever of the two URLs the port stands in, ours or the one that was signed: we accept what twilio-go accepts.
func TestSignatureAndPorts(t *testing.T) {
	t.Parallel()
	hosts := []string{"gw.example.com", "gw.example.com:443", "gw.example.com:80", "gw.example.com:8443"}
	conn := twilio.New(twilio.Config{HTTP: http.DefaultClient})
	form := message()
	params := map[string]string{}
	for key := range form {
		params[key] = form.Get(key)
	}
	accepted := 0
	for _, scheme := range []string{"https://", "http://"} {
		for _, asked := range hosts {
			for _, signed := range hosts {
				const path = "/hooks/acme.sms?a=1:2"
				signature := twiliotest.Sign(authToken, scheme+signed+path, form)
				validator := client.NewRequestValidator(authToken)
				want := validator.Validate(scheme+asked+path, params, signature)
				_, err := conn.Decode(channel(), engine.WebhookRequest{
					Method: http.MethodPost, URL: scheme + asked + path, Body: []byte(form.Encode()),
					Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Twilio-Signature": {signature}},
				})
				if got := err == nil; got != want {
					t.Errorf("asked %s%s, signed %s: accepted %v, by twilio-go %v", scheme, asked, signed, got, want)
				}
				if want {
					accepted++
				}
			}
		}
	}
	if accepted < 10 {
		t.Errorf("only %d combinations are accepted at all", accepted)
	}
}
