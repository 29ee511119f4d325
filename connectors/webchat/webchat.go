package webchat

import (
	"context"
	"net/url"
	"strings"

	"parley/engine"
)

// Kind names this connector in brand.yaml.
const Kind engine.ChannelKind = "webchat"

var (
	_ engine.Connector  = (*Connector)(nil)
	_ engine.Reconciler = (*Connector)(nil)
)

// Connector holds no state and serves any number of goroutines.
type Connector struct{ spec engine.ChannelSpec }

// New makes a connector.
func New() *Connector { return &Connector{spec()} }

// Spec declares the kind.
func (c *Connector) Spec() engine.ChannelSpec { return c.spec }

// spec is that of the widget, which shows everything as it is.
func spec() engine.ChannelSpec {
	return engine.ChannelSpec{
		Kind:     Kind,
		Label:    "Web chat",
		Icon:     "M3 20l1.3 -3.9c-2.324 -3.437 -1.426 -7.872 2.1 -10.374c3.526 -2.501 8.59 -2.296 11.845 .48c3.255 2.777 3.695 7.266 1.029 10.501c-2.666 3.235 -7.615 4.215 -11.574 2.293l-4.7 1",
		Doc:      "The widget on your sites and the chat page, which parley serves itself.",
		Served:   true,
		Consumer: "visitor-1",
		Settings: []engine.Setting{{
			Name: "allowed_origins", Type: engine.SettingText, List: true, Default: "the gateway's own",
			Words: "a list of origins such as https://www.example.com", Example: "[https://www.acme.example]", Doc: "Sites that may show the widget.",
		}},
		Check: checkOrigins,
		Capabilities: func(engine.Channel) engine.Capabilities {
			return engine.Capabilities{Choices: true, Media: true, Typing: true, Receipts: true, ReadStates: true}
		},
	}
}

// Decode refuses: nobody posts webhooks for web chat.
func (c *Connector) Decode(engine.Channel, engine.WebhookRequest) (engine.Decoded, error) {
	return engine.Decoded{}, engine.Errorf(engine.NotFound, "web chat has no webhook")
}

// Send has nothing left to do; delivered and read are reported by the widget.
func (c *Connector) Send(context.Context, engine.Channel, engine.Outbound) (engine.Receipt, error) {
	return engine.Receipt{State: engine.Sent}, nil
}

// Reconcile always finds the send: the event log delivers, and it has the message.
func (c *Connector) Reconcile(context.Context, engine.Channel, engine.Outbound, func(string) bool) (engine.Receipt, error) {
	return engine.Receipt{State: engine.Sent}, nil
}

// checkOrigins finds the first entry of allowed_origins that is no origin.
func checkOrigins(ch engine.Channel) []*engine.Error {
	for _, origin := range Origins(ch) {
		if !isOrigin(origin) {
			return []*engine.Error{engine.FieldError("allowed_origins", "must be origins such as https://www.example.com, and %q is none", origin)}
		}
	}
	return nil
}

// Origins are the web sites that may embed a channel's widget.
func Origins(ch engine.Channel) []string {
	return strings.FieldsFunc(ch.Config["allowed_origins"], func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
}

// isOrigin takes scheme, host and port as browsers write them. Plain http is
// for a developer's own machine.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || strings.Contains(s, "*") || s != u.Scheme+"://"+strings.ToLower(u.Host) {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && engine.IsLoopback(u.Hostname())
}
