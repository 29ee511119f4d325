package twilio_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

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

// recorder answers like Twilio and keeps what was asked.
type recorder struct{ asked []string }

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		raw, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(raw)
	}
	r.asked = append(r.asked, req.Method+" "+req.URL.String()+" "+req.Header.Get("Authorization")+" "+req.Header.Get("Content-Type")+" "+body)
	answer := created
	if req.Method == http.MethodGet {
		answer = `{"messages":[],"next_page_uri":""}`
		if !req.URL.Query().Has("PageToken") {
			answer = `{"messages":[{"sid":"SM1","direction":"inbound","date_created":"` + time.Now().UTC().Format(time.RFC1123Z) + `"}],
				"next_page_uri":"/2010-04-01/Accounts/` + accountSID + `/Messages.json?PageSize=100&Page=1&PageToken=PASM1"}`
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: req}, nil
}

// TestAsksLikeTwilio holds our requests against those of Twilio's own library.
func TestAsksLikeTwilio(t *testing.T) {
	t.Parallel()
	for name, service := range map[string]string{"from a number": "", "by a messaging service": "MG00000000000000000000000000000001"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ch := channel()
			ch.Config["messaging_service_sid"] = service
			out := text("hi & bye\nüß+")
			out.FirstTried = time.Now()
			out.Content.Media = []engine.Media{{Kind: "image", URL: "https://cdn.acme.example/a.jpg?x=1&y=2"}, {Kind: "image", URL: "https://cdn.acme.example/b.jpg"}}

			var own, theirs recorder
			c := twilio.New(twilio.Config{HTTP: &http.Client{Transport: &own}, Now: time.Now})
			if _, err := c.Send(t.Context(), ch, out); err != nil {
				t.Fatal(err)
			}
			var none engine.ErrNotSent
			if _, err := c.Reconcile(t.Context(), ch, out, func(string) bool { return false }); !errors.As(err, &none) {
				t.Fatal(err)
			}

			sdk := &client.Client{Credentials: client.NewCredentials(accountSID, authToken), HTTPClient: &http.Client{Transport: &theirs}}
			sdk.SetAccountSid(accountSID)
			official := api.NewApiService(&client.RequestHandler{Client: sdk})
			create := (&api.CreateMessageParams{}).SetTo(consumer).SetBody(out.Content.Text).SetStatusCallback("https://gw.example.com/hooks/acme.sms?item=item-1").
				SetMediaUrl([]string{out.Content.Media[0].URL, out.Content.Media[1].URL})
			list := (&api.ListMessageParams{}).SetTo(consumer).SetPageSize(100)
			if service != "" {
				create.SetMessagingServiceSid(service)
			} else {
				create.SetFrom(ours)
				list.SetFrom(ours)
			}
			if _, err := official.CreateMessage(create); err != nil {
				t.Fatal(err)
			}
			for _, at := range [][2]string{{"", ""}, {"PASM1", "1"}} {
				if _, err := official.PageMessage(list, at[0], at[1]); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(theirs.asked, own.asked); diff != "" {
				t.Errorf("we ask otherwise than Twilio's library (-theirs +ours):\n%s", diff)
			}
		})
	}
}
