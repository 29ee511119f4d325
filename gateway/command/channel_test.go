package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/connectors/twilio/twiliotest"
)

// A channel of a folder is asked about at its provider, with the variables that are allowed.
func TestChannelCheck(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	t.Cleanup(fake.Close)
	t.Setenv("CHECK_ACCOUNT", twiliotest.DefaultAccountSID)
	t.Setenv("CHECK_TOKEN", twiliotest.DefaultAuthToken)
	dir, data := shop(t, "hello", map[string]string{"hello": greeter}), t.TempDir()
	file := filepath.Join(dir, "brand.yaml")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sms := "channels:\n  sms: {kind: twilio, bot: hello, address: \"+14155550100\", account_sid: \"${CHECK_ACCOUNT}\", auth_token: \"${CHECK_TOKEN}\", api_base: " + fake.URL() + "}"
	if err := os.WriteFile(file, []byte(strings.Replace(string(raw), "channels:", sms, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	do := func(code int, says string, args ...string) {
		t.Helper()
		r := parley(t, append(args, "--brand", dir, "--data", data, "--egress-allow", strings.TrimPrefix(fake.URL(), "http://"))...)
		if r.code != code || !strings.Contains(r.out+r.err, says) || strings.Contains(r.out+r.err, twiliotest.DefaultAuthToken) {
			t.Errorf("parley %s: %d, want %d and %q\n%s%s", strings.Join(args, " "), r.code, code, says, r.out, r.err)
		}
	}
	const public = "--public-url=https://chat.example.com"
	do(2, "CHECK_TOKEN is not allowed here", "channel", "check", public)
	if r := parley(t, "secrets", "allow", dir, "--yes", "--data", data); r.code != 0 {
		t.Fatalf("%s%s", r.out, r.err)
	}
	do(1, "The account has no +14155550100.", "channel", "check", "sms", public)
	fake.Numbers(twiliotest.Number{Address: "+14155550100", SMSURL: "https://chat.example.com/hooks/shop.sms"})
	do(0, "ok       Incoming messages go to this webhook.", "channel", "check", "sms", public)
	do(0, "shop.web (webchat)", "channel", "check", public)
	do(1, "is this machine's own", "channel", "check", "sms")
	do(2, `names no channel: "fax" (there are: shop.sms, shop.web)`, "channel", "check", "fax", public)
}
