package webhook

import "parley/engine"

// maxCards is how many cards one message holds at most.
const maxCards = 10

// Spec declares the kind.
func (c *Connector) Spec() engine.ChannelSpec { return c.spec }

func spec() engine.ChannelSpec {
	return engine.ChannelSpec{
		Kind:     Kind,
		Label:    "Webhook",
		Icon:     "M4.876 13.61a4 4 0 1 0 6.124 3.39h6M15.066 20.502a4 4 0 1 0 1.934 -7.502c-.706 0 -1.424 .179 -2 .5l-3 -5.5M16 8a4 4 0 1 0 -8 0c0 1.506 .77 2.818 2 3.5l-3 5.5",
		Doc:      "Any system of yours, by signed requests in both directions.",
		Consumer: "customer-1",
		Settings: []engine.Setting{
			{
				Name: "url", Type: engine.SettingURL, Required: true, Target: true,
				Example: "https://crm.acme.example", Doc: "Where messages to consumers are posted.",
			},
			secret("secret", "${WEBHOOK_SECRET}", "Signs the requests in both directions.", true),
			secret("secret_old", "${WEBHOOK_SECRET_OLD}", "The one before, during a change: both are accepted, and both sign.", false),
		},
		Capabilities: func(engine.Channel) engine.Capabilities {
			return engine.Capabilities{
				Choices: true, Media: true, Location: true, Contacts: true, Cards: maxCards, Quotes: true,
				Receipts: true, ReadStates: true, Webhook: true,
			}
		},
	}
}

// secret is a setting for a key as Standard Webhooks writes it.
func secret(name, example, doc string, required bool) engine.Setting {
	return engine.Setting{
		Name: name, Type: engine.SettingSecret, Required: required, Example: example, Doc: doc,
		Pattern: secretPrefix + `[A-Za-z0-9+/]{32,86}={0,2}`, Words: "whsec_ and the base64 of 24 to 64 random bytes",
	}
}
