package setup_test

import (
	"context"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/setup"
)

type connector struct {
	engine.Connector
	spec engine.ChannelSpec
}

func (c connector) Spec() engine.ChannelSpec { return c.spec }

type asking struct{ connector }

func (asking) Check(ctx context.Context, _ engine.Channel, webhook string) []engine.Finding {
	_, bounded := ctx.Deadline()
	return []engine.Finding{{What: "asked about " + webhook, OK: bounded}}
}

func TestLook(t *testing.T) {
	t.Parallel()
	hook := func(engine.Channel) engine.Capabilities { return engine.Capabilities{Webhook: true} }
	spec := engine.ChannelSpec{Settings: []engine.Setting{{Name: "token", Type: engine.SettingText, Required: true}}, Capabilities: hook}
	whole := engine.Channel{Config: map[string]string{"token": "x"}}
	for name, tt := range map[string]struct {
		c       engine.Connector
		ch      engine.Channel
		webhook string
		want    []string // "!" and the problem, or what is well
	}{
		"settings":       {asking{connector{spec: spec}}, engine.Channel{}, "https://a.example/h", []string{"!token is missing."}},
		"asks":           {asking{connector{spec: spec}}, whole, "https://a.example/h", []string{"complete", "https://a.example/h", "asked about https://a.example/h"}},
		"cannot ask":     {connector{spec: spec}, whole, "https://a.example/h", []string{"complete", "https://a.example/h"}},
		"own machine":    {connector{spec: spec}, whole, "http://127.0.0.1:8080/h", []string{"complete", "!this machine's own"}},
		"not https":      {connector{spec: spec}, whole, "http://a.example/h", []string{"complete", "!not https"}},
		"no hook":        {connector{spec: engine.ChannelSpec{}}, whole, "", []string{"complete"}},
		"parley's own":   {connector{spec: engine.ChannelSpec{Served: true, Capabilities: hook}}, whole, "http://127.0.0.1/h", []string{"complete", "itself"}},
		"no address yet": {connector{spec: spec}, whole, "", []string{"complete", "!this machine's own"}},
	} {
		found := setup.Look(t.Context(), tt.c, tt.ch, tt.webhook)
		if len(found) != len(tt.want) {
			t.Errorf("%s: %+v", name, found)
			continue
		}
		for i, f := range found {
			problem, bad := strings.CutPrefix(tt.want[i], "!")
			if f.OK == bad || bad && !strings.Contains(f.Problem, problem) || !bad && !strings.Contains(f.What, tt.want[i]) {
				t.Errorf("%s: %+v, want %q", name, f, tt.want[i])
			}
		}
	}
}
