package connectortest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sample is a connector that is right unless flaw says otherwise.
type sample struct {
	client *http.Client
	flaw   string
}

func (s *sample) Spec() engine.ChannelSpec {
	spec := engine.ChannelSpec{
		Kind: "sample", Label: "Sample", Icon: "M4 4h16v16h-16z", Doc: "A form and its answer.", Consumer: "1",
		Settings: []engine.Setting{
			{Name: "token", Type: engine.SettingSecret, Required: true, Example: "${SAMPLE_TOKEN}", Doc: "Signs."},
			{Name: "pace", Type: engine.SettingNumber, Least: "1", Most: "10", Default: "5", Example: "3", Doc: "Messages a second."},
			engine.APIBase("https://api.sample.example"),
		},
		Capabilities: func(engine.Channel) engine.Capabilities {
			return engine.Capabilities{Choices: true, Media: true, Webhook: true, MaxText: map[string]int{"forgets its limit": 100}[s.flaw]}
		},
	}
	switch pace := &spec.Settings[1]; s.flaw {
	case "no words":
		spec.Doc = ""
	case "no icon":
		spec.Icon = "<svg/>"
	case "no example":
		pace.Example = ""
	case "no bounds":
		pace.Most = "many"
	case "checks nothing":
		pace.Type, pace.Pattern, pace.Words = engine.SettingPhone, ".*|\x00.*", "anything"
	case "the same name twice":
		pace.Name, pace.Type = "token", engine.SettingText
	case "everybody's name":
		pace.Name = "kind"
	case "beside nothing":
		pace.With = "speed"
	case "a secret for all":
		spec.Settings[0].Example = "hunter2"
	case "tells the secret":
		spec.Check = func(ch engine.Channel) []*engine.Error {
			return []*engine.Error{engine.FieldError("pace", "is no pace for %s", ch.Secrets["token"].Reveal())}
		}
	}
	return spec
}

func signature(ch engine.Channel, req *engine.WebhookRequest) string {
	mac := hmac.New(sha256.New, []byte(ch.Secrets["token"].Reveal()))
	mac.Write([]byte(req.URL))
	mac.Write(req.Body)
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *sample) Decode(ch engine.Channel, req engine.WebhookRequest) (engine.Decoded, error) {
	if len(req.Body) > maxBody && s.flaw != "takes any size" {
		return engine.Decoded{}, engine.Errorf(engine.TooLarge, "too large")
	}
	form, err := url.ParseQuery(string(req.Body))
	if err != nil {
		return engine.Decoded{}, engine.Errorf(engine.Invalid, "no form")
	}
	signed := len(req.Header["Signature"]) == 1 && hmac.Equal([]byte(req.Header["Signature"][0]), []byte(signature(ch, &req)))
	if s.flaw == "takes the unsigned" && req.Header["Signature"] == nil {
		signed = true
	}
	if ch.Secrets["token"] == "" && s.flaw != "takes an empty secret" {
		signed = false
	}
	if !signed && s.flaw != "never checks" {
		if s.flaw == "tells the secret" {
			return engine.Decoded{}, engine.Errorf(engine.Unauthenticated, "want a signature with %s", ch.Secrets["token"].Reveal())
		}
		return engine.Decoded{}, engine.Errorf(engine.Unauthenticated, "wrong signature")
	}
	if form.Get("Text") == "" {
		if s.flaw == "refuses unknown events" {
			return engine.Decoded{}, engine.Errorf(engine.Invalid, "what is this?")
		}
		return engine.Decoded{}, nil
	}
	text := form.Get("Text")
	if s.flaw == "joins values" {
		text = strings.Join(form["Text"], ",")
	}
	return engine.Decoded{Inbound: []engine.Inbound{{From: "1", ProviderID: "2", Content: engine.Content{Text: text}}}}, nil
}

func (s *sample) Send(ctx context.Context, ch engine.Channel, out engine.Outbound) (engine.Receipt, error) {
	address := ch.Config["api_base"] + "/send"
	if s.flaw == "leaves the machine" {
		address = "http://192.0.2.1/send"
	}
	for range map[bool]int{true: 2, false: 1}[s.flaw == "asks twice"] {
		req, err := http.NewRequestWithContext(ctx, "POST", address, strings.NewReader(out.Content.Text))
		if err != nil {
			return engine.Receipt{}, err
		}
		resp, err := s.client.Do(req)
		if err != nil {
			return engine.Receipt{}, &engine.SendError{Class: engine.SendRetry, Message: "lost"}
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			words := "refused"
			if s.flaw == "tells the secret" {
				words += " " + ch.Secrets["token"].Reveal()
			}
			if s.flaw == "plain error" {
				return engine.Receipt{}, fmt.Errorf("refused")
			}
			return engine.Receipt{}, &engine.SendError{Class: engine.SendInvalid, Message: words}
		}
	}
	return engine.Receipt{ProviderID: "3", State: engine.Sent}, nil
}

func suite(flaw string) Suite {
	return Suite{
		New:     func(client *http.Client) engine.Connector { return &sample{client, flaw} },
		Channel: engine.Channel{ID: "acme.sample", Kind: "sample", Secrets: map[string]engine.Secret{"token": "a-long-secret"}},
		Sign: func(ch engine.Channel, req *engine.WebhookRequest) {
			req.Header["Signature"] = []string{signature(ch, req)}
		},
	}
}

func inboundCase() InboundCase {
	return InboundCase{
		Name: "text", Form: url.Values{"Text": {"hello"}},
		Inbound: []engine.Inbound{{From: "1", ProviderID: "2", Content: engine.Content{Text: "hello"}}},
	}
}

func outboundCases() []OutboundCase {
	out := engine.Outbound{Content: engine.Content{Text: "hi"}}
	asked := []Request{{Path: "/send", Body: "hi"}}
	return []OutboundCase{
		{Name: "sent", Outbound: out, Answers: []Answer{{}}, Requests: asked, Receipt: engine.Receipt{ProviderID: "3", State: engine.Sent}},
		{Name: "refused", Outbound: out, Answers: []Answer{{Status: 400}}, Requests: asked, Class: engine.SendInvalid},
		{Name: "lost", Outbound: out, Answers: []Answer{{Drop: true}}, Requests: asked, Class: engine.SendRetry},
	}
}

func TestGoodConnectorPasses(t *testing.T) {
	t.Parallel()
	RunSpec(t, suite(""))
	RunInbound(t, suite(""), []InboundCase{inboundCase()})
	RunOutbound(t, suite(""), outboundCases())
}

// Every flaw of a webhook is caught by a case that nobody wrote down.
func TestInboundFlawsAreFound(t *testing.T) {
	t.Parallel()
	for flaw, finder := range map[string]string{
		"takes any size":         "+oversize",
		"takes the unsigned":     "+not signed",
		"takes an empty secret":  "+no secrets",
		"never checks":           "+signed with another secret",
		"tells the secret":       "+signed with another secret",
		"refuses unknown events": "+unknown event",
		"joins values":           "+parameters repeated",
	} {
		t.Run(flaw, func(t *testing.T) {
			t.Parallel()
			s := suite(flaw)
			for name, derived := range derive(s, inboundCase()) {
				if problem := derived(s.New(nil)); (name == finder) && problem == "" {
					t.Errorf("%s finds nothing", name)
				}
			}
		})
	}
}

// A connector that never checks is caught by every case about signatures.
func TestUncheckedSignatureIsFoundByAll(t *testing.T) {
	t.Parallel()
	s := suite("never checks")
	found := map[string]bool{}
	for name, derived := range derive(s, inboundCase()) {
		found[name] = derived(s.New(nil)) != ""
	}
	for _, name := range []string{"+not signed", "+no secrets", "+signed with another secret", "+another URL", "+parameter added after signing"} {
		if !found[name] {
			t.Errorf("%s finds nothing", name)
		}
	}
}

func TestSpecFlawsAreFound(t *testing.T) {
	t.Parallel()
	for flaw, words := range map[string]string{
		"no words":            "needs a label",
		"no icon":             "no path of SVG",
		"no example":          "pace: it needs a sentence of doc and an example",
		"no bounds":           `pace: its bounds "1" and "many" are wrong`,
		"checks nothing":      "a channel with a wrong pace has no problem",
		"the same name twice": "token is there twice",
		"everybody's name":    "kind: this is no name for a setting",
		"beside nothing":      "pace: it speaks of speed",
		"a secret for all":    "token: a secret is one variable",
		"tells the secret":    `shows the secret "token"`,
		"forgets its limit":   "needs a Renderer",
	} {
		t.Run(flaw, func(t *testing.T) {
			t.Parallel()
			s := suite(flaw)
			conn := s.New(nil)
			found := strings.Join(append(checkSpec(conn.Spec(), s), checkRender(conn, s)...), "\n")
			if !strings.Contains(found, words) {
				t.Errorf("found %q, want %q", found, words)
			}
		})
	}
}

func TestOutboundFlawsAreFound(t *testing.T) {
	t.Parallel()
	for flaw, words := range map[string]string{
		"leaves the machine": "must not leave",
		"asks twice":         "no answer left",
		"tells the secret":   "shows the secret",
		"plain error":        "want a *engine.SendError",
	} {
		t.Run(flaw, func(t *testing.T) {
			t.Parallel()
			rec := &recorder{TB: t}
			for _, c := range outboundCases() {
				play(rec, suite(flaw), c)
			}
			if !strings.Contains(rec.all(), words) {
				t.Errorf("found %q, want %q", rec.all(), words)
			}
		})
	}
	t.Run("unused answer", func(t *testing.T) {
		t.Parallel()
		rec := &recorder{TB: t}
		c := outboundCases()[0]
		c.Answers = append(c.Answers, Answer{})
		play(rec, suite(""), c)
		if !strings.Contains(rec.all(), "1 answers of the case were not asked for") {
			t.Errorf("found %q", rec.all())
		}
	})
	t.Run("other status", func(t *testing.T) {
		t.Parallel()
		rec := &recorder{TB: t}
		body := func(int) string { return "" }
		sendAll(rec, suite(""), engine.Outbound{}, body, func(int) engine.SendClass { return engine.SendInvalid })
		if want := "status 200 counts as sent"; !strings.Contains(rec.all(), want) || strings.Contains(rec.all(), "status 201 ") {
			t.Errorf("found %q, want %q alone", rec.all(), want)
		}
	})
}

// recorder keeps the failures of a case instead of failing.
type recorder struct {
	testing.TB
	mu    sync.Mutex
	found []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found = append(r.found, fmt.Sprintf(format, args...))
}

func (r *recorder) all() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.found, "\n")
}
