package app_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/app"
)

// writings are ways to write ${NAME} in YAML, and ways that only look like it.
func writings() []string {
	return []string{
		`${%s}`, `"${%s}"`, `'${%s}'`, `"\x24{%s}"`, `"\u0024{%s}"`, `"\U00000024{%s}"`, `"$\x7b%s}"`, `"$\u007B%s\u007D"`,
		"|\n%[2]s${%[1]s}", ">-\n%[2]s${%[1]s}", "|-\n%[2]s$\\x7b%[1]s}", "\"$\\\n%[2]s{%[1]s}\"", `!!str "${%s}"`, `&a "${%s}"`, `["${%s}"]`, `["x", "${%s}"]`,
		`"a${%s}"`, `"${%s}b"`, `"$${%s}"`, `"\\${%s}"`, `$%s`, `"${${%s}}"`, `"${%s:-x}"`, `"${ %s }"`, `"{%s}"`, `"%%{%s}"`, `"{{%s}}"`,
	}
}

// places are lines of a brand.yaml that a reference may be put into.
func places(fake *twiliotest.Server) map[string]string {
	sms := fmt.Sprintf("  sms:\n    kind: twilio\n    bot: hello\n    account_sid: %s\n    api_base: %q\n", fake.AccountSID(), fake.URL())
	number, key := "    address: \""+shopNumber+"\"\n", "    auth_token: ${CANARY_TOKEN}\n"
	elsewhere := strings.Replace(sms, fake.URL(), "https://evil.example", 1)
	return map[string]string{
		"address":         sms + key + "    address: %s\n",
		"name":            sms + number + key + "    name: %s\n",
		"bot":             strings.Replace(sms, "bot: hello", "bot: %s", 1) + number + key,
		"account":         strings.Replace(sms, "account_sid: ", "api_key_sid: ", 1) + number + key + "    account_sid: %s\n",
		"service":         sms + key + "    messaging_service_sid: %s\n",
		"token":           sms + number + "    auth_token: %s\n",
		"old token":       sms + number + key + "    auth_token_old: %s\n",
		"elsewhere":       elsewhere + number + "    auth_token: %s\n",
		"base":            strings.Replace(sms, "api_base: ", "mms: ", 1) + number + key + "    api_base: %s\n",
		"optional":        sms + number + "    optional: true\n    auth_token: %s\n",
		"origins":         sms + number + key + "  two:\n    kind: webchat\n    bot: hello\n    allowed_origins: %s\n",
		"secret":          sms + number + key + "http:\n  hosts: [a.example]\n  secrets:\n    CRM:\n      hosts: [a.example]\n      value: %s\n",
		"secret host":     sms + number + key + "http:\n  secrets:\n    CRM:\n      value: ${CANARY_TOKEN}\n      hosts: %s\n",
		"hosts":           sms + number + key + "http:\n  hosts: %s\n",
		"text":            sms + number + key + "texts:\n  connecting: %s\n",
		"colour":          sms + number + key + "color: %s\n",
		"bot name":        sms + number + key + "bot_name: %s\n",
		"pattern":         sms + number + key + "patterns:\n  p: %s\n",
		"an unknown key":  sms + number + key + "x: %s\n",
		"a key":           sms + number + key + "  %s: {kind: webchat, bot: hello}\n",
		"a comment":       sms + number + key + "# %s\n",
		"an escape word":  sms + number + key + "gather: %s\n",
		"an optional key": sms + number + key + "    optional: %s\n",
	}
}

// operation is one method of the contract's paths.
type operation struct{ method, path string }

func operations(t *testing.T) (out []operation) {
	t.Helper()
	raw, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(raw, &spec); err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(spec.Paths[path])) {
			if method = strings.ToUpper(method); slices.Contains([]string{"GET", "PUT", "POST", "DELETE"}, method) {
				out = append(out, operation{method, path})
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d operations", len(out))
	}
	return out
}

// Whatever a version says, no route answers, no event, log, export or database
// holds a value of the server's environment, not even those that the brand may use.
func TestNobodyReadsTheEnvironment(t *testing.T) {
	const hidden, allowed = "canary-7f3a91c5e2", twiliotest.DefaultAuthToken
	fake := newFake(t, twiliotest.Config{})
	t.Setenv("CANARY_TOKEN", allowed)
	t.Setenv("CANARY_HIDDEN", hidden)
	t.Setenv("CANARY_NUMBER", "+14155550177")
	web := "channels:\n  web: {kind: webchat, bot: hello}\n"
	whole, _, _ := strings.Cut(shopYAML, "channels:")
	base := whole + web + strings.Replace(places(fake)["token"], "%s", "${CANARY_TOKEN}", 1)
	files := map[string]string{"brand.yaml": base, "bots/hello.lua": "return function(chat)\n\tchat:say [[${CANARY_HIDDEN}]]\n\tchat:ask \"$\\123CANARY_TOKEN}\"\nend\n"}
	data := t.TempDir()
	s := start(t, map[string]string{"data": data, "brand": brandDir(t, files), "egress_allow": strings.TrimPrefix(fake.URL(), "http://")})
	if printed := s.out.String(); !strings.Contains(printed, "CANARY_TOKEN as channels.sms.auth_token, sent to "+strings.TrimPrefix(fake.URL(), "http://")) {
		t.Errorf("the start does not say what it allows: %s", printed)
	}

	// What is allowed does work: the provider accepts a message.
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	const tom = "+14155550101"
	if reply, err := fake.Inbound(ctx, s.hook("shop.sms"), twiliotest.Inbound{From: tom, To: shopNumber, Body: "hi"}); err != nil || reply.Status != http.StatusOK {
		t.Fatalf("%v, %+v", err, reply)
	}
	if got, err := fake.AwaitSentTo(ctx, tom, 2); err != nil {
		t.Fatalf("%d messages: %v", len(got), err)
	}
	v := s.visitor()
	v.says("hi")
	if a := s.signIn("ada@shop.example", s.person("ada@shop.example", engine.RoleAdmin)); a.status != http.StatusOK {
		t.Fatal(a.body)
	}

	var kept []byte
	statuses := map[int]int{}
	look := func(t interface {
		Helper()
		Errorf(string, ...any)
	}, what, text string) {
		t.Helper()
		for _, secret := range []string{hidden, allowed} {
			for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret)), hex.EncodeToString([]byte(secret)), url.QueryEscape(secret)} {
				if i := strings.Index(text, form); i >= 0 {
					t.Errorf("%s holds a value of the environment: …%s", what, text[max(0, i-120):i+len(form)])
				}
			}
		}
	}
	call := func(t interface {
		Helper()
		Errorf(string, ...any)
	}, method, path string, body any) answer {
		t.Helper()
		text := ""
		if body != nil {
			raw, err := json.Marshal(body)
			if err != nil {
				t.Errorf("%v", err)
			}
			text = string(raw)
		}
		a := s.ask(method, "/api/v1"+path, text)
		statuses[a.status]++
		look(t, method+" "+path, a.body+fmt.Sprint(a.header))
		if strings.Contains(a.body, "+14155550177") {
			t.Errorf("%s %s shows a number that nobody allowed", method, path)
		}
		return a
	}

	tried, stored := 0, 0
	names := slices.Sorted(maps.Keys(places(fake)))
	try := func(t interface {
		Helper()
		Errorf(string, ...any)
	}, place, writing, variable string) {
		tried++
		text := strings.Replace(places(fake)[place], "%s", fmt.Sprintf(strings.Replace(writing, "%s", "%[1]s", 1), variable, "        "), 1)
		text, _, _ = strings.Cut(text, "%!(EXTRA")
		their := maps.Clone(files)
		their["brand.yaml"] = whole + web + text
		f := map[string]any{"files": their}
		for _, path := range []string{"/bots/check", "/bots/test", "/bots/replay", "/bots/blast"} {
			call(t, "POST", path, f)
		}
		call(t, "POST", "/bots/simulate", map[string]any{"files": their, "inputs": []any{}, "channel": "shop.sms"})
		a := call(t, "POST", "/versions", f)
		var pushed struct {
			Version  string
			Stored   bool
			Problems []struct{ Message string }
		}
		if err := json.Unmarshal([]byte(a.body), &pushed); err != nil {
			return // refused as a whole
		}
		if !pushed.Stored {
			return
		}
		stored++
		for _, path := range []string{"/blast", "/activate", "/try"} {
			call(t, "POST", "/versions/"+pushed.Version+path, map[string]any{})
		}
		call(t, "GET", "/versions/"+pushed.Version, nil)
		call(t, "GET", "/versions/"+pushed.Version+"/diff", nil)
	}
	for _, place := range names { // each place at least once, as plain as can be
		try(t, place, `"${%s}"`, "CANARY_HIDDEN")
	}
	more := 40 // each plays the whole of a version's life
	rapid.Check(t, func(t *rapid.T) {
		if more--; more < 0 {
			return
		}
		try(t, rapid.SampledFrom(names).Draw(t, "place"), rapid.SampledFrom(writings()).Draw(t, "writing"),
			rapid.SampledFrom([]string{"CANARY_HIDDEN", "CANARY_HIDDEN", "CANARY_TOKEN", "CANARY_NUMBER", "PATH"}).Draw(t, "variable"))
	})
	t.Logf("%d versions were tried and %d stored; answers by status: %v", tried, stored, statuses)
	if tried < len(names)+10 || stored == 0 {
		t.Errorf("%d versions were tried and %d stored", tried, stored)
	}

	// Every operation, on a conversation that is there and on whatever was stored.
	var conv engine.Conversation
	s.view(func(tx engine.Tx) (err error) {
		conv, err = tx.Conversations().OpenByAddress("shop.sms", tom)
		return err
	})
	for _, op := range operations(t) {
		if op.path == "/session" && op.method == "DELETE" {
			continue // the last thing to do
		}
		path := strings.NewReplacer("{id}", conv.ID, "{version}", "active", "{message}", "x").Replace(op.path)
		var body any
		if op.method == "POST" || op.method == "PUT" {
			body = map[string]any{"files": files, "rev": conv.Rev, "version": "active", "share": 5, "note": "${CANARY_HIDDEN}"}
		}
		call(t, op.method, path, body)
		call(t, op.method, path, nil)
	}
	call(t, "GET", "/events?after=0", nil)
	for _, path := range []string{"/", "/inbox", "/chat/shop.web", "/widget.js", "/healthz", "/readyz", "/metrics", "/welcome"} {
		look(t, path, s.ask("GET", path, "").body)
	}
	s.view(func(tx engine.Tx) error {
		events, err := tx.Events().List(engine.EventFilter{Brand: "shop", Limit: 1000})
		for _, e := range events {
			look(t, "the event "+string(e.Kind), string(e.Data))
		}
		return err
	})
	s.stop()
	look(t, "the log", s.log.String())
	look(t, "what was printed", s.out.String())
	err := filepath.WalkDir(data, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if kept, err = os.ReadFile(name); err == nil {
			look(t, name, string(kept))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A folder that changes while it is served, or names more at a later start,
// gets nothing that nobody allowed.
func TestAFolderThatWantsMore(t *testing.T) {
	fake := newFake(t, twiliotest.Config{})
	t.Setenv("CANARY_TOKEN", twiliotest.DefaultAuthToken)
	t.Setenv("CANARY_MORE", "canary-more")
	whole, _, _ := strings.Cut(shopYAML, "channels:")
	base := whole + "channels:\n  web: {kind: webchat, bot: hello}\n" + strings.Replace(places(fake)["token"], "%s", "${CANARY_TOKEN}", 1)
	dir := brandDir(t, map[string]string{"brand.yaml": base, "bots/hello.lua": helloLua})
	settings := map[string]string{"data": t.TempDir(), "brand": dir}
	s := start(t, settings)
	more := base + "    auth_token_old: ${CANARY_MORE}\n"
	put(t, dir, "brand.yaml", more)
	const refusal = "channels.sms.auth_token_old: the variable CANARY_MORE is not allowed here to be sent to"
	s.eventually("the change is refused", func() bool { return strings.Contains(s.out.String(), refusal) })
	if !strings.Contains(s.out.String(), "the version before stays active") {
		t.Errorf("printed: %s", s.out)
	}
	s.stop()

	opt, out, _ := options(t, settings)
	if _, err := app.New(t.Context(), opt); err == nil || !strings.Contains(out.String(), refusal) {
		t.Errorf("a later start: %v, %s", err, out)
	}
	asked := 0
	s = start(t, settings, func(o *app.Options) {
		o.Ask = func(brand string, refs []engine.Reference) bool {
			asked++
			return brand == "shop" && len(refs) == 1 && refs[0].Variable == "CANARY_MORE"
		}
	})
	s.stop()
	start(t, settings).stop() // now it is allowed
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}
