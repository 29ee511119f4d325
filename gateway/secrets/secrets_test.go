package secrets_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/botscripts/brandfolder"
	"parley/connectors"
	"parley/engine"
	"parley/engine/catalog"
	"parley/gateway/secrets"
)

const value = "canary-value-of-the-environment"

func env(name string) (string, bool) { return value, name != "UNSET" }

func open(t testing.TB, dir, file string) *secrets.Vault {
	t.Helper()
	v, err := secrets.Open(secrets.Config{Dir: dir, File: file, Env: env, Kinds: connectors.Kinds(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func token(host string) engine.Reference {
	return engine.Reference{Brand: "shop", Field: "channels.sms.auth_token", Variable: "TOKEN", Hosts: []string{host}}
}

func brand(t testing.TB, channel, http string) brandfolder.Brand {
	t.Helper()
	b, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: brandfolder.Assumed}.Load(fstest.MapFS{
		"bots/main.lua": {Data: []byte("return function() end")},
		"brand.yaml":    {Data: []byte("id: shop\nname: Shop\ntime_zone: UTC\nlanguages: [en]\ndefault_skill: care\nskills: {care: {}}\n" + http + "channels:\n  sms: " + channel + "\n")},
	})
	if len(problems) > 0 && !strings.Contains(channel, "api_base") { // what nobody may push is not filled either
		t.Fatal(problems)
	}
	return b
}

const sms = `{kind: twilio, bot: main, address: "+14155550100", account_sid: AC00000000000000000000000000000001, auth_token: "${TOKEN}"%}`

func smsWith(more string) string { return strings.Replace(sms, "%", more, 1) }

// filled is what the senders get of the brand.
func filled(v *secrets.Vault, b brandfolder.Brand) catalog.Entry {
	return v.Fill(catalog.Entry{Brand: b.Brand, Channels: b.Channels})
}

func TestOnlyWhatIsAllowedIsFilled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		allowed engine.Reference
		channel string
		want    string
	}{
		{"nothing", engine.Reference{}, smsWith(""), ""},
		{"the same", token("api.twilio.com"), smsWith(""), value},
		{"another brand", engine.Reference{Brand: "other", Field: "channels.sms.auth_token", Variable: "TOKEN", Hosts: []string{"api.twilio.com"}}, smsWith(""), ""},
		{"another field", engine.Reference{Brand: "shop", Field: "channels.sms.account_sid", Variable: "TOKEN", Hosts: []string{"api.twilio.com"}}, smsWith(""), ""},
		{"another variable", engine.Reference{Brand: "shop", Field: "channels.sms.auth_token", Variable: "OTHER", Hosts: []string{"api.twilio.com"}}, smsWith(""), ""},
		{"another host", token("api.twilio.com"), smsWith(`, api_base: "https://evil.example"`), ""},
		{"a host that begins alike", token("api.twilio.com"), smsWith(`, api_base: "https://api.twilio.com.evil.example"`), ""},
		{"a host behind a user", token("api.twilio.com"), smsWith(`, api_base: "https://api.twilio.com@evil.example"`), ""},
		{"another port", token("api.twilio.com"), smsWith(`, api_base: "https://api.twilio.com:8443"`), ""},
		{"the usual port", token("api.twilio.com"), smsWith(`, api_base: "https://API.twilio.com:443/v2"`), value},
		{"an address that is none", token("api.twilio.com"), smsWith(`, api_base: "https://[api.twilio.com"`), ""},
		{"a host that is a variable", token("${BASE}"), smsWith(`, api_base: "${BASE}"`), value},
		{"a host that became a variable", token("api.twilio.com"), smsWith(`, api_base: "${BASE}"`), ""},
		{"written otherwise", token("api.twilio.com"), strings.Replace(smsWith(""), `"${TOKEN}"`, `"\x24{TOKEN}"`, 1), value},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := open(t, t.TempDir(), "")
			if tt.allowed.Brand != "" {
				if err := v.Allow(t.Context(), []engine.Reference{tt.allowed}); err != nil {
					t.Fatal(err)
				}
			}
			b := brand(t, tt.channel, "")
			e := filled(v, b)
			if got := e.Channels[0].Secrets["auth_token"].Reveal(); got != tt.want {
				t.Errorf("the connector gets %q, want %q", got, tt.want)
			}
			if b.Channels[0].Secrets["auth_token"] != "${TOKEN}" {
				t.Error("the brand itself was changed")
			}
			if strings.HasPrefix(b.Channels[0].Config["api_base"], "${") && e.Channels[0].Config["api_base"] != "${BASE}" {
				t.Error("an api_base that is not allowed must not become the connector's own")
			}
			_, problems := v.Admit(b)
			if refused := strings.Contains(join(problems), "channels.sms.auth_token: the variable TOKEN is not allowed here"); refused == (tt.want != "") {
				t.Errorf("the problems are %v", problems)
			}
			if strings.Contains(join(problems), value) {
				t.Errorf("a problem holds the value: %v", problems)
			}
		})
	}
}

func join(problems []brandfolder.Problem) string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func TestSecretsOfCalls(t *testing.T) {
	t.Parallel()
	const http = "http:\n  secrets:\n    CRM: {value: \"${CRM_TOKEN}\", hosts: [%]}\n"
	v := open(t, t.TempDir(), "")
	allowed := engine.Reference{Brand: "shop", Field: "http.secrets.CRM.value", Variable: "CRM_TOKEN", Hosts: []string{"a.example", "b.example"}}
	if err := v.Allow(t.Context(), []engine.Reference{allowed}); err != nil {
		t.Fatal(err)
	}
	for hosts, want := range map[string]string{
		"a.example": value, "b.example, A.example": value, "a.example, evil.example": "", "\"*.shop.example\"": "", "\"a.example:8443\"": "",
	} {
		b := brand(t, smsWith(""), strings.Replace(http, "%", hosts, 1))
		if got := filled(v, b).Brand.Secrets["CRM"].Value.Reveal(); got != want {
			t.Errorf("%s: the value is %q, want %q", hosts, got, want)
		}
	}
}

func TestOptionalChannelsAreLeftOut(t *testing.T) {
	t.Parallel()
	v := open(t, t.TempDir(), "")
	b := brand(t, smsWith(", optional: true"), "")
	if got, problems := v.Admit(b); len(got.Channels) != 0 || len(problems) != 0 || len(v.Refused(b)) != 1 {
		t.Errorf("not allowed: %v, %v", got.Channels, problems)
	}
	v.Grant([]engine.Reference{token("api.twilio.com")})
	if got, problems := v.Admit(b); len(got.Channels) != 1 || len(problems) != 0 {
		t.Errorf("allowed: %v, %v", got.Channels, problems)
	}
	unset := brand(t, strings.Replace(smsWith(""), "${TOKEN}", "${UNSET}", 1), "")
	r := token("api.twilio.com")
	r.Variable = "UNSET"
	v.Grant([]engine.Reference{r})
	if _, problems := v.Admit(unset); join(problems) != "brand.yaml:8: channels.sms.auth_token: the environment variable UNSET is not set" {
		t.Errorf("not set: %v", problems)
	}
}

// What one process allows or revokes, the other one that runs sees at once.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server, tool := open(t, dir, ""), open(t, dir, "")
	b := brand(t, smsWith(""), "")
	has := func() bool { return filled(server, b).Channels[0].Secrets["auth_token"] != "" }
	if has() {
		t.Error("nothing was allowed")
	}
	if err := tool.Allow(t.Context(), []engine.Reference{token("api.twilio.com"), token("b.example")}); err != nil || !has() {
		t.Errorf("allowed: %t, %v", has(), err)
	}
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(filepath.Join(dir, secrets.File)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file is %v, %v", info.Mode(), err)
		}
	}
	gone, err := tool.Revoke(t.Context(), secrets.Filter{Host: "api.twilio.com"})
	if err != nil || has() {
		t.Errorf("revoked: %t, %v", has(), err)
	}
	if diff := cmp.Diff(secrets.List{token("api.twilio.com")}, gone); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(secrets.List{token("b.example")}, server.List()); diff != "" {
		t.Error(diff)
	}
	// Many at once: none is lost.
	var group sync.WaitGroup
	for _, host := range strings.Fields("c d e f g h i j k l") {
		group.Go(func() {
			if err := open(t, dir, "").Allow(context.Background(), []engine.Reference{token(host)}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := server.List(); len(got) != 1 || len(got[0].Hosts) != 11 {
		t.Errorf("the list is %v", got)
	}
	// A list that cannot be read any more allows nothing.
	if err := os.WriteFile(filepath.Join(dir, secrets.File), []byte("- {brand: shop"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := server.List(); len(got) != 0 {
		t.Errorf("a damaged list gives %v", got)
	}
	if err := tool.Allow(t.Context(), []engine.Reference{token("x")}); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("a damaged list is replaced: %v", err)
	}
}

func TestAListOfTheOperator(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "allowed.yaml")
	text := "# ours\n- brand: shop\n  field: channels.sms.auth_token\n  variable: TOKEN\n  hosts: [API.twilio.com]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	v := open(t, t.TempDir(), file)
	if !v.Listed() || !v.List().Covers(token("api.twilio.com")) {
		t.Errorf("the list is %v", v.List())
	}
	for _, bad := range []string{"shop: TOKEN", "- {brand: shop, field: x}", "- {brand: shop, field: x, variable: \"A B\"}", "- {brand: shop, field: x, variable: A, value: y}", "- &a {brand: b}\n- *a", "["} {
		if list, err := secrets.Parse("f", []byte(bad)); err == nil {
			t.Errorf("%q gives %v", bad, list)
		}
	}
	if _, err := secrets.Open(secrets.Config{Dir: t.TempDir(), File: "nowhere.yaml", Env: env}); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("no such file: %v", err)
	}
}

func TestAListIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z][a-z0-9_.:*#'"-]{0,12}`)
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) engine.Reference {
			return engine.Reference{Brand: word.Draw(t, "brand"), Field: word.Draw(t, "field"), Variable: rapid.StringMatching(`[A-Z_][A-Z0-9_]{0,8}`).Draw(t, "variable"),
				Hosts: rapid.SliceOfN(word, 0, 3).Draw(t, "hosts")}
		}), 0, 5).Draw(t, "list")
		data, err := secrets.List(list).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		got, err := secrets.Parse("f", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		for _, r := range list {
			if !got.Covers(r) {
				t.Fatalf("%+v is lost in %s", r, data)
			}
		}
		again, err := got.Bytes()
		if second, serr := secrets.Parse("f", again); err != nil || serr != nil || !cmp.Equal(got, second) {
			t.Fatalf("%v %v\n%s", err, serr, again)
		}
	})
}

func TestATurnOfTheLogHoldsNoValue(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	v, err := secrets.Open(secrets.Config{Dir: t.TempDir(), Env: env, Kinds: connectors.Kinds(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	b := brand(t, smsWith(""), "")
	filled(v, b)
	filled(v, b)
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "variable=TOKEN") || strings.Contains(got, value) {
		t.Errorf("the log is %s", got)
	}
}

// A secret that was made with echo ends with the end of its line, which is no part of it; anything else of a value is.
func TestLineEndOfAValue(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"abc\n": "abc", "abc\r\n": "abc", "abc": "abc", " a b ": " a b ", "a\nb\n": "a\nb", "\n": "", "a${TOKEN}$": "a${TOKEN}$",
	} {
		v, err := secrets.Open(secrets.Config{
			Dir: t.TempDir(), Env: func(string) (string, bool) { return given, true }, Kinds: connectors.Kinds(), Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Allow(context.Background(), []engine.Reference{token("api.twilio.com")}); err != nil {
			t.Fatal(err)
		}
		if got := filled(v, brand(t, smsWith(""), "")).Channels[0].Secrets["auth_token"].Reveal(); got != want {
			t.Errorf("%q is filled in as %q, want %q", given, got, want)
		}
	}
}
