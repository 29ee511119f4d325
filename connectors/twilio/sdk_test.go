package twilio_test

import (
	"net/url"
	"testing"

	"github.com/twilio/twilio-go/client"

	"parley/connectors/twilio/twiliotest"
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
