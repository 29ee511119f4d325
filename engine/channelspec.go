package engine

import (
	"slices"
	"time"
)

// ChannelSpec is what a connector declares of the channels of its kind. Who reads
// brand folders, simulates, writes docs or draws knows of a kind what stands
// here, and nothing else. It is never changed once it was made.
type ChannelSpec struct {
	Kind  ChannelKind // as brand.yaml names it
	Label string      // as people read it: "SMS"
	Icon  string      // what a path element of SVG draws as a line, on 24 by 24
	Doc   string      // sentences for docs/brand.md
	// Served says that parley itself is at the other end: consumers write on
	// /chat/{channel}, and what is in the event log is sent.
	Served bool
	// Consumer is an address such as the channel's consumers have, for simulations.
	Consumer string
	// Settings in the order of the docs, the channel's own address and its
	// secrets among them.
	Settings []Setting
	// Check finds what is wrong among settings that are right one by one: Invalid
	// errors that name a setting and no secret. nil for nothing.
	Check func(Channel) []*Error
	// Capabilities of one channel, as its settings make them. nil for none.
	Capabilities func(Channel) Capabilities
}

// Can is what a channel of the kind can do.
func (s ChannelSpec) Can(ch Channel) Capabilities {
	if s.Capabilities == nil {
		return Capabilities{}
	}
	return s.Capabilities(ch)
}

// Takes lists all settings of the kind: its own, and those of every channel whose
// messages go out to a provider.
func (s ChannelSpec) Takes() []Setting {
	if s.Served {
		return s.Settings
	}
	return append(slices.Clip(s.Settings),
		Setting{
			Name: GiveUpAfter, Type: SettingDuration, Least: "1m", Most: "168h", Default: "24h", Example: "48h",
			Doc: "The age at which a message that cannot be sent is given up.",
		},
		Setting{
			Name: ConfirmAfter, Type: SettingDuration, Least: "5s", Most: "1h", Default: "5m", Example: "10m",
			Doc: "Between two look-ups that find nothing, before a message in doubt is sent again.",
		},
	)
}

// Setting finds one of the settings that the kind takes.
func (s ChannelSpec) Setting(name string) (Setting, bool) {
	all := s.Takes()
	i := slices.IndexFunc(all, func(set Setting) bool { return set.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

// Put gives a channel the value of a setting.
func (ch *Channel) Put(set Setting, value string) {
	switch {
	case set.Name == AddressSetting:
		ch.Address = value
	case set.Type == SettingSecret:
		ch.Secrets[set.Name] = Secret(value)
	default:
		ch.Config[set.Name] = value
	}
}

// ChannelKinds are the kinds that a gateway speaks.
type ChannelKinds []ChannelSpec

// Of finds a kind. One that is not there has no settings and can do nothing.
func (k ChannelKinds) Of(kind ChannelKind) (ChannelSpec, bool) {
	i := slices.IndexFunc(k, func(s ChannelSpec) bool { return s.Kind == kind })
	if i < 0 {
		return ChannelSpec{Kind: kind}, false
	}
	return k[i], true
}

// Served finds the first of the channels that parley serves itself, -1 for none.
func (k ChannelKinds) Served(channels []Channel) int {
	return slices.IndexFunc(channels, func(ch Channel) bool {
		s, _ := k.Of(ch.Kind)
		return s.Served
	})
}

// Capabilities of a channel, for the rules that must know. What it cannot show itself
// becomes text by package degrade.
type Capabilities struct {
	Choices    bool     // draws quick replies itself; elsewhere they are a numbered list
	MaxChoices int      // drawn so; 0 for no limit. More are a numbered list
	MaxLabel   int      // units of a quick reply's label; 0 for no limit. With a longer one all are a numbered list
	List       List     // draws more choices than that as a list of rows
	Media      bool     // shows pictures, films and sounds; elsewhere they are links
	MediaTypes []string // of Media, what is shown: "image/jpeg", "audio/*"; nil for all kinds
	MaxCaption int      // units of a text that goes with a picture, a film or a file in one message; 0 for none
	Location   bool     // shows a place itself
	Contacts   bool     // shows a contact's card itself
	Cards      int      // shows so many cards in one message itself; 0 for none, and they are text
	Templates  bool     // takes templates
	Quotes     bool     // shows which message is answered
	MaxText    int      // units of one message, of which long texts become several; 0 for no limit
	MaxBody    int      // units of a text that has choices with it; 0 for MaxText
	Unit       TextUnit // in which texts and labels are counted
	Segments   bool     // is charged by the segments of SMS
	Typing     bool     // shows that somebody is writing
	Receipts   bool     // reports delivered
	ReadStates bool     // reports read
	Webhook    bool     // has a provider that calls /hooks/{channel}
	// Window is how long after the consumer's last message anything may be sent, and
	// PeopleWindow how long an agent may; 0 for always. Later only a Template may.
	Window, PeopleWindow time.Duration
	Keywords             bool // STOP, START and HELP are law here
	// OwnKeywords says that only what the provider took for such a word is one, and
	// AnswersKeywords that the provider answers those that it knows.
	OwnKeywords, AnswersKeywords bool
}

// WindowUntil is until when an author may write anything to a consumer who was heard last
// at that time; zero for always, and when nobody knows.
func (c Capabilities) WindowUntil(by Author, heard time.Time) time.Time {
	window := c.Window
	if by == AuthorAgent && c.PeopleWindow > window {
		window = c.PeopleWindow
	}
	if window == 0 || heard.IsZero() {
		return time.Time{}
	}
	return heard.Add(window)
}

// List is what a channel draws of rows to choose from; without Rows it draws none.
type List struct {
	Rows   int
	Label  int // units of a row's first line, 0 for no limit
	Detail int // of its second; longer ones are cut
}

// TextUnit is what a channel counts texts in.
type TextUnit string

const (
	UnitCharacters TextUnit = ""      // code points
	UnitUTF16      TextUnit = "utf16" // as JavaScript and Java count
	UnitBytes      TextUnit = "bytes" // of UTF-8
)

// SettingType says what the value of a setting is.
type SettingType string

// A variable of the environment may stand for a value of any type, and is all
// that may stand for a secret.
const (
	SettingText     SettingType = "text"
	SettingSecret   SettingType = "secret"
	SettingBool     SettingType = "bool"     // true or false
	SettingNumber   SettingType = "number"   // from Least to Most
	SettingDuration SettingType = "duration" // from Least to Most, written as 90s, 30m or 24h
	SettingChoice   SettingType = "choice"   // one of Values
	SettingURL      SettingType = "url"      // plain, and https unless it is this machine's
	SettingEmail    SettingType = "email"    // ana@acme.example
	SettingPhone    SettingType = "phone"    // +14155550100
)

// AddressSetting is the setting that becomes a channel's Address.
const AddressSetting = "address"

// Setting is one key of a channel in brand.yaml.
type Setting struct {
	Name     string
	Type     SettingType
	List     bool     // several values, which the channel's Config joins by commas
	Required bool     // every channel must have it
	Unless   string   // with Required: the other setting that stands in for it
	With     string   // the other setting beside which it must stand, "" for none
	Default  string   // what counts when it is left out, as the docs tell it; "" for nothing
	Values   []string // of a choice
	Least    string   // of a number or a duration
	Most     string
	Pattern  string // RE2 that fits the whole of each value, instead of what the type asks; "" for none
	Words    string // what the value must be: "AC and 32 hex digits"; "" tells it by the type
	// Target says that the value is a URL to which what the channel is told is
	// sent, credentials included.
	Target  bool
	Example string // a good one, in YAML
	Doc     string // one sentence
}

// APIBase is the setting that sends a channel's requests elsewhere than to base,
// the provider's own.
func APIBase(base string) Setting {
	return Setting{
		Name: "api_base", Type: SettingURL, Default: base, Target: true, Example: "https://proxy.acme.example",
		Doc: "Another address of the API, for proxies and tests.",
	}
}
