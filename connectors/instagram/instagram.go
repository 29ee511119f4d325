package instagram

import (
	"net/http"
	"time"

	"parley/connectors/graph/messaging"
	"parley/engine"
)

// Kind names this connector in brand.yaml.
const Kind engine.ChannelKind = "instagram"

// base is the API of apps that sign accounts in at Instagram. Those that do at Facebook
// have the Graph API of Messenger.
const base = "https://graph.instagram.com"

// Config of a Connector.
type Config struct {
	HTTP *http.Client     // guarded; carries every request to Meta. Required.
	Now  func() time.Time // nil takes time.Now
}

// New makes a connector. It panics without an HTTP client.
func New(cfg Config) *messaging.Connector {
	return messaging.New(messaging.Platform{
		Spec: spec(), Base: base, Object: "instagram", Name: "instagram", Sender: "me",
		Fields: []string{"name,username"},
		Person: person, Check: check,
	}, messaging.Config{HTTP: cfg.HTTP, Now: cfg.Now})
}

// maxText is that of one message, in bytes.
const maxText = 1000

func spec() engine.ChannelSpec {
	return engine.ChannelSpec{
		Kind:     Kind,
		Label:    "Instagram",
		Icon:     "M4 8a4 4 0 0 1 4 -4h8a4 4 0 0 1 4 4v8a4 4 0 0 1 -4 4h-8a4 4 0 0 1 -4 -4zM9 12a3 3 0 1 0 6 0a3 3 0 0 0 -6 0M16.5 7.5v.01",
		Doc:      "A professional account on Instagram, and its direct messages.",
		Consumer: "1789012345678901",
		Settings: messaging.Settings(base, engine.Setting{
			Name: engine.AddressSetting, Type: engine.SettingText, Required: true, Pattern: "[0-9]{5,20}", Words: "the account's id, 5 to 20 digits",
			Example: `"17841400008460056"`, Doc: "The account, by the id that webhooks name.",
		}, engine.Setting{
			Name: "access_token", Type: engine.SettingSecret, Required: true,
			Example: "${INSTAGRAM_ACCESS_TOKEN}", Doc: "The account's, or its Page's where the app signs in at Facebook; it sends.",
		}, engine.Setting{
			Name: "app_secret", Type: engine.SettingSecret, Required: true,
			Example: "${INSTAGRAM_APP_SECRET}", Doc: "Signs Meta's requests: the Instagram app secret, or the app's own where it signs in at Facebook.",
		}),
		Capabilities: func(ch engine.Channel) engine.Capabilities {
			can := messaging.Capabilities(ch)
			can.MaxText, can.Unit = maxText, engine.UnitBytes
			can.MediaTypes = []string{
				"image/jpeg", "image/png", "image/gif", "video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm",
				"audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav", "application/pdf",
			}
			return can
		},
	}
}

func person(p messaging.Person) engine.Profile {
	if p.Name == "" && p.Username != "" {
		p.Name = "@" + p.Username
	}
	return engine.Profile{Name: p.Name}
}

// check looks at the token and the account's subscription, in the order of setting up.
// Meta does not tell which webhook it calls for Instagram.
func check(c *messaging.Checking) {
	var self struct {
		ID     string `json:"user_id"` // of apps with Instagram's sign-in
		Linked struct {
			ID string `json:"id"`
		} `json:"instagram_business_account"` // of a Page, in apps with Facebook's
	}
	err := c.Get("me", "user_id,username", &self)
	if err != nil && c.Get("me", "id,instagram_business_account", &self) == nil {
		err, self.ID = nil, self.Linked.ID
	}
	if !c.Told("The access token is accepted.", err) {
		return
	}
	problem := ""
	switch {
	case self.ID == "":
		problem = "It is the token of a Page to which no account on Instagram is linked."
	case self.ID != c.Channel.Address:
		problem = "It is the token of the account " + self.ID + "."
	}
	if c.Found("It is the token of the account.", problem) {
		c.Subscribed("me", []string{"messages"}, nil)
	}
}
