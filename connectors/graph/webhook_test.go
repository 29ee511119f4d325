package graph_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"parley/connectors/connectortest"
	"parley/connectors/graph"
	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret = "meta-app-secret-0001"
	// escaped is a body as Meta writes it; its signature was made with openssl.
	escaped   = `{"object":"page","entry":[{"id":"1234567890","time":1459991487970,"messaging":[{"sender":{"id":"5678"},"recipient":{"id":"1234567890"},"timestamp":1459991487970,"message":{"mid":"m_1","text":"caf\u00e9 \ud83d\ude00"}}]}]}`
	signature = "d20c3ce2c25cb19ff07f6ceb898c737841f70c5925058789392714df86b97791"
	// rewritten is the signature of the same document as Go writes it.
	rewritten = "60cdab96ff01d36e8754fe7371b25294eebfe5ead187402ef71719fe3776bff2"
)

func post(body, header string) engine.WebhookRequest {
	req := engine.WebhookRequest{Method: http.MethodPost, URL: connectortest.PublicURL + "/hooks/acme.wa", Header: map[string][]string{}, Body: []byte(body)}
	if header != "" {
		req.Header["X-Hub-Signature-256"] = []string{header}
	}
	return req
}

func TestSignature(t *testing.T) {
	t.Parallel()
	var document any
	if err := json.Unmarshal([]byte(escaped), &document); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	plain := string(again)
	for name, tt := range map[string]struct {
		body, header string
		secrets      []string
		good         bool
	}{
		"signed":                {escaped, "sha256=" + signature, []string{secret}, true},
		"with the old secret":   {escaped, "sha256=" + signature, []string{"another-secret", secret}, true},
		"in capitals":           {escaped, "sha256=" + strings.ToUpper(signature), []string{secret}, true},
		"written again":         {plain, "sha256=" + signature, []string{secret}, false},
		"of what was rewritten": {escaped, "sha256=" + rewritten, []string{secret}, false},
		"rewritten and signed":  {plain, "sha256=" + rewritten, []string{secret}, true},
		"with another secret":   {escaped, "sha256=" + signature, []string{"another-secret"}, false},
		"with no secret":        {escaped, "sha256=" + signature, nil, false},
		"with an empty secret":  {"{}", "sha256=" + emptyKey, []string{""}, false},
		"not signed":            {escaped, "", []string{secret}, false},
		"without its scheme":    {escaped, signature, []string{secret}, false},
		"with SHA-1":            {escaped, "sha1=" + signature[:40], []string{secret}, false},
		"cut":                   {escaped, "sha256=" + signature[:62], []string{secret}, false},
		"no hex":                {escaped, "sha256=" + strings.Repeat("x", 64), []string{secret}, false},
		"one byte more":         {escaped + " ", "sha256=" + signature, []string{secret}, false},
	} {
		body, answer, err := graph.Webhook(post(tt.body, tt.header), "token", tt.secrets...)
		switch {
		case tt.good && (err != nil || string(body) != tt.body || answer.Status != http.StatusOK):
			t.Errorf("%s: %q, %+v, %v", name, body, answer, err)
		case !tt.good && (engine.CodeOf(err) != engine.Unauthenticated || body != nil || answer.Status != 0):
			t.Errorf("%s: %q, %+v, %v; want it refused", name, body, answer, err)
		}
	}
}

// emptyKey is the signature of {} with the key that everybody knows.
const emptyKey = "22f8eea909400af98adf3681a9f31923ef6b7fcba4abb553d92823a3e9d5c25e"

// Two headers leave open which one counts.
func TestTwoSignatures(t *testing.T) {
	t.Parallel()
	req := post(escaped, "sha256="+signature)
	req.Header["X-Hub-Signature-256"] = append(req.Header["X-Hub-Signature-256"], "sha256="+signature)
	if _, _, err := graph.Webhook(req, "token", secret); engine.CodeOf(err) != engine.Unauthenticated {
		t.Errorf("%v, want it refused", err)
	}
}

func TestLargeBody(t *testing.T) {
	t.Parallel()
	if _, _, err := graph.Webhook(post(strings.Repeat(" ", 1<<20+1), ""), "token", secret); engine.CodeOf(err) != engine.TooLarge {
		t.Errorf("%v, want too large", err)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	query := func(mode, token, challenge string) string {
		return url.Values{"hub.mode": {mode}, "hub.verify_token": {token}, "hub.challenge": {challenge}}.Encode()
	}
	for name, tt := range map[string]struct {
		query, token string
		want         string
		err          engine.Code
	}{
		"good":                {query("subscribe", "a-token", "1158201444"), "a-token", "1158201444", ""},
		"as long as may be":   {query("subscribe", "a-token", strings.Repeat("7", 256)), "a-token", strings.Repeat("7", 256), ""},
		"another token":       {query("subscribe", "a-tokem", "1"), "a-token", "", engine.Unauthenticated},
		"half of the token":   {query("subscribe", "a-to", "1"), "a-token", "", engine.Unauthenticated},
		"no token anywhere":   {query("subscribe", "", "1"), "", "", engine.Unauthenticated},
		"two tokens":          {query("subscribe", "a-token", "1") + "&hub.verify_token=x", "a-token", "", engine.Unauthenticated},
		"another mode":        {query("unsubscribe", "a-token", "1"), "a-token", "", engine.Unauthenticated},
		"nothing":             {"", "a-token", "", engine.Unauthenticated},
		"no query":            {"%zz", "a-token", "", engine.Unauthenticated},
		"no challenge":        {query("subscribe", "a-token", ""), "a-token", "", engine.Invalid},
		"a long challenge":    {query("subscribe", "a-token", strings.Repeat("7", 257)), "a-token", "", engine.Invalid},
		"a challenge of HTML": {query("subscribe", "a-token", "<b>\n"), "a-token", "", engine.Invalid},
	} {
		req := engine.WebhookRequest{Method: http.MethodGet, URL: connectortest.PublicURL + "/hooks/acme.wa?" + tt.query}
		body, answer, err := graph.Webhook(req, tt.token, secret)
		if engine.CodeOf(err) != tt.err || body != nil || string(answer.Body) != tt.want {
			t.Errorf("%s: %q, %+v, %v", name, body, answer, err)
		}
		if tt.err == "" && (answer.Status != 200 || !strings.HasPrefix(answer.ContentType, "text/plain")) {
			t.Errorf("%s: %+v", name, answer)
		}
	}
}
