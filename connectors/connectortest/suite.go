package connectortest

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// PublicURL is the gateway's public URL in all cases.
const PublicURL = "https://gw.example.com"

// Now is the time of all cases.
func Now() time.Time { return time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC) }

// Suite describes a connector to the harness.
type Suite struct {
	// New makes the connector; it sends through client alone.
	New func(client *http.Client) engine.Connector
	// Channel is valid for the connector; cases start from a copy of it. Its
	// secrets must be longer than 7 characters, or a leak could not be told
	// from chance.
	Channel engine.Channel
	// Sign signs a request as the provider does, with the channel's secrets. nil
	// for connectors without webhooks.
	Sign func(ch engine.Channel, req *engine.WebhookRequest)
}

// channel gives a case's own copy of the channel.
func (s Suite) channel(change func(*engine.Channel)) engine.Channel {
	ch := s.Channel
	ch.Config = maps.Clone(ch.Config)
	if ch.Config == nil {
		ch.Config = map[string]string{}
	}
	ch.Secrets = maps.Clone(ch.Secrets)
	if ch.Secrets == nil {
		ch.Secrets = map[string]engine.Secret{}
	}
	if change != nil {
		change(&ch)
	}
	return ch
}

// newClient is a client that reaches only this machine: any other address
// fails the test.
func newClient(t testing.TB) *http.Client {
	t.Helper()
	dialer := &net.Dialer{}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		addr, err := netip.ParseAddr(host)
		if err != nil || !addr.IsLoopback() {
			t.Errorf("the connector dials %s; tests must not leave 127.0.0.1", address)
			return nil, fmt.Errorf("connectortest: %s is not this machine", address)
		}
		return dialer.DialContext(ctx, network, address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// checkLeak fails when what holds a secret of the channel, in any form that
// fmt can print.
func checkLeak(t testing.TB, ch engine.Channel, what string, values ...any) {
	t.Helper()
	if leaked := leaks(ch, values...); leaked != "" {
		t.Errorf("%s shows the secret %q", what, leaked)
	}
}

// leaks names the secret that a value shows, "" for none.
func leaks(ch engine.Channel, values ...any) string {
	for _, value := range values {
		if value == nil {
			continue
		}
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			shown := fmt.Sprintf(format, value)
			for name, secret := range ch.Secrets {
				if plain := secret.Reveal(); plain != "" && strings.Contains(shown, plain) {
					return name
				}
			}
		}
	}
	return ""
}
