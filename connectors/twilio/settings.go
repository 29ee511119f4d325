package twilio

import (
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

const (
	maxKeywords   = 50 // of one setting
	maxWordLength = 40
)

// checkWords finds what is wrong with the channel's own keywords.
func checkWords(ch engine.Channel) (problems []*engine.Error) {
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
			bad(field, "has more than %d words", maxKeywords)
			continue
		}
		for _, word := range list {
			folded := smstext.FoldKeyword(word)
			switch {
			case folded == "" || len(word) > maxWordLength:
				bad(field, "must be words of 1 to %d bytes, and %q is none", maxWordLength, word)
			case means[folded] != "" && means[folded] != field:
				bad(field, "has %q, which stands in %s too", word, means[folded])
			case field != "stop_words" && smstext.ParseKeyword(word, false) == smstext.KeywordStop:
				bad(field, "has %q, which always means STOP", word)
			default:
				means[folded] = field
			}
		}
	}
	if given := ch.Config["keyword_languages"]; given != "" {
		for _, language := range strings.Split(given, ",") {
			if base, _, _ := strings.Cut(strings.TrimSpace(language), "-"); !slices.Contains(languages(), strings.ToLower(base)) {
				bad("keyword_languages", "has no words for %q, only for %s; write others as stop_words, start_words and help_words", language, strings.Join(languages(), ", "))
			}
		}
	}
	return problems
}

// languages are those that have keywords.
func languages() []string { return append(smstext.KeywordLanguages(), "en") }

// apiBase reads the API's address.
func apiBase(raw string) (*url.URL, error) {
	if raw == "" {
		raw = defaultAPIBase
	}
	u, err := url.Parse(raw)
	if err != nil || !engine.IsPlainURL(raw) {
		return nil, engine.FieldError("api_base", "must be a plain URL such as %s", defaultAPIBase)
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

func isSID(s, prefix string) bool {
	digits, found := strings.CutPrefix(s, prefix)
	return found && len(digits) == 32 && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}
