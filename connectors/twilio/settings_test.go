package twilio_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/connectors/connectortest"
	"parley/connectors/twilio"
	"parley/engine"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	const hex32 = "0123456789abcdef0123456789abcdef"
	spec := twilio.New(twilio.Config{HTTP: http.DefaultClient}).Spec()
	for _, tt := range []struct {
		name   string
		change func(*engine.Channel)
		fields []string
	}{
		{"good", func(*engine.Channel) {}, nil},
		{"short code", func(ch *engine.Channel) { ch.Address = "72275" }, nil},
		{"service alone", func(ch *engine.Channel) { ch.Address, ch.Config["messaging_service_sid"] = "", "MG"+hex32 }, nil},
		{"API key", func(ch *engine.Channel) { ch.Config["api_key_sid"], ch.Secrets["api_key_secret"] = "SK"+hex32, "x" }, nil},
		{"fake on this machine", func(ch *engine.Channel) { ch.Config["api_base"] = "http://127.0.0.1:8099" }, nil},
		{"fake on localhost", func(ch *engine.Channel) { ch.Config["api_base"] = "http://localhost:8099/twilio" }, nil},
		{"nothing at all", func(ch *engine.Channel) { *ch = engine.Channel{} }, []string{"account_sid", "address", "auth_token"}},
		{"no address", func(ch *engine.Channel) { ch.Address = "" }, []string{"address"}},
		{"address with spaces", func(ch *engine.Channel) { ch.Address = "+1 415 555 0199" }, []string{"address"}},
		{"national number", func(ch *engine.Channel) { ch.Address = "04155550199" }, []string{"address"}},
		{"zero after the plus", func(ch *engine.Channel) { ch.Address = "+0415555019" }, []string{"address"}},
		{"service of another form", func(ch *engine.Channel) { ch.Config["messaging_service_sid"] = "MG1" }, []string{"messaging_service_sid"}},
		{"account of another form", func(ch *engine.Channel) { ch.Config["account_sid"] = "ACme" }, []string{"account_sid"}},
		{"no token", func(ch *engine.Channel) { delete(ch.Secrets, "auth_token") }, []string{"auth_token"}},
		{"key without secret", func(ch *engine.Channel) { ch.Config["api_key_sid"] = "SK" + hex32 }, []string{"api_key_secret"}},
		{"key of another form", func(ch *engine.Channel) { ch.Config["api_key_sid"], ch.Secrets["api_key_secret"] = "SK1", "x" }, []string{"api_key_sid"}},
		{"mms maybe", func(ch *engine.Channel) { ch.Config["mms"] = "maybe" }, []string{"mms"}},
		{"own words", func(ch *engine.Channel) { ch.Config["stop_words"], ch.Config["help_words"] = "BASTA,fin", "AYUDA" }, nil},
		{"the same word twice", func(ch *engine.Channel) { ch.Config["stop_words"], ch.Config["help_words"] = "basta", "BASTA!" }, []string{"help_words"}},
		{"stop as a start word", func(ch *engine.Channel) { ch.Config["start_words"] = "stop" }, []string{"start_words"}},
		{"a word of nothing", func(ch *engine.Channel) { ch.Config["stop_words"] = "x,!" }, []string{"stop_words"}},
		{"too many words", func(ch *engine.Channel) { ch.Config["stop_words"] = strings.Repeat("a,", 60) + "b" }, []string{"stop_words"}},
		{"words of a language", func(ch *engine.Channel) { ch.Config["keyword_languages"] = "fr-CA,en" }, nil},
		{"words of no language", func(ch *engine.Channel) { ch.Config["keyword_languages"] = "fr,xx" }, []string{"keyword_languages"}},
		{"words and numbers of the server's environment", func(ch *engine.Channel) {
			ch.Address, ch.Config["stop_words"], ch.Config["keyword_languages"] = "${NUMBER}", "${A},!", "en,${B}"
		}, nil},
		{"replies by nobody", func(ch *engine.Channel) { ch.Config["keyword_replies"] = "parley" }, []string{"keyword_replies"}},
		{"keywords of nobody", func(ch *engine.Channel) { ch.Config["keywords"] = "none" }, []string{"keywords"}},
		{"base in clear", func(ch *engine.Channel) { ch.Config["api_base"] = "http://twilio.example" }, []string{"api_base"}},
		{"base with a password", func(ch *engine.Channel) { ch.Config["api_base"] = "https://a:b@twilio.example" }, []string{"api_base"}},
		{"base with a query", func(ch *engine.Channel) { ch.Config["api_base"] = "https://twilio.example?x" }, []string{"api_base"}},
		{"base that is no URL", func(ch *engine.Channel) { ch.Config["api_base"] = "twilio" }, []string{"api_base"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ch := channel()
			tt.change(&ch)
			var fields []string
			problems := spec.Problems(ch)
			for _, p := range problems {
				fields = append(fields, p.Field)
				if strings.Contains(p.Error(), authToken) {
					t.Errorf("the token is shown: %v", p)
				}
			}
			if slices.Sort(fields); !slices.Equal(fields, tt.fields) {
				t.Errorf("problems of %q, want %q: %v", fields, tt.fields, problems)
			}
		})
	}
}

func TestSpec(t *testing.T) {
	t.Parallel()
	connectortest.RunSpec(t, suite())
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	can := twilio.New(twilio.Config{HTTP: http.DefaultClient}).Spec().Can
	ch := channel()
	without := can(ch)
	ch.Config["mms"] = "true"
	if with := can(ch); without.Media || !with.Media {
		t.Errorf("media: %+v without mms, %+v with it", without, with)
	}
	ch.Address = "+4915112345678"
	if can(ch).Media {
		t.Error("a German number sends media")
	}
}

func TestNewNeedsAClient(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("New takes no client for an answer")
		}
	}()
	twilio.New(twilio.Config{})
}
