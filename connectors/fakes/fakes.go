package fakes

import (
	"net"
	"strings"
	"time"

	"parley/connectors/fakes/meta"
	"parley/connectors/fakes/phone"
	"parley/connectors/instagram"
	"parley/connectors/messenger"
	"parley/connectors/twilio"
	"parley/connectors/twilio/twiliotest"
	"parley/connectors/whatsapp"
	"parley/engine"
)

// Fake is a provider that runs, with one consumer.
type Fake struct {
	Title    string
	Line     phone.Line
	Settings [][2]string // of a channel in brand.yaml, in YAML; secrets are variables
	Secrets  [][2]string // variables and their values
	Stop     func()
}

// Providers names those that Start knows, by the kinds of their channels.
func Providers() []string {
	return []string{string(twilio.Kind), string(whatsapp.Kind), string(messenger.Kind), string(instagram.Kind)}
}

// Addresses of the fakes' consumer and of the brand.
const (
	number, consumerNumber = "+14155550100", "+14155550123"
	node, account          = "106540352242922", "102290129340398"
	consumerID             = "6512345678901234"
)

// Start serves a provider's API on a listener, which it closes in the end. hook is the
// channel's webhook.
func Start(provider string, api net.Listener, hook string) (Fake, error) {
	base := [2]string{"api_base", "http://" + api.Addr().String()}
	address := func(a string) [2]string { return [2]string{engine.AddressSetting, `"` + a + `"`} }
	if provider == string(twilio.Kind) {
		s := twiliotest.Serve(api, twiliotest.Config{Callbacks: []string{"queued", "sent", "delivered"}})
		s.Numbers(twiliotest.Number{Address: number, SMSURL: hook, MMS: true})
		return Fake{
			Title: "SMS with " + number, Line: phone.Twilio{Server: s, Hook: hook, From: consumerNumber, Ours: number}, Stop: s.Close,
			Settings: [][2]string{address(number), {"account_sid", twiliotest.DefaultAccountSID}, {"auth_token", `"${FAKE_AUTH_TOKEN}"`}, base},
			Secrets:  [][2]string{{"FAKE_AUTH_TOKEN", twiliotest.DefaultAuthToken}},
		}, nil
	}
	var join func(*meta.Server) (title string, line phone.Line)
	settings := [][2]string{address(node), {"access_token", `"${FAKE_ACCESS_TOKEN}"`}, {"app_secret", `"${FAKE_APP_SECRET}"`}, {"verify_token", `"${FAKE_VERIFY_TOKEN}"`}, base}
	switch provider {
	case string(whatsapp.Kind):
		settings = append(settings, [2]string{"business_account_id", `"` + account + `"`})
		join = func(s *meta.Server) (string, phone.Line) {
			who := meta.Person{WaID: strings.TrimPrefix(consumerNumber, "+"), Name: "Robin"}
			return "WhatsApp with the brand", phone.WhatsApp{Server: s, Account: s.WhatsApp(account, node), Number: node, Who: who}
		}
	case string(messenger.Kind):
		join = func(s *meta.Server) (string, phone.Line) {
			return "Messenger with the brand", phone.Messenger{Server: s, Page: s.Page(node), ID: node, Who: consumerID}
		}
	case string(instagram.Kind):
		join = func(s *meta.Server) (string, phone.Line) {
			return "Instagram with the brand", phone.Messenger{Server: s, Page: s.Account(node, provider), ID: node, Who: consumerID}
		}
	default:
		return Fake{}, engine.FieldError("PROVIDER", "is none of %s: %q", strings.Join(Providers(), ", "), provider)
	}
	s := meta.Serve(api, meta.Config{Hook: hook, Window: 24 * time.Hour})
	title, line := join(s)
	return Fake{
		Title: title, Line: line, Settings: settings, Stop: s.Close,
		Secrets: [][2]string{{"FAKE_ACCESS_TOKEN", meta.DefaultToken}, {"FAKE_APP_SECRET", meta.DefaultAppSecret}, {"FAKE_VERIFY_TOKEN", meta.DefaultVerifyToken}},
	}, nil
}
