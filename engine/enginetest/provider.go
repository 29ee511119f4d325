package enginetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/engine"
)

// Provider is the other side of both channels: it accepts sends, may lose the
// answer or refuse, and can be asked later what it has. The zero value accepts
// everything.
type Provider struct {
	// Answer decides about a send: whether the provider takes the message, and
	// the error that the sender sees. nil takes everything.
	Answer func(ctx context.Context, out engine.Outbound, attempt int) (takes bool, err error)
	// Blind makes look-ups fail without an answer.
	Blind error

	mu       sync.Mutex
	taken    []engine.Outbound
	attempts map[string]int
	lookups  int
}

func (p *Provider) send(ctx context.Context, out engine.Outbound) (engine.Receipt, error) {
	p.mu.Lock()
	if p.attempts == nil {
		p.attempts = map[string]int{}
	}
	p.attempts[out.Item]++
	attempt := p.attempts[out.Item]
	p.mu.Unlock()
	takes, err := true, error(nil)
	if p.Answer != nil {
		takes, err = p.Answer(ctx, out, attempt)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if takes {
		p.taken = append(p.taken, out)
	}
	return engine.Receipt{ProviderID: providerID(out), State: engine.Sent}, err
}

func providerID(out engine.Outbound) string { return "SM-" + out.Item }

// Taken lists the texts that the provider took, in order.
func (p *Provider) Taken() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]string, len(p.taken))
	for i, o := range p.taken {
		out[i] = o.Content.Text
	}
	return out
}

// Outbound lists what the provider took, in order.
func (p *Provider) Outbound() []engine.Outbound {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.taken)
}

// Attempts counts the sends of an item, or of all with "".
func (p *Provider) Attempts(item string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if item != "" {
		return p.attempts[item]
	}
	n := 0
	for _, a := range p.attempts {
		n += a
	}
	return n
}

// Lookups counts the questions of Reconcile.
func (p *Provider) Lookups() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lookups
}

// Render makes one part of each "|".
func (p *Provider) Render(c engine.Content) []engine.Content {
	if !strings.Contains(c.Text, "|") {
		return []engine.Content{c}
	}
	var out []engine.Content
	for text := range strings.SplitSeq(c.Text, "|") {
		out = append(out, engine.Content{Text: text})
	}
	return out
}

func (p *Provider) reconcile(out engine.Outbound, known func(string) bool) (engine.Receipt, error) {
	p.mu.Lock()
	p.lookups++
	blind, taken := p.Blind, slices.Clone(p.taken)
	p.mu.Unlock()
	if blind != nil {
		return engine.Receipt{}, blind
	}
	for _, o := range taken {
		if o.Item == out.Item && !known(providerID(o)) {
			return engine.Receipt{ProviderID: providerID(o), State: engine.Sent}, nil
		}
	}
	return engine.Receipt{}, engine.ErrNotSent{}
}

// phone is the connector of the phone channel: keywords are law, and what was
// sent can be looked up.
type phone struct{ p *Provider }

func (phone) Spec() engine.ChannelSpec {
	return engine.ChannelSpec{Kind: "phone", Capabilities: func(ch engine.Channel) engine.Capabilities {
		window, _ := time.ParseDuration(ch.Config["window"]) // none without the setting
		people, _ := time.ParseDuration(ch.Config["people_window"])
		return engine.Capabilities{
			Window: window, PeopleWindow: people, Quotes: window > 0, Templates: window > 0,
			Keywords: true, OwnKeywords: ch.Config["keywords"] == "provider", AnswersKeywords: ch.Config["keyword_replies"] != "gateway",
			Receipts: true, Webhook: true,
		}
	}}
}

// Decode reads a Decoded as JSON; the body "forged" has a wrong signature, and so has
// one of another app than the channel's setting names.
func (phone) Decode(ch engine.Channel, req engine.WebhookRequest) (engine.Decoded, error) {
	if string(req.Body) == "forged" {
		return engine.Decoded{}, engine.Errorf(engine.Unauthenticated, "wrong signature")
	}
	if app := ch.Config["app"]; len(req.Header["App"]) > 0 && req.Header["App"][0] != app {
		return engine.Decoded{}, engine.Errorf(engine.Unauthenticated, "another app's signature")
	}
	var d engine.Decoded
	if err := json.Unmarshal(req.Body, &d); err != nil {
		return d, engine.Errorf(engine.Invalid, "unreadable").Because(err)
	}
	return d, nil
}

func (c phone) Send(ctx context.Context, _ engine.Channel, out engine.Outbound) (engine.Receipt, error) {
	return c.p.send(ctx, out)
}

func (c phone) Reconcile(_ context.Context, _ engine.Channel, out engine.Outbound, known func(string) bool) (engine.Receipt, error) {
	return c.p.reconcile(out, known)
}

// web is the connector of the web channel: nothing can be looked up.
type web struct{ p *Provider }

func (web) Spec() engine.ChannelSpec {
	return engine.ChannelSpec{Kind: "web", Capabilities: func(engine.Channel) engine.Capabilities {
		return engine.Capabilities{Choices: true, Media: true, Typing: true}
	}}
}

func (web) Decode(engine.Channel, engine.WebhookRequest) (engine.Decoded, error) {
	return engine.Decoded{}, engine.Errorf(engine.Invalid, "no webhooks")
}

func (c web) Send(ctx context.Context, _ engine.Channel, out engine.Outbound) (engine.Receipt, error) {
	return c.p.send(ctx, out)
}

// Refuse makes a send error.
func Refuse(class engine.SendClass) *engine.SendError {
	return &engine.SendError{Class: class, Code: "4711", Message: fmt.Sprintf("refused as %s", class)}
}
