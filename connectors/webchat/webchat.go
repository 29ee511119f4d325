package webchat

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"parley/engine"
)

// Kind names this connector in brand.yaml.
const Kind engine.ChannelKind = "webchat"

var (
	_ engine.Connector      = (*Connector)(nil)
	_ engine.ChannelChecker = (*Connector)(nil)
	_ engine.Reconciler     = (*Connector)(nil)
)

// Connector holds no state and serves any number of goroutines.
type Connector struct{}

// New makes a connector.
func New() *Connector { return &Connector{} }

// Kind is "webchat".
func (c *Connector) Kind() engine.ChannelKind { return Kind }

// Capabilities of the widget, which shows everything as it is.
func (c *Connector) Capabilities() engine.Capabilities {
	return engine.Capabilities{Choices: true, Typing: true, Receipts: true, ReadStates: true}
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

// CheckChannel finds every entry of allowed_origins that is no origin.
func (c *Connector) CheckChannel(ch engine.Channel) error {
	var problems []error
	for _, origin := range Origins(ch) {
		if !isOrigin(origin) {
			problems = append(problems, engine.FieldError("allowed_origins", "%q is not an origin such as https://www.example.com", origin))
		}
	}
	return errors.Join(problems...)
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
	return u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
