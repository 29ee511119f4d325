package whatsapp_test

import (
	"net/http"
	"net/url"
	"testing"

	"go.uber.org/goleak"

	"parley/connectors/connectortest"
	"parley/connectors/fakes/meta"
	"parley/connectors/whatsapp"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	number    = "106540352242922"
	other     = "106540352242999" // another number of the same app
	waba      = "102290129340398"
	ann       = "16505551234"
	annUserID = "US.13491208655302741918"
	oldSecret = "meta-app-secret-0000"
	messages  = "/v25.0/" + number + "/messages"
)

func channel() engine.Channel {
	return engine.Channel{
		Brand: "acme", ID: "acme.wa", Kind: whatsapp.Kind, Name: "WhatsApp", Address: number,
		Config: map[string]string{"business_account_id": waba},
		Secrets: map[string]engine.Secret{
			"access_token": meta.DefaultToken, "app_secret": meta.DefaultAppSecret, "app_secret_old": oldSecret, "verify_token": meta.DefaultVerifyToken,
		},
	}
}

func suite() connectortest.Suite {
	return connectortest.Suite{
		New: func(client *http.Client) engine.Connector {
			return whatsapp.New(whatsapp.Config{HTTP: client, Now: connectortest.Now})
		},
		Channel: channel(),
		Sign:    signWith("app_secret"),
	}
}

// signWith signs as Meta does with one of the channel's secrets. A handshake has the
// verify token instead.
func signWith(secret string) func(engine.Channel, *engine.WebhookRequest) {
	return func(ch engine.Channel, req *engine.WebhookRequest) {
		if req.Method == http.MethodGet {
			req.URL += "&hub.verify_token=" + url.QueryEscape(ch.Secrets["verify_token"].Reveal())
			return
		}
		http.Header(req.Header).Set("X-Hub-Signature-256", meta.Sign(ch.Secrets[secret].Reveal(), req.Body))
	}
}

func TestSpec(t *testing.T) {
	t.Parallel()
	connectortest.RunSpec(t, suite())
}
