package messaging

import (
	"net/http"
	"slices"
	"time"

	"parley/connectors/graph"
	"parley/engine"
)

// How long after a consumer's last message anything may be written to them, and how long
// a person may.
const (
	Window       = 24 * time.Hour
	PeopleWindow = 7 * 24 * time.Hour
)

// Platform is what tells the two apart.
type Platform struct {
	Spec    engine.ChannelSpec
	Base    string // the API's address
	Object  string // of webhooks
	Name    string // as conversations are asked for
	Sender  string // whose messages are sent: "me", or "" for the channel's address
	Answer  string // messaging_type of what answers, "" for none
	Buttons bool   // has templates of nothing but buttons
	Calls   bool   // has buttons that call a number
	// Fields are asked for to know who an address is; the next ones where an app may not
	// have those before. Person reads them.
	Fields []string
	Person func(Person) engine.Profile
	// Check looks whether a channel is set up well.
	Check func(*Checking)
}

// Config of a Connector.
type Config struct {
	HTTP *http.Client     // guarded; carries every request to Meta. Required.
	Now  func() time.Time // nil takes time.Now
}

// Connector speaks to Meta for every channel of a platform. It holds no state and serves
// any number of goroutines.
type Connector struct {
	platform Platform
	client   *graph.Client
	now      func() time.Time
}

var (
	_ engine.Connector  = (*Connector)(nil)
	_ engine.Renderer   = (*Connector)(nil)
	_ engine.Reconciler = (*Connector)(nil)
	_ engine.Attentive  = (*Connector)(nil)
	_ engine.Profiler   = (*Connector)(nil)
	_ engine.Checker    = (*Connector)(nil)
)

// New makes a connector. It panics without an HTTP client: an unguarded default would
// let a brand's settings reach into the private network.
func New(p Platform, cfg Config) *Connector {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Connector{platform: p, client: graph.New(graph.Config{HTTP: cfg.HTTP, Now: cfg.Now, Reasons: reasons()}), now: cfg.Now}
}

// Spec declares the kind.
func (c *Connector) Spec() engine.ChannelSpec { return c.platform.Spec }

// Decode verifies one webhook request and parses it. One webhook may bring what other
// accounts of the app got.
func (c *Connector) Decode(ch engine.Channel, req engine.WebhookRequest) (engine.Decoded, error) {
	body, answer, err := graph.Webhook(req, ch.Secrets["verify_token"].Reveal(), graph.SigningSecrets(ch)...)
	if err != nil || body == nil {
		return engine.Decoded{Response: answer}, err
	}
	d, err := decode(ch, c.platform.Object, body)
	if err != nil {
		return engine.Decoded{}, err
	}
	d.Response = answer
	return d, nil
}

// Settings are what the Graph API needs, with own in the place of those of the same name
// or before them, and whether people may write for longer.
func Settings(base string, own ...engine.Setting) []engine.Setting {
	named := func(name string) func(engine.Setting) bool {
		return func(s engine.Setting) bool { return s.Name == name }
	}
	all := graph.Settings(base)
	for _, s := range own {
		if i := slices.IndexFunc(all, named(s.Name)); i >= 0 {
			all[i] = s
		}
	}
	own = slices.DeleteFunc(slices.Clone(own), func(s engine.Setting) bool { return slices.ContainsFunc(all, named(s.Name)) })
	return append(append(own, all...), engine.Setting{
		Name: humanAgent, Type: engine.SettingBool, Default: "false",
		Example: "true", Doc: "Agents may answer for seven days instead of 24 hours; Meta must have approved the app for it (Human Agent).",
	})
}

const humanAgent = "human_agent"

// PeopleMay is how long agents may write on a channel.
func PeopleMay(ch engine.Channel) time.Duration {
	if ch.Config[humanAgent] == "true" {
		return PeopleWindow
	}
	return Window
}

// Capabilities that both have.
func Capabilities(ch engine.Channel) engine.Capabilities {
	return engine.Capabilities{
		Choices: true, MaxChoices: mostReplies, MaxLabel: maxLabel, Media: true, Cards: mostCards, Quotes: true,
		Typing: true, ReadStates: true, Webhook: true, Window: Window, PeopleWindow: PeopleMay(ch),
	}
}
