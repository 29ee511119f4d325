package twilio

import (
	"strings"

	"parley/engine"
)

// Spec declares the kind.
func (c *Connector) Spec() engine.ChannelSpec { return c.spec }

func spec() engine.ChannelSpec {
	return engine.ChannelSpec{
		Kind:     Kind,
		Label:    "SMS",
		Icon:     "M6 5a2 2 0 0 1 2 -2h8a2 2 0 0 1 2 2v14a2 2 0 0 1 -2 2h-8a2 2 0 0 1 -2 -2zM11 4h2M12 17v.01",
		Doc:      "A telephone number, short code or messaging service at Twilio.",
		Consumer: "+15550100",
		Settings: settings(),
		Check:    checkWords,
		Capabilities: func(ch engine.Channel) engine.Capabilities {
			return engine.Capabilities{
				Media: hasMMS(ch), MaxText: maxText, Segments: true, Receipts: true, Webhook: true,
				Keywords: true, OwnKeywords: ch.Config["keywords"] == "provider", AnswersKeywords: ch.Config["keyword_replies"] != "gateway",
			}
		},
	}
}

func settings() []engine.Setting {
	sid := func(prefix string) (pattern, words string) {
		return prefix + "[0-9a-fA-F]{32}", prefix + " and 32 hex digits"
	}
	account, accountWords := sid("AC")
	key, keyWords := sid("SK")
	service, serviceWords := sid("MG")
	return []engine.Setting{
		{
			Name: engine.AddressSetting, Type: engine.SettingPhone, Required: true, Unless: "messaging_service_sid",
			Pattern: `\+[1-9][0-9]{6,14}|[0-9]{3,8}`, Words: "a telephone number such as +14155550100, or a short code",
			Example: `"+14155550100"`, Doc: "What consumers write to.",
		},
		{
			Name: "account_sid", Type: engine.SettingText, Required: true, Pattern: account, Words: accountWords,
			Example: "${TWILIO_ACCOUNT_SID}", Doc: "The account.",
		},
		{
			Name: "auth_token", Type: engine.SettingSecret, Required: true,
			Example: "${TWILIO_AUTH_TOKEN}", Doc: "Signs Twilio's requests.",
		},
		{
			Name: "auth_token_old", Type: engine.SettingSecret,
			Example: "${TWILIO_AUTH_TOKEN_OLD}", Doc: "The one before, during a change.",
		},
		{
			Name: "api_key_sid", Type: engine.SettingText, Pattern: key, Words: keyWords,
			Example: "${TWILIO_API_KEY_SID}", Doc: "Sends with an API key; webhooks still need `auth_token`.",
		},
		{
			Name: "api_key_secret", Type: engine.SettingSecret, With: "api_key_sid",
			Example: "${TWILIO_API_KEY_SECRET}", Doc: "Its secret.",
		},
		{
			Name: "messaging_service_sid", Type: engine.SettingText, Pattern: service, Words: serviceWords,
			Example: "${TWILIO_SERVICE}", Doc: "Sends through a messaging service instead of the number.",
		},
		{
			Name: "mms", Type: engine.SettingBool, Default: "false",
			Example: "true", Doc: "Sends pictures as MMS to US and Canadian numbers; elsewhere, and without it, as links.",
		},
		{
			Name: "keywords", Type: engine.SettingChoice, Values: []string{"gateway", "provider"}, Default: "gateway",
			Example: "provider", Doc: "Who knows STOP, START and HELP; with `provider` only what Twilio's Advanced Opt-Out took for one is one.",
		},
		{
			Name: "keyword_replies", Type: engine.SettingChoice, Values: []string{"twilio", "gateway"}, Default: "twilio",
			Example: "gateway", Doc: "Who answers them. Twilio leaves it to you on Canadian short codes.",
		},
		{
			Name: "keyword_languages", Type: engine.SettingText, List: true, Default: "the brand's",
			Words:   "a list of languages with keywords: " + strings.Join(languages(), ", "),
			Example: "[en, fr]", Doc: "Whose words count beside the standard ones.",
		},
		words("stop_words", "STOP", "[halt]"),
		words("start_words", "START", "[again]"),
		words("help_words", "HELP", "[hilfe]"),
		engine.APIBase(defaultAPIBase),
	}
}

func words(name, keyword, example string) engine.Setting {
	return engine.Setting{
		Name: name, Type: engine.SettingText, List: true, Words: "a list of up to 50 words of 40 bytes",
		Example: example, Doc: "Further words for " + keyword + ".",
	}
}
