package twilio_test

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"crypto/sha256"

	"go.uber.org/goleak"

	"parley/connectors/connectortest"
	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	accountSID = "AC00000000000000000000000000000001"
	authToken  = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
	oldToken   = "00112233445566778899aabbccddeeff"
	ours       = "+14155550199"
	consumer   = "+14155550100"
	path       = "/2010-04-01/Accounts/" + accountSID + "/Messages.json"
)

func channel() engine.Channel {
	return engine.Channel{
		Brand: "acme", ID: "acme.sms", Kind: twilio.Kind, Name: "SMS", Address: ours,
		Config:  map[string]string{"account_sid": accountSID},
		Secrets: map[string]engine.Secret{"auth_token": authToken, "auth_token_old": oldToken},
	}
}

func suite() connectortest.Suite {
	return connectortest.Suite{
		New: func(client *http.Client) engine.Connector {
			return twilio.New(twilio.Config{HTTP: client, Now: connectortest.Now})
		},
		Channel: channel(),
		Sign:    signWith("auth_token"),
	}
}

// signWith signs as Twilio does with one of the channel's tokens.
func signWith(secret string) func(engine.Channel, *engine.WebhookRequest) {
	return func(ch engine.Channel, req *engine.WebhookRequest) {
		sign(ch.Secrets[secret].Reveal(), req)
	}
}

func sign(token string, req *engine.WebhookRequest) {
	var form url.Values
	header := http.Header(req.Header)
	switch header.Get("Content-Type") {
	case "application/json":
		sum := sha256.Sum256(req.Body)
		separator := "?"
		if strings.Contains(req.URL, "?") {
			separator = "&"
		}
		req.URL += separator + "bodySHA256=" + hex.EncodeToString(sum[:])
	case "application/x-www-form-urlencoded":
		form, _ = url.ParseQuery(string(req.Body)) // the signature of nothing for what is no form
	}
	header.Set("X-Twilio-Signature", twiliotest.Sign(token, req.URL, form))
}
