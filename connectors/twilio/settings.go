package twilio

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/smstext"
)

const defaultAPIBase = "https://api.twilio.com"

// signingTokens are the secrets that may have signed a webhook.
func signingTokens(ch engine.Channel) []string {
	return []string{ch.Secrets["auth_token"].Reveal(), ch.Secrets["auth_token_old"].Reveal()}
}

// account is what a request to the API needs.
type account struct {
	sid            string
	user, password string
	base           *url.URL
}

func accountOf(ch engine.Channel) (account, error) {
	base, err := apiBase(ch.Config["api_base"])
	if err != nil {
		return account{}, err
	}
	a := account{sid: ch.Config["account_sid"], base: base}
	a.user, a.password = a.sid, ch.Secrets["auth_token"].Reveal()
	if key := ch.Config["api_key_sid"]; key != "" {
		a.user, a.password = key, ch.Secrets["api_key_secret"].Reveal()
	}
	if !isSID(a.sid, "AC") || a.password == "" {
		return account{}, engine.FieldError("account_sid", "the account's SID or credentials are missing")
	}
	return a, nil
}

func secretsOf(ch engine.Channel) []string {
	secrets := make([]string, 0, len(ch.Secrets))
	for _, secret := range ch.Secrets {
		secrets = append(secrets, secret.Reveal())
	}
	return secrets
}

// CheckChannel finds everything in a channel that would keep it from working.
func (c *Connector) CheckChannel(ch engine.Channel) error {
	var problems []error
	// No message holds a value: it may come from the server's environment.
	bad := func(field, message string) {
		value := ch.Config[field]
		if field == "address" {
			value = ch.Address
		}
		if _, named := engine.Variable(value); !named { // nobody knows yet what it will be
			problems = append(problems, engine.FieldError(field, "%s", message))
		}
	}
	service := ch.Config["messaging_service_sid"]
	switch {
	case ch.Address == "" && service == "":
		bad("address", "give the phone number (+14155550100) or messaging_service_sid")
	case ch.Address != "" && !isE164(ch.Address) && !isShortCode(ch.Address):
		bad("address", "it is not a phone number in the form +14155550100")
	}
	if service != "" && !isSID(service, "MG") {
		bad("messaging_service_sid", "it is MG and 32 hex digits")
	}
	if !isSID(ch.Config["account_sid"], "AC") {
		bad("account_sid", "it is AC and 32 hex digits")
	}
	if ch.Secrets["auth_token"] == "" {
		bad("auth_token", "it is missing; Twilio signs its requests with it")
	}
	if key := ch.Config["api_key_sid"]; key != "" {
		if !isSID(key, "SK") {
			bad("api_key_sid", "it is SK and 32 hex digits")
		}
		if ch.Secrets["api_key_secret"] == "" {
			bad("api_key_secret", "it is missing")
		}
	}
	switch ch.Config["mms"] {
	case "", "true", "false":
	default:
		bad("mms", "it is true or false")
	}
	switch ch.Config["keyword_replies"] {
	case "", "twilio", "gateway":
	default:
		bad("keyword_replies", "it is twilio or gateway")
	}
	switch ch.Config["keywords"] {
	case "", "gateway", "provider":
	default:
		bad("keywords", "it is gateway or provider")
	}
	problems = append(problems, checkWords(ch)...)
	if _, err := apiBase(ch.Config["api_base"]); err != nil {
		bad("api_base", engine.MessageOf(err))
	}
	return errors.Join(problems...)
}

const (
	maxKeywords   = 50 // of one setting
	maxWordLength = 40
)

// checkWords finds what is wrong with the channel's own keywords.
func checkWords(ch engine.Channel) (problems []error) {
	bad := func(field, format string, args ...any) {
		problems = append(problems, engine.FieldError(field, format, args...))
	}
	means := map[string]string{}
	for _, field := range []string{"stop_words", "start_words", "help_words"} {
		if ch.Config[field] == "" {
			continue
		}
		list := strings.Split(ch.Config[field], ",")
		if len(list) > maxKeywords {
			bad(field, "it has more than %d words", maxKeywords)
			continue
		}
		for _, word := range list {
			folded := smstext.FoldKeyword(word)
			switch {
			case folded == "" || len(word) > maxWordLength:
				bad(field, "%q is no word of 1 to %d characters", word, maxWordLength)
			case means[folded] != "" && means[folded] != field:
				bad(field, "%q stands in %s too", word, means[folded])
			case field != "stop_words" && smstext.ParseKeyword(word, false) == smstext.KeywordStop:
				bad(field, "%q always means STOP", word)
			default:
				means[folded] = field
			}
		}
	}
	if given := ch.Config["keyword_languages"]; given != "" {
		for _, language := range strings.Split(given, ",") {
			known := append(smstext.KeywordLanguages(), "en")
			if base, _, _ := strings.Cut(strings.TrimSpace(language), "-"); !slices.Contains(known, strings.ToLower(base)) {
				bad("keyword_languages", "there are no words for %q, only for %s; write others as stop_words, start_words and help_words", language, strings.Join(known, ", "))
			}
		}
	}
	return problems
}

// apiBase reads the API's address. Plain http would show the credentials to
// everybody on the way, so only this machine may have it.
func apiBase(raw string) (*url.URL, error) {
	if raw == "" {
		raw = defaultAPIBase
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, engine.FieldError("api_base", "it is not a plain URL such as %s", defaultAPIBase)
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return nil, engine.FieldError("api_base", "it must begin with https://")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

func isSID(s, prefix string) bool {
	digits, found := strings.CutPrefix(s, prefix)
	return found && len(digits) == 32 && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}

func isE164(s string) bool {
	digits, found := strings.CutPrefix(s, "+")
	return found && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

func isShortCode(s string) bool {
	return len(s) >= 3 && len(s) <= 8 && strings.Trim(s, "0123456789") == ""
}
