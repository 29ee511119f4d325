package twilio_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/connectors/twilio"
	"parley/engine"
)

func TestCheckChannel(t *testing.T) {
	t.Parallel()
	const hex32 = "0123456789abcdef0123456789abcdef"
	conn := twilio.New(twilio.Config{HTTP: http.DefaultClient})
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
			err := conn.CheckChannel(ch)
			fields := fieldsOf(err)
			if !slices.Equal(fields, tt.fields) {
				t.Errorf("CheckChannel names %q, want %q: %v", fields, tt.fields, err)
			}
			if err != nil && strings.Contains(err.Error(), authToken) {
				t.Errorf("CheckChannel shows the token: %v", err)
			}
		})
	}
}

// fieldsOf are the fields that joined errors name, in alphabetical order.
func fieldsOf(err error) []string {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var fields []string
	for _, problem := range joined.Unwrap() {
		if e, ok := errors.AsType[*engine.Error](problem); ok && e.Code == engine.Invalid {
			fields = append(fields, e.Field)
		}
	}
	slices.Sort(fields)
	return fields
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
