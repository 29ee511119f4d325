package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"parley/connectors/fakes/meta"
	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/app"
)

const pickLua = `return function(chat)
	local colour = chat:ask("Which colour?", { choices = { "Red", "Blue" } })
	chat:say("You took " .. colour.text .. ".")
end
`

// A whole gateway speaks WhatsApp: the handshake, two numbers behind one webhook, a
// consumer without a telephone number, buttons, and what becomes of what was sent.
func TestWhatsApp(t *testing.T) {
	t.Parallel()
	const one, two, secret = "106540352242922", "106540352242999", twiliotest.DefaultAuthToken
	fake := meta.New(meta.Config{AppSecret: secret, Token: secret, VerifyToken: secret})
	t.Cleanup(fake.Close)
	account := fake.WhatsApp("102290129340398", one, two)
	channels := ""
	for name, number := range map[string]string{"one": one, "two": two} {
		channels += fmt.Sprintf("  %s: {kind: whatsapp, bot: pick, address: %q, access_token: \"${FAKE_TOKEN}\", app_secret: \"${FAKE_TOKEN}\", verify_token: \"${FAKE_TOKEN}\", api_base: %q}\n", name, number, fake.URL())
	}
	s := start(t, map[string]string{"data": t.TempDir(), "egress_allow": strings.TrimPrefix(fake.URL(), "http://")}, func(o *app.Options) {
		o.Folder = loaded(t, map[string]string{"brand.yaml": fmt.Sprintf(shopYAML, channels), "bots/pick.lua": pickLua})
	})
	fake.Point(s.url + "/hooks/shop.one")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := fake.Subscribe(ctx); err != nil {
		t.Fatal(err)
	}

	ann := meta.Person{UserID: "US.13491208655302741918", Name: "Ann"}
	account.Say(ann, two, "Hello 😀")
	sent, err := fake.AwaitSent(ctx, 1)
	if err != nil || len(sent) != 1 || sent[0].Node != two || sent[0].To != ann.UserID || sent[0].Text != "Which colour?" {
		t.Fatalf("%+v, %v", sent, err)
	}
	var asked struct {
		Interactive struct {
			Action struct {
				Buttons []struct {
					Reply struct{ ID, Title string }
				}
			}
		}
	}
	if err := json.Unmarshal(sent[0].Body, &asked); err != nil || len(asked.Interactive.Action.Buttons) != 2 {
		t.Fatalf("%s, %v", sent[0].Body, err)
	}
	blue := asked.Interactive.Action.Buttons[1].Reply
	account.From(ann, two, "interactive", map[string]any{"type": "button_reply", "button_reply": map[string]any{"id": blue.ID, "title": blue.Title}})
	if sent, err = fake.AwaitSent(ctx, 2); err != nil || sent[1].Text != "You took Blue." {
		t.Fatalf("%+v, %v", sent, err)
	}
	if err := fake.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	s.eventually("what was sent is read", func() (all bool) {
		s.view(func(tx engine.Tx) error {
			consumer, err := tx.Consumers().ByAddress("shop", "whatsapp", ann.UserID)
			if err != nil {
				return err
			}
			thread, err := tx.Messages().Thread("shop", consumer.ID, "", 10)
			read := 0
			for _, m := range thread {
				if m.Author == engine.AuthorBot && m.State == engine.Read {
					read++
				}
			}
			all = read == 2 && consumer.Name == "Ann"
			return err
		})
		return all
	})
	if n := fake.Refused(); n != 0 {
		t.Errorf("%d webhooks were refused", n)
	}
}
