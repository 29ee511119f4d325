package webhook_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley/connectors/connectortest"
	"parley/connectors/webhook"
	"parley/engine"
)

// The signature of the specification's form, made by another program.
func TestSignature(t *testing.T) {
	t.Parallel()
	const body = `{"type":"message.created","data":{"text":"hi"}}`
	const good = "v1,Yk/v85dg6B5JCIgrFh2CS1JUW8cwwp/Ma25LCLRZ/30="
	const other = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	at := time.Unix(1767225600, 0)
	for name, tt := range map[string]struct {
		header map[string][]string // beside the good ones
		now    time.Time
		body   string
		secret engine.Secret
		ok     bool
	}{
		"good":                   {ok: true},
		"five minutes old":       {now: at.Add(5 * time.Minute), ok: true},
		"older":                  {now: at.Add(5*time.Minute + time.Second)},
		"five minutes ahead":     {now: at.Add(-5 * time.Minute), ok: true},
		"further ahead":          {now: at.Add(-5*time.Minute - time.Second)},
		"another body":           {body: `{"type":"message.created","data":{"text":"ho"}}`},
		"another id":             {header: map[string][]string{"Webhook-Id": {"msg_0002"}}},
		"another time":           {header: map[string][]string{"Webhook-Timestamp": {"1767225601"}}},
		"no time":                {header: map[string][]string{"Webhook-Timestamp": {"soon"}}},
		"two ids":                {header: map[string][]string{"Webhook-Id": {"msg_0001", "msg_0002"}}},
		"no id":                  {header: map[string][]string{"Webhook-Id": nil}},
		"second signature":       {header: map[string][]string{"Webhook-Signature": {other + " " + good}}, ok: true},
		"of another version":     {header: map[string][]string{"Webhook-Signature": {"v1a," + good[3:]}}},
		"no base64":              {header: map[string][]string{"Webhook-Signature": {"v1,*"}}},
		"with a secret too weak": {secret: "whsec_c2hvcnQ="},
		"without its prefix":     {secret: "Z2VuZXJpYy13ZWJob29rLXNlY3JldC0wMDAwMDAwMDE="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := engine.WebhookRequest{Method: http.MethodPost, Body: []byte(body), Now: at, Header: map[string][]string{
				"Webhook-Id": {id}, "Webhook-Timestamp": {"1767225600"}, "Webhook-Signature": {good},
			}}
			maps.Copy(req.Header, tt.header)
			if !tt.now.IsZero() {
				req.Now = tt.now
			}
			if tt.body != "" {
				req.Body = []byte(tt.body)
			}
			ch := channel()
			if tt.secret != "" {
				ch.Secrets["secret"] = tt.secret
			}
			_, err := webhook.New(webhook.Config{HTTP: http.DefaultClient}).Decode(ch, req)
			if verified := engine.CodeOf(err) != engine.Unauthenticated; verified != tt.ok {
				t.Errorf("verified: %v (%v), want %v", verified, err, tt.ok)
			}
		})
	}
}

// What we send the library of Standard Webhooks accepts, by the new secret and by the old one.
func TestSentAsStandardWebhooks(t *testing.T) {
	t.Parallel()
	for _, s := range []string{secret, oldSecret} {
		hook, err := standardwebhooks.NewWebhook(s)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		conn := webhook.New(webhook.Config{Now: time.Now, HTTP: &http.Client{Transport: taking(func(header http.Header, body []byte) int {
			seen++
			if err := hook.Verify(body, header); err != nil {
				t.Errorf("refused: %v", err)
			}
			return http.StatusNoContent
		})}})
		out := engine.Outbound{Item: "0192.1", To: "customer-1", Content: engine.Content{Text: "<Grüße> & more"}}
		receipt, err := conn.Send(t.Context(), channel(), out)
		if err != nil || receipt != (engine.Receipt{ProviderID: "0192.1", State: engine.Sent}) || seen != 1 {
			t.Errorf("%+v, %v, %d requests", receipt, err, seen)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	connectortest.RunSpec(t, suite())
	spec := webhook.New(webhook.Config{HTTP: http.DefaultClient}).Spec()
	for name, tt := range map[string]struct {
		change func(*engine.Channel)
		field  string
	}{
		"good":                {func(*engine.Channel) {}, ""},
		"no old one":          {func(ch *engine.Channel) { delete(ch.Secrets, "secret_old") }, ""},
		"a variable":          {func(ch *engine.Channel) { ch.Secrets["secret"] = "${WEBHOOK_SECRET}" }, ""},
		"this machine":        {func(ch *engine.Channel) { ch.Config["url"] = "http://127.0.0.1:8000/in" }, ""},
		"in clear":            {func(ch *engine.Channel) { ch.Config["url"] = "http://crm.acme.example" }, "url"},
		"a password":          {func(ch *engine.Channel) { ch.Secrets["secret"] = "correct horse battery staple" }, "secret"},
		"short":               {func(ch *engine.Channel) { ch.Secrets["secret"] = "whsec_c2hvcnQ=" }, "secret"},
		"the old one another": {func(ch *engine.Channel) { ch.Secrets["secret_old"] = "sk_live_000000000000" }, "secret_old"},
	} {
		ch := channel()
		tt.change(&ch)
		problems := spec.Problems(ch)
		if tt.field == "" && len(problems) > 0 || tt.field != "" && (len(problems) != 1 || problems[0].Field != tt.field) {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
