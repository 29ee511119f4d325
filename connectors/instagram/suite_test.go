package instagram_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/connectors/connectortest"
	"parley/connectors/instagram"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account  = "17841400008460056"
	other    = "17841400008469999" // another account of the app
	consumer = "1789012345678901"
	token    = "IGAAaccount0token0of0the0channel"
)

func channel() engine.Channel {
	return engine.Channel{
		Brand: "acme", ID: "acme.ig", Kind: instagram.Kind, Name: "Instagram", Address: account,
		Config: map[string]string{},
		Secrets: map[string]engine.Secret{
			"access_token": token, "app_secret": "instagram-app-secret-0001", "app_secret_old": "meta-app-secret-0001", "verify_token": "a word of ours",
		},
	}
}

func suite() connectortest.Suite {
	return connectortest.Suite{
		New: func(client *http.Client) engine.Connector {
			return instagram.New(instagram.Config{HTTP: client, Now: connectortest.Now})
		},
		Channel: channel(),
		Sign:    signWith("app_secret"),
	}
}

// signWith signs as Meta does with one of the channel's secrets.
func signWith(secret string) func(engine.Channel, *engine.WebhookRequest) {
	return func(ch engine.Channel, req *engine.WebhookRequest) {
		mac := hmac.New(sha256.New, []byte(ch.Secrets[secret].Reveal()))
		mac.Write(req.Body)
		req.Header["X-Hub-Signature-256"] = []string{"sha256=" + hex.EncodeToString(mac.Sum(nil))}
	}
}

// posted is the body of a webhook with events of the account.
func posted(events ...string) string {
	return `{"object":"instagram","entry":[{"id":"` + account + `","time":1767225600123,"messaging":[` + filled(events...) + `]}]}`
}

// filled fills in who wrote to whom and when: FROM the consumer, and ECHO to them.
func filled(events ...string) string {
	return strings.NewReplacer(
		"FROM", `"sender":{"id":"`+consumer+`"},"recipient":{"id":"`+account+`"},"timestamp":1767225600000`,
		"ECHO", `"sender":{"id":"`+account+`"},"recipient":{"id":"`+consumer+`"},"timestamp":1767225600000`,
	).Replace(strings.Join(events, ","))
}

func at() time.Time { return time.UnixMilli(1767225600000).UTC() }

// key is the id of what Meta gives none. It must stay what it is, or what Meta repeats
// after an upgrade would count twice.
func key(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00") + "\x00"))
	return kind + ":" + base64.RawURLEncoding.EncodeToString(sum[:18])
}
