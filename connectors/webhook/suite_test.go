package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"parley/connectors/connectortest"
	"parley/connectors/webhook"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret    = "whsec_Z2VuZXJpYy13ZWJob29rLXNlY3JldC0wMDAwMDAwMDE="
	oldSecret = "whsec_dGhlLXNlY3JldC1iZWZvcmUtdGhpcy1vbmUtMDAwMA=="
	id        = "msg_0001"
)

func channel() engine.Channel {
	return engine.Channel{
		Brand: "acme", ID: "acme.crm", Kind: webhook.Kind, Name: "CRM",
		Config:  map[string]string{"url": "https://crm.acme.example/parley"},
		Secrets: map[string]engine.Secret{"secret": secret, "secret_old": oldSecret},
	}
}

func suite() connectortest.Suite {
	return connectortest.Suite{
		New: func(client *http.Client) engine.Connector {
			return webhook.New(webhook.Config{HTTP: client, Now: connectortest.Now})
		},
		Channel: channel(),
		Sign:    signWith("secret"),
	}
}

// signWith signs with the library of Standard Webhooks and one of the channel's secrets.
func signWith(name string) func(engine.Channel, *engine.WebhookRequest) {
	return func(ch engine.Channel, req *engine.WebhookRequest) {
		header := http.Header(req.Header)
		header.Set("Webhook-Id", id)
		header.Set("Webhook-Timestamp", strconv.FormatInt(req.Now.Unix(), 10))
		header.Set("Webhook-Signature", signature(ch.Secrets[name].Reveal(), req))
	}
}

func signature(secret string, req *engine.WebhookRequest) string {
	if hook, err := standardwebhooks.NewWebhook(secret); err == nil {
		if signed, err := hook.Sign(id, req.Now, req.Body); err == nil {
			return signed
		}
	}
	m := hmac.New(sha256.New, nil) // what everybody can sign
	m.Write([]byte(id + "." + strconv.FormatInt(req.Now.Unix(), 10) + "."))
	m.Write(req.Body)
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
}
