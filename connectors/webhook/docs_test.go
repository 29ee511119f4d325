package webhook_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"parley/connectors/webhook"
	"parley/engine"
)

func schema(t *testing.T, part string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../docs/webhook.schema.json#/$defs/" + part)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, body string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

// The schema takes what Decode takes, and refuses what Decode refuses but for lengths
// in bytes and what is no event of ours.
func TestSchemaOfInbound(t *testing.T) {
	t.Parallel()
	s := schema(t, "to_parley")
	for _, c := range inboundCases() {
		err := valid(t, s, c.Body)
		switch c.Name {
		case "an event of tomorrow", "no event", "failed for a reason that only the gateway may give":
			if err == nil {
				t.Errorf("%s: the schema knows it", c.Name)
			}
		case "a long text":
		default:
			if good := c.Err == ""; good != (err == nil) {
				t.Errorf("%s: Decode gives %q, the schema %v", c.Name, c.Err, err)
			}
		}
	}
}

func TestSchemaOfOutbound(t *testing.T) {
	t.Parallel()
	s := schema(t, "from_parley")
	all := engine.Content{
		Text: "Hello", Media: []engine.Media{{Kind: engine.MediaImage, URL: "https://acme.example/a.jpg", MIME: "image/jpeg", Name: "A"}},
		Location: &engine.Location{Lat: 1, Lon: 2, Name: "Shop", Address: "1 Ring Road"},
		Contacts: []engine.Contact{{Name: "Ana", Org: "Acme", Phones: []string{"+15550100"}, Emails: []string{"ana@acme.example"}}},
		Cards:    []engine.Card{{Title: "T", Subtitle: "S", Image: "https://acme.example/b.jpg", Links: []engine.Link{{Label: "L", URL: "tel:+15550100"}}}},
		Template: &engine.Template{Name: "hello", Language: "en", Values: []string{"Ana"}},
		Choices:  []engine.Choice{{ID: "a", Label: "A", Detail: "D"}}, Unnumbered: true, Event: "opted_out",
	}
	posted := 0
	conn := webhook.New(webhook.Config{HTTP: &http.Client{Transport: taking(func(_ http.Header, body []byte) int {
		posted++
		if err := valid(t, s, string(body)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		return http.StatusOK
	})}})
	for _, out := range []engine.Outbound{
		{Item: "0192.1", To: "c", Content: all, Author: engine.AuthorBot, Answers: "m-7"},
		{Item: "0192.2", To: "c", Content: engine.Content{Text: "Hello"}},
	} {
		if _, err := conn.Send(t.Context(), channel(), out); err != nil {
			t.Error(err)
		}
	}
	if conn.Check(t.Context(), channel(), ""); posted != 3 {
		t.Errorf("%d were posted", posted)
	}
}

// example is a block of docs/channels.md.
func example(t *testing.T, language, mark string) string {
	t.Helper()
	docs, err := os.ReadFile("../../docs/channels.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(docs), -1) {
		if strings.Contains(block[1], mark) {
			return block[1]
		}
	}
	t.Fatalf("docs/channels.md has no %s with %q", language, mark)
	return ""
}

// The receiver of the docs takes what is sent to it, and nothing that another secret signed.
func TestReceiverOfTheDocs(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	file := filepath.Join(t.TempDir(), "receiver.py")
	if err := os.WriteFile(file, []byte(example(t, "python", "http.server")), 0o600); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), python, "-u", file, port)
	cmd.Env, cmd.Stdout = append(os.Environ(), "WEBHOOK_SECRET="+secret), &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	transport := &http.Transport{DisableKeepAlives: true}
	conn := webhook.New(webhook.Config{HTTP: &http.Client{Transport: transport}})
	ch := channel()
	ch.Config["url"] = "http://127.0.0.1:" + port + "/"
	out := engine.Outbound{Item: "0192.1", To: "customer-1", Content: engine.Content{Text: "Grüße"}}
	for deadline := time.Now().Add(20 * time.Second); ; {
		_, err := conn.Send(t.Context(), ch, out)
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		dial, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second) // until it listens
		if err == nil {
			dial.Close()
		}
	}
	if _, err := conn.Send(t.Context(), ch, out); err != nil { // again
		t.Error(err)
	}
	ch.Secrets = map[string]engine.Secret{"secret": oldSecret}
	out.Item = "0192.2"
	_, err = conn.Send(t.Context(), ch, out)
	if failed, ok := err.(*engine.SendError); !ok || failed.Class != engine.SendAuth {
		t.Errorf("another secret: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if got := said.String(); got != "customer-1: Grüße\n" {
		t.Errorf("the receiver said %q", got)
	}
}

// The request of the docs is one that Decode takes.
func TestRequestOfTheDocs(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no " + tool)
		}
	}
	conn := webhook.New(webhook.Config{HTTP: http.DefaultClient})
	var got engine.Decoded
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var err error
		if got, err = conn.Decode(channel(), engine.WebhookRequest{Method: r.Method, Header: r.Header, Body: body, Now: time.Now()}); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer gateway.Close()
	cmd := exec.CommandContext(t.Context(), "bash", "-euc", strings.ReplaceAll(example(t, "sh", "message.created"), "https://YOUR-PUBLIC-URL", gateway.URL))
	cmd.Env = append(os.Environ(), "WEBHOOK_SECRET="+secret)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(got.Inbound) != 1 || got.Inbound[0].From != "customer-1" || got.Inbound[0].Content.Text == "" {
		t.Errorf("%+v", got)
	}
}
