package messenger_test

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
	"parley/connectors/messenger"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	page     = "104567890123456"
	other    = "104567890999999" // another Page of the app
	consumer = "7012345678901234"
	token    = "EAAGpage0token0of0the0channel"
)

func channel() engine.Channel {
	return engine.Channel{
		Brand: "acme", ID: "acme.page", Kind: messenger.Kind, Name: "Page", Address: page,
		Config: map[string]string{},
		Secrets: map[string]engine.Secret{
			"access_token": token, "app_secret": "meta-app-secret-0001", "app_secret_old": "meta-app-secret-0000", "verify_token": "a word of ours",
		},
	}
}

func suite() connectortest.Suite {
	return connectortest.Suite{
		New: func(client *http.Client) engine.Connector {
			return messenger.New(messenger.Config{HTTP: client, Now: connectortest.Now})
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

// posted is the body of a webhook with events of the Page. In them are at, in
// milliseconds, PSID and PAGE to be filled in.
func posted(events ...string) string {
	return `{"object":"page","entry":[{"id":"` + page + `","time":1767225600123,"messaging":[` + filled(events...) + `]}]}`
}

func filled(events ...string) string {
	return strings.NewReplacer(
		"FROM", `"sender":{"id":"`+consumer+`"},"recipient":{"id":"`+page+`"},"timestamp":1767225600000`,
		"ECHO", `"sender":{"id":"`+page+`"},"recipient":{"id":"`+consumer+`"},"timestamp":1767225600000`,
	).Replace(strings.Join(events, ","))
}

func at() time.Time { return time.UnixMilli(1767225600000).UTC() }

// key is the id of what Meta gives none. It must stay what it is, or what Meta repeats
// after an upgrade would count twice.
func key(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00") + "\x00"))
	return kind + ":" + base64.RawURLEncoding.EncodeToString(sum[:18])
}
