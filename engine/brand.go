package engine

import (
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Brand is a tenant. Everything else belongs to exactly one.
type Brand struct {
	ID       string // slug, chosen by the brand: [a-z0-9-]{1,40}
	Name     string
	Settings BrandSettings
	// Version is the hash of the active version; new sessions run it.
	Version string
	// Canary, when set, takes a share of the new sessions.
	Canary Canary
	// Held are versions that failed too often, with the reason; nothing activates them by itself.
	Held map[string]string
	// Secrets of bots' outside calls, by name.
	Secrets map[string]BrandSecret
	// Rev counts the writes of the brand, its channels and its skills, from 1. The store does it.
	Rev int64
	// Example marks the bundled example brand, whose agents get printed passwords.
	Example bool
}

// BrandSettings is what brand.yaml says beyond channels and skills. It is stored as JSON.
type BrandSettings struct {
	TimeZone     string              `json:"time_zone"`     // IANA name
	Languages    []string            `json:"languages"`     // BCP 47, the first is the default
	Hours        Hours               `json:"hours"`         // used by skills without their own
	DefaultSkill string              `json:"default_skill"` // takes escapes and failed bots
	EscapeWords  map[string][]string `json:"escape_words"`  // language → words that ask for a person
	HTTPHosts    []string            `json:"http_hosts"`    // hosts that bots may call, "*.x.example" allowed
	Texts        map[string]string   `json:"texts"`         // overrides of Texts, by key
	BotName      string              `json:"bot_name"`      // what consumers see as the bot's name
	Color        string              `json:"color"`         // accent of the chat page, "#0f766e"
	Gather       float64             `json:"gather"`        // seconds of silence that end a burst of messages; 0 takes each by itself
	Sentiment    SentimentSettings   `json:"sentiment"`
	Loops        LoopSettings        `json:"loops,omitzero"`
	Outreach     OutreachSettings    `json:"outreach,omitzero"`
	Patterns     []Pattern           `json:"patterns"`           // of order numbers and the like, that slots.find looks for
	Holidays     []Holiday           `json:"holidays,omitempty"` // that consumers name, beside those of countries; no working days
	Desk         DeskSettings        `json:"desk"`
	Retention    RetentionSettings   `json:"retention,omitzero"`
}

// Language is the brand's first one, "" when it has none.
func (s BrandSettings) Language() string {
	if len(s.Languages) == 0 {
		return ""
	}
	return s.Languages[0]
}

// Pattern is the form of a brand's order, customer or ticket numbers. Either
// Shape or Regexp is given.
type Pattern struct {
	Name string `json:"name"`
	// Shape is an example with # for a digit, @ for a letter and * for either:
	// "AC-#####". A space or a hyphen in it may be left out by who writes. Case does not matter.
	Shape  string `json:"shape,omitempty"`
	Regexp string `json:"regexp,omitempty"` // RE2 syntax, case does not matter
}

// Holiday is a day of a brand's own that comes every year.
type Holiday struct {
	Name string `json:"name"` // as consumers write it
	// On is "06-15", "easter+39", "4 thu 11" for the fourth Thursday of November or
	// "-1 mon 5" for the last Monday of May.
	On string `json:"on"`
}

// SentimentSettings say what becomes of how consumers sound.
type SentimentSettings struct {
	Off bool `json:"off,omitempty"` // nothing is read out of messages but their language
	// Priority is how many steps sooner an unhappy consumer's conversation is
	// served, 0 … 9. It is a hint: it starts nothing by itself.
	Priority int `json:"priority,omitempty"`
}

// Canary is a version that is tried on a share of new conversations.
type Canary struct {
	Version string `json:"bundle,omitempty"`
	Share   int    `json:"share,omitempty"` // percent, 1 … 99
}

// BrandSecret is a credential that bots name and never see.
type BrandSecret struct {
	Value Secret   `json:"value"`
	Hosts []string `json:"hosts"` // where it may be sent
}

// Bare is the brand without its secrets' values: the names and where they may
// be sent, which is all that bots need.
func (b Brand) Bare() Brand {
	secrets := make(map[string]BrandSecret, len(b.Secrets))
	for name, s := range b.Secrets {
		secrets[name] = BrandSecret{Hosts: s.Hosts}
	}
	b.Secrets = secrets
	return b
}

// Bare is the channel without its settings and credentials.
func (c Channel) Bare() Channel {
	c.Config, c.Secrets = nil, nil
	return c
}

// Hours are opening hours. The zero value is always open.
type Hours struct {
	TimeZone string  `json:"time_zone,omitempty"` // "" takes the brand's
	Shifts   []Shift `json:"shifts,omitempty"`
	// Closed and Extra are whole days ("2026-12-25") that override the week.
	Closed []string          `json:"closed,omitempty"`
	Extra  map[string][]Span `json:"extra,omitempty"`
}

// Shift is one stretch of every named weekday.
type Shift struct {
	Days []time.Weekday `json:"days"`
	Span
}

// Span is a stretch of one day in minutes after local midnight. Until may be
// up to 2880 to run past midnight.
type Span struct {
	From  int `json:"from"`
	Until int `json:"until"`
}

// Skill is what a conversation needs and agents have.
type Skill struct {
	Brand    string
	ID       string // slug: "care"
	Name     string
	Priority int    // 1 (first) … 10; within a priority the longest wait goes first
	Hours    *Hours // nil takes the brand's
	// AcceptSeconds is how long an offer waits for the agent; 0 assigns at once.
	AcceptSeconds int
	// Weight is the share of a slot that one conversation takes; 0 means 1.
	Weight float64
	// Fallback takes the conversation when nobody with this skill is online; "" for none.
	Fallback string
	// Outcomes are the close reasons an agent may choose from.
	Outcomes []string
}

// ChannelKind names a connector, as its ChannelSpec does.
type ChannelKind string

// Channel is one account of a connector: this phone number, this widget.
type Channel struct {
	Brand   string
	ID      string // "<brand>.<name>", part of URLs
	Kind    ChannelKind
	Name    string
	Address string            // the account's own address: a phone number; "" for web
	Bot     string            // the bot that answers: "concierge"
	Config  map[string]string // non-secret settings, api_base among them
	Secrets map[string]Secret // credentials
}

// Settings of a channel of any kind whose messages go out to a provider. Both are
// durations such as "24h".
const (
	GiveUpAfter  = "give_up_after" // the age at which a message that cannot be sent is given up
	ConfirmAfter = "confirm_after" // how far apart two look-ups must find nothing before one in doubt is sent again
)

// Secret is a string that never prints. Use Reveal where it is really needed.
// JSON writes it in clear, because storage must keep it; API types never hold one.
type Secret string

func (Secret) String() string { return "***" }

// Format hides the secret from every verb: fmt prints the raw value of a
// Stringer when the verb does not fit.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "***") }

// LogValue hides the secret from every log handler.
func (Secret) LogValue() slog.Value { return slog.StringValue("***") }

// Reveal gives the secret itself.
func (s Secret) Reveal() string { return string(s) }

// Bundle is the files of a version: a brand's scripts, FAQ and settings for bots.
// It is immutable and addressed by its content.
type Bundle struct {
	Hash      string // hex SHA-256 of the canonical files
	Brand     string
	Files     map[string]string // path in the brand folder → content, brand.yaml included
	Model     string            // hash of what its intents are trained from; "" without intents to tell apart
	CreatedAt time.Time
}
