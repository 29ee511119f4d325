package messenger

import (
	"net/http"
	"strings"
	"time"

	"parley/connectors/graph"
	"parley/connectors/graph/messaging"
	"parley/engine"
)

// Kind names this connector in brand.yaml.
const Kind engine.ChannelKind = "messenger"

// Config of a Connector.
type Config struct {
	HTTP *http.Client     // guarded; carries every request to Meta. Required.
	Now  func() time.Time // nil takes time.Now
}

// New makes a connector. It panics without an HTTP client.
func New(cfg Config) *messaging.Connector {
	return messaging.New(messaging.Platform{
		Spec: spec(), Base: graph.Base, Object: "page", Name: "messenger", Answer: "RESPONSE", Buttons: true, Calls: true,
		Fields: []string{"first_name,last_name,locale", "first_name,last_name"},
		Person: person, Check: check,
	}, messaging.Config{HTTP: cfg.HTTP, Now: cfg.Now})
}

// maxText is that of one message, in units of UTF-16.
const maxText = 2000

func spec() engine.ChannelSpec {
	return engine.ChannelSpec{
		Kind:     Kind,
		Label:    "Messenger",
		Icon:     "M3 20l1.3 -3.9a9 8 0 1 1 3.4 2.9l-4.7 1M8 13l3 -2l2 2l3 -2",
		Doc:      "A Page on Facebook, and what people write to it in Messenger.",
		Consumer: "7012345678901234",
		Settings: messaging.Settings(graph.Base, engine.Setting{
			Name: engine.AddressSetting, Type: engine.SettingText, Required: true, Pattern: "[0-9]{5,20}", Words: "the Page's id, 5 to 20 digits",
			Example: `"104567890123456"`, Doc: "The Page.",
		}, engine.Setting{
			Name: "access_token", Type: engine.SettingSecret, Required: true,
			Example: "${PAGE_ACCESS_TOKEN}", Doc: "The Page's, which sends; one that a system user has made does not expire.",
		}),
		Capabilities: func(ch engine.Channel) engine.Capabilities {
			can := messaging.Capabilities(ch)
			can.MaxText, can.Unit, can.Receipts = maxText, engine.UnitUTF16, true
			return can
		},
	}
}

func person(p messaging.Person) engine.Profile {
	return engine.Profile{Name: p.First + " " + p.Last, Language: strings.ReplaceAll(p.Locale, "_", "-")}
}

// check looks at the token, the Page's subscription and the app's webhook, in the order
// of setting up.
func check(c *messaging.Checking) {
	var page struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if err := c.Get("me", "id,name", &page); !c.Told("The access token is accepted.", err) {
		return
	}
	problem := ""
	if page.ID != c.Channel.Address {
		problem = "It is the token of " + page.Name + ", " + page.ID + ". The channel needs one of the Page, not of a person."
	}
	if !c.Found("It is the token of the Page.", problem) {
		return
	}
	app, ok := c.Subscribed(c.Channel.Address, []string{"messages", "messaging_postbacks"},
		[]string{"message_deliveries", "message_reads", "message_reactions", "message_echoes", "message_edits", "messaging_referrals"})
	if ok {
		c.Called(app, "page")
	}
}
