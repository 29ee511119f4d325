package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

const canaryLua = `local http, log = require "http", require "log"
return function(chat)
  log("canary-botlog")
  chat:say "canary-greeting"
  local answer = chat:ask "canary-question"
  chat:set("fact", answer.text)
  http.get("https://canary-host.example/canary-path")
  chat:note "canary-note"
  local outcome = chat:handoff { summary = "canary-summary", reason = "canary-reason" }
  error("canary-error " .. answer.text)
end
`

// A whole conversation, with all that goes wrong, leaves nothing in the log
// that somebody wrote or that opens a door.
func TestLogsHoldNothingSecret(t *testing.T) {
	t.Parallel()
	s, fake := shop(t, canaryLua, nil)
	password := s.person("ana@shop.example", engine.RoleAdmin)
	const tom = "+14155550101"
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	says := func(text string) {
		t.Helper()
		if reply, err := fake.Inbound(ctx, s.hook("shop.sms"), twiliotest.Inbound{From: tom, To: shopNumber, Body: text}); err != nil || reply.Status != http.StatusOK {
			t.Fatalf("%v, %d %s", err, reply.Status, reply.Body)
		}
	}
	sent := func(n int) {
		t.Helper()
		if got, err := fake.AwaitSentTo(ctx, tom, n); err != nil {
			t.Fatalf("%d of %d messages: %v", len(got), n, err)
		}
	}
	fake.FailNext(1, twiliotest.Fault{Status: http.StatusServiceUnavailable, Message: "canary-provider"})
	says("canary-opening")
	sent(2)
	says("canary-answer")
	sent(3) // "Connecting you to …"
	s.ask(http.MethodPost, "/hooks/shop.sms?canary-query=1", "Body=canary-forged")

	s.signIn("ana@shop.example", "canary-wrong-password")
	if a := s.signIn("ana@shop.example", password); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var conv engine.Conversation
	s.view(func(tx engine.Tx) (err error) {
		conv, err = tx.Conversations().OpenByAddress("shop.sms", tom)
		return err
	})
	if conv.Owner != engine.OwnerQueue || conv.Handoff == nil || conv.Handoff.Summary != "canary-summary" {
		t.Fatalf("the conversation is with %s: %+v", conv.Owner, conv.Handoff)
	}
	must := func(method, path, body string) answer {
		t.Helper()
		a := s.ask(method, "/api/v1"+path, body)
		if a.status/100 != 2 {
			t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
		}
		return a
	}
	id := "/conversations/" + conv.ID
	must(http.MethodPost, id+"/take", fmt.Sprintf(`{"rev":%d}`, conv.Rev))
	cursor := field(t, must(http.MethodGet, id, ""), "cursor")
	must(http.MethodPost, id+"/messages", fmt.Sprintf(`{"client_id":"canary-client-1","text":"canary-reply","after":%q}`, cursor))
	sent(5) // with "You are now talking with …"
	s.ask(http.MethodPost, "/api/v1"+id+"/messages", `{"text":"canary-bad","unknown":"canary-field"}`)
	s.view(func(tx engine.Tx) (err error) {
		conv, err = tx.Conversations().Get("shop", conv.ID)
		return err
	})
	must(http.MethodPost, id+"/return", fmt.Sprintf(`{"rev":%d,"note":"canary-back"}`, conv.Rev))
	s.eventually("the bot fails", func() bool { return strings.Contains(s.log.String(), `msg="bot failed"`) })
	token := field(t, must(http.MethodPost, "/tokens", `{"name":"canary-name","role":"admin"}`), "secret")
	s.ask(http.MethodGet, "/metrics", "", "Authorization", "Bearer "+token, "Via", "x")
	v := s.visitor()
	v.says("canary-visitor")
	s.ask(http.MethodGet, "/chat/shop.web/messages", "", "Authorization", "Bearer "+v.token+"x")

	address, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{"canary", password, fake.AuthToken(), token, v.token, tom}
	for _, c := range s.client.Jar.Cookies(address) {
		secrets = append(secrets, c.Value)
	}
	if len(secrets) != 7 {
		t.Errorf("there are %d secrets to look for", len(secrets))
	}
	s.stop()
	logged := s.log.String() + s.out.String()
	for _, secret := range secrets {
		for _, row := range strings.Split(logged, "\n") {
			if strings.Contains(row, secret) {
				t.Errorf("%q is in the log: %s", secret, row)
			}
		}
	}
	if !strings.Contains(logged, conv.ID) {
		t.Errorf("nothing about the conversation was logged:\n%s", logged)
	}
}
