package graph

import (
	"encoding/hex"
	"regexp"
	"strings"

	"parley/engine"
)

// Base is the Graph API's address.
const Base = "https://graph.facebook.com"

const (
	defaultVersion = "v25.0"
	versionPattern = `v[0-9]{1,3}\.[0-9]{1,2}`
)

// versioned is never written.
var versioned = regexp.MustCompile("^" + versionPattern + "$")

// Settings are those of every channel at Meta, with base as the API's address.
func Settings(base string) []engine.Setting {
	return []engine.Setting{
		{
			Name: "access_token", Type: engine.SettingSecret, Required: true,
			Example: "${META_ACCESS_TOKEN}", Doc: "Sends; a system user's token does not expire.",
		},
		{
			Name: "app_secret", Type: engine.SettingSecret, Required: true,
			Example: "${META_APP_SECRET}", Doc: "Signs Meta's requests.",
		},
		{
			Name: "app_secret_old", Type: engine.SettingSecret,
			Example: "${META_APP_SECRET_OLD}", Doc: "The one before, during a change.",
		},
		{
			Name: "verify_token", Type: engine.SettingSecret, Required: true,
			Example: "${META_VERIFY_TOKEN}", Doc: "A word of your own that Meta repeats when you enter the webhook's address.",
		},
		{
			Name: "appsecret_proof", Type: engine.SettingBool, Default: "false",
			Example: "true", Doc: "Proves with every request that the app's secret is known, for apps that require it.",
		},
		{
			Name: "api_version", Type: engine.SettingText, Pattern: versionPattern, Words: "a version such as " + defaultVersion, Default: defaultVersion,
			Example: "v26.0", Doc: "Of the Graph API.",
		},
		engine.APIBase(base),
	}
}

// SigningSecrets are those of the channel that may have signed a webhook.
func SigningSecrets(ch engine.Channel) []string {
	return []string{ch.Secrets["app_secret"].Reveal(), ch.Secrets["app_secret_old"].Reveal()}
}

// Account is what a request to the API needs. It is never shown.
type Account struct {
	base    string // with the version
	token   string
	proof   string // "" for none
	secret  string // the app's
	secrets []string
}

// AccountOf reads a channel's settings; base is the API's address where they name none.
func AccountOf(ch engine.Channel, base string) (Account, error) {
	if given := ch.Config["api_base"]; given != "" {
		base = given
	}
	if !engine.IsPlainURL(base) {
		return Account{}, engine.FieldError("api_base", "must be a plain URL such as %s", Base)
	}
	version := ch.Config["api_version"]
	if version == "" {
		version = defaultVersion
	}
	if !versioned.MatchString(version) {
		return Account{}, engine.FieldError("api_version", "must be a version such as %s", defaultVersion)
	}
	a := Account{base: strings.TrimSuffix(base, "/") + "/" + version, token: ch.Secrets["access_token"].Reveal()}
	if a.token == "" {
		return Account{}, engine.FieldError("access_token", "is missing")
	}
	for _, s := range ch.Secrets {
		a.secrets = append(a.secrets, s.Reveal())
	}
	a.secret = ch.Secrets["app_secret"].Reveal()
	if a.secret != "" && ch.Config["appsecret_proof"] == "true" {
		a.proof = hex.EncodeToString(mac(a.secret, []byte(a.token)))
	}
	return a, nil
}

// App is the app itself, which its id and secret make known instead of a token.
func (a Account) App(id string) Account {
	a.token = id + "|" + a.secret
	if a.proof != "" {
		a.proof = hex.EncodeToString(mac(a.secret, []byte(a.token)))
	}
	return a
}
