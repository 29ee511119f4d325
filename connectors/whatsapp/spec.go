package whatsapp

import (
	"time"

	"parley/connectors/graph"
	"parley/engine"
)

// Limits of the Cloud API, in units of UTF-16.
const (
	maxText     = 4096
	maxBody     = 1024 // of a text with buttons, a list or a link
	maxCaption  = 1024
	maxButtons  = 3
	maxButton   = 20 // a button's label, a link's too
	maxRows     = 10
	maxRow      = 24
	maxDetail   = 72
	maxChoiceID = 200 // of a row; a button's may be longer
	maxFilename = 240
)

// window is how long after a consumer's message anything may be sent to them.
const window = 24 * time.Hour

// Spec declares the kind.
func (c *Connector) Spec() engine.ChannelSpec { return c.spec }

func spec() engine.ChannelSpec {
	return engine.ChannelSpec{
		Kind:         Kind,
		Label:        "WhatsApp",
		Icon:         "M3 21l1.65 -3.8a9 9 0 1 1 3.4 2.9l-5.05 .9M9 10a.5 .5 0 0 0 1 0v-1a.5 .5 0 0 0 -1 0v1a5 5 0 0 0 5 5h1a.5 .5 0 0 0 0 -1h-1a.5 .5 0 0 0 0 1",
		Doc:          "A telephone number on WhatsApp, by Meta's Cloud API.",
		Consumer:     "16505550100",
		Settings:     settings(),
		Capabilities: func(engine.Channel) engine.Capabilities { return capabilities() },
	}
}

func settings() []engine.Setting {
	own := []engine.Setting{
		{
			Name: engine.AddressSetting, Type: engine.SettingText, Required: true,
			Pattern: "[0-9]{5,20}", Words: "the phone number's id: digits, and not the number itself",
			Example: `"106540352242922"`, Doc: "The phone number's id at Meta.",
		},
		{
			Name: "business_account_id", Type: engine.SettingText, Pattern: "[0-9]{5,20}", Words: "the id of a WhatsApp Business account: digits",
			Example: `"102290129340398"`, Doc: "Its WhatsApp Business account, for `parley channel check`.",
		},
		{
			Name: "list_label", Type: engine.SettingText, Pattern: `.{1,20}`, Words: "at most 20 characters", Default: defaultListLabel,
			Example: "Auswahl", Doc: "What stands on the button that opens a list of choices.",
		},
	}
	return append(own, graph.Settings(graph.Base)...)
}

const defaultListLabel = "Options"

func capabilities() engine.Capabilities {
	return engine.Capabilities{
		Choices: true, MaxChoices: maxButtons, MaxLabel: maxButton, List: engine.List{Rows: maxRows, Label: maxRow, Detail: maxDetail},
		Media: true, MediaTypes: []string{
			"image/jpeg", "image/png", "video/mp4", "video/3gpp", "audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "application/*", "text/*",
		}, MaxCaption: maxCaption,
		Location: true, Contacts: true, Cards: 1, Templates: true, Quotes: true,
		MaxText: maxText, MaxBody: maxBody, Unit: engine.UnitUTF16,
		Typing: true, Receipts: true, ReadStates: true, Webhook: true,
		Window: window, PeopleWindow: window, Keywords: true,
	}
}
