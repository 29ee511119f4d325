package webchat_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/connectors/connectortest"
	"parley/connectors/webchat"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func suite() connectortest.Suite {
	return connectortest.Suite{
		New:     func(*http.Client) engine.Connector { return webchat.New() },
		Channel: engine.Channel{Brand: "acme", ID: "acme.web", Kind: webchat.Kind},
	}
}

func TestInbound(t *testing.T) {
	t.Parallel()
	connectortest.RunInbound(t, suite(), []connectortest.InboundCase{
		{Name: "post", Body: `{"text":"hi"}`, Err: engine.NotFound},
		{Name: "get", Method: http.MethodGet, Err: engine.NotFound},
	})
}

func TestOutbound(t *testing.T) {
	t.Parallel()
	sent := engine.Receipt{State: engine.Sent}
	connectortest.RunOutbound(t, suite(), []connectortest.OutboundCase{
		{Name: "text", Outbound: engine.Outbound{To: "visitor-1", Content: engine.Content{Text: "hi"}}, Receipt: sent},
		{Name: "choices", Outbound: engine.Outbound{To: "visitor-1", Content: engine.Content{Choices: []engine.Choice{{ID: "a", Label: "A"}}}}, Receipt: sent},
	})
}

func TestSpec(t *testing.T) {
	t.Parallel()
	connectortest.RunSpec(t, suite())
}

func TestAllowedOrigins(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		origins string
		good    bool
	}{
		{"", true},
		{"https://www.acme.example", true},
		{"https://acme.example:8443, https://shop.acme.example\nhttp://localhost:3000 http://127.0.0.1", true},
		{"https://www.acme.example/", false},
		{"https://www.acme.example/shop", false},
		{"HTTPS://www.acme.example", false},
		{"https://WWW.acme.example", false},
		{"https://me@acme.example", false},
		{"https://acme.example?x", false},
		{"http://acme.example", false},
		{"https://*.acme.example", false},
		{"https://acme.example *", false},
		{"acme.example", false},
		{"null", false},
		{"https://acme.example,${SHOP}", true}, // nobody knows yet
		{"https://", false},
	} {
		ch := engine.Channel{Config: map[string]string{"allowed_origins": tt.origins}}
		if found := webchat.New().Spec().Problems(ch); (len(found) == 0) != tt.good {
			t.Errorf("problems of %q: %v", tt.origins, found)
		}
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	ch := engine.Channel{Config: map[string]string{"allowed_origins": " https://a.example,https://b.example  https://c.example\n"}}
	if diff := cmp.Diff([]string{"https://a.example", "https://b.example", "https://c.example"}, slices.Clone(webchat.Origins(ch))); diff != "" {
		t.Error(diff)
	}
}
