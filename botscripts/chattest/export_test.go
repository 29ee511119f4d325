package chattest_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/engine"
	"parley/engine/simulate"
	"parley/storage/memory"
)

// real plays a conversation with real-looking personal data.
func real(t *testing.T, b brandfolder.Brand, http func(engine.HTTPRequest) (simulate.Reply, bool), inputs ...simulate.Input) *simulate.Simulation {
	t.Helper()
	cfg := simulate.Config{
		Stage: stage(), Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle, HTTP: http,
		Channel: b.Channels[slices.IndexFunc(b.Channels, func(c engine.Channel) bool { return c.Kind == "webchat" })],
		Start:   time.Date(2026, 11, 20, 13, 30, 0, 0, time.UTC), Seed: 99, Address: "v-7f3a",
		Consumer: engine.Consumer{ID: "c-1", Name: "Margarethe Öztürk", Attributes: map[string]string{"tier": "gold", "mail": "margarethe@oeztuerk.example"}},
	}
	s, err := simulate.Replay(cfg, inputs)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writes(text string) simulate.Input {
	return simulate.Input{Kind: simulate.InputMessage, Content: &engine.Content{Text: text}}
}

func passes(seconds float64) simulate.Input {
	return simulate.Input{Kind: simulate.InputAdvance, Seconds: seconds}
}

func stage() simulate.Stage {
	return simulate.Stage{Runtime: chattest.NewRuntime(nil), Store: memory.New}
}

func export(t *testing.T, s *simulate.Simulation, b brandfolder.Brand) (chattest.Exported, string) {
	t.Helper()
	rec, ok := s.Recording()
	if !ok {
		t.Fatal("no recording")
	}
	x, err := chattest.Export(t.Context(), rec, b, stage())
	if err != nil {
		t.Fatal(err)
	}
	if x.Failure != nil {
		t.Errorf("what was exported does not pass: %s", x.Failure)
	}
	return x, chattest.Format(x.Test)
}

// TestExport holds a written test as a golden file, and that nothing personal is in it.
func TestExport(t *testing.T) {
	t.Parallel()
	b := brand(t)
	s := real(t, b, func(q engine.HTTPRequest) (simulate.Reply, bool) {
		return simulate.Reply{HTTPResponse: engine.HTTPResponse{Status: 404, Body: `{"error":"no order 48213 of Margarethe Öztürk, +49 170 1234567"}`}}, true
	},
		writes("hi"), passes(20), writes("Margarethe here, where is my order 48213? mail me at M.Oeztuerk@web.example"), passes(30),
		simulate.Input{Kind: simulate.InputMessage, Content: &engine.Content{Text: "Ask a colleague", Picked: &engine.Choice{ID: "person", Label: "Ask a colleague"}}},
		passes(900), simulate.Input{Kind: simulate.InputSay, Agent: "Ana Lima", Text: "Hello Margarethe, I look for 48213."}, writes("thanks, call me: 0170 1234567"),
		simulate.Input{Kind: simulate.InputClose, Agent: "Ana Lima", Outcome: &engine.HandoffOutcome{Outcome: "solved", Summary: "Frau Öztürk has order 48214, Hauptstraße 12"}},
		passes(40), writes("5"),
	)
	x, got := export(t, s, b)
	for _, secret := range []string{"Margarethe", "Öztürk", "48213", "48214", "1234567", "eztuerk", "Hauptstra", "Ana Lima", "v-7f3a"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is in it", secret)
		}
	}
	got += strings.Join(x.Notes, "\n")
	const file = "testdata/export.chat"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestExportHoldsWhatCameFromOutside plays bots with everything that a test must
// begin with, and sees that the exported tests pass.
func TestExportHoldsWhatCameFromOutside(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lua    string
		inputs []simulate.Input
		want   []string
	}{
		"chance and the clock": {
			`return function(chat) chat:say(math.random(1000000) .. os.date " %H:%M") chat:ask "?" chat:say(math.random(9) .. "") chat:ask "!" end`,
			[]simulate.Input{writes("a"), writes("b")}, []string{"seed ", "at 2026-11-20 14:30:00"},
		},
		"who it is": {
			`return function(chat) chat:say("Hello " .. (consumer.name or "") .. consumer.attributes.mail .. consumer.attributes.tier) chat:ask "?" end`,
			[]simulate.Input{writes("a")}, []string{`tier=gold`, "@mail.example"},
		},
		"the same call answered twice": {
			`local http = require "http" return function(chat) for i = 1, 3 do chat:say(http.get("https://a.example/x").body) end chat:ask "?" end`,
			[]simulate.Input{writes("a")}, []string{"→ 200 1\n", "→ 200 2\n", "→ 200 3\n"},
		},
		"pauses and silence": {
			`return function(chat) chat:wait(20) chat:say "a" local r = chat:ask("?", { timeout = 3600 }) chat:say(r.timed_out and "gone" or r.text) chat:close("x y", "z") end`,
			[]simulate.Input{writes("a"), passes(30), passes(7200)}, []string{"~ ", `= closed "x y"`},
		},
		"a failure": {
			`return function(chat) chat:ask "?" error "broken: *" end`,
			[]simulate.Input{writes("a"), writes("b")}, []string{`= failed broken: \*`},
		},
		"odd texts": {
			"return function(chat) chat:say 'a [b] (image) \\\\ *\\n| c' local x = chat:ask '[x]' chat:say(x.text) chat:ask '  ?' end",
			[]simulate.Input{writes("> [a] (image)"), writes("# |\n| [x]")}, nil,
		},
		"given back": {
			`return function(chat) local o = chat:handoff { skill = "care", facts = { ["what it is"] = "a * b" } } chat:say(o.note or "") chat:ask "?" end`,
			[]simulate.Input{writes("a"), {Kind: simulate.InputReturn, Agent: "Bo", Outcome: &engine.HandoffOutcome{Note: "a\nnote"}}},
			[]string{"agent Agent1 returns", `"fact.what it is"="a \* b"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(map[string]string{"bots/main.lua": c.lua})
			n := 0
			s := real(t, b, func(engine.HTTPRequest) (simulate.Reply, bool) {
				n++
				return simulate.Reply{HTTPResponse: engine.HTTPResponse{Status: 200, Body: string(rune('0' + n))}}, true
			}, c.inputs...)
			x, got := export(t, s, b)
			if len(x.Notes) > 0 && name != "who it is" {
				t.Errorf("notes: %v", x.Notes)
			}
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in:\n%s", want, got)
				}
			}
		})
	}
}

// What was counted of an answer becomes a line.
func TestExportFeedback(t *testing.T) {
	t.Parallel()
	b := small(map[string]string{"faq/shop.md": "## When are you open? *\n\nFrom nine to five.\n", "bots/main.lua": `local faq = require "faq"
return function(chat)
  faq.feedback(faq.search(chat.opening.text), chat:confirm "Did that help?")
  chat:ask "What else?"
end`})
	_, got := export(t, real(t, b, nil, writes("when are you open"), writes("no")), b)
	if !strings.Contains(got, "\n= unhelped When are you open? \\*\n< What else?\n") {
		t.Error(got)
	}
}

// TestExportKeepsKinds plays a bot that checks what it is given: the exported
// test takes the same way, with nothing personal in it.
func TestExportKeepsKinds(t *testing.T) {
	t.Parallel()
	lua := `local http, json = require "http", require "json"
return function(chat)
  chat:say "Hello, I am Ava."
  local name = chat:ask "What is your name?"
  chat:set("customer_name", name.text)
  local phone = chat:ask("Your number?", { kind = "phone" })
  chat:say("I will call " .. tostring(phone.value or phone.text))
  local card = chat:ask "Your card?"
  local digits = card.text:gsub("%D", "")
  local sum, double = 0, false
  for i = #digits, 1, -1 do
    local d = tonumber(digits:sub(i, i))
    if double then d = d * 2 if d > 9 then d = d - 9 end end
    sum, double = sum + d, not double
  end
  chat:say(sum % 10 == 0 and "The card is right." or "The card is wrong.")
  local iban = chat:ask "Your account?"
  local plain = iban.text:gsub("%s", ""):upper()
  local moved, rest = plain:sub(5) .. plain:sub(1, 4), 0
  for i = 1, #moved do
    local c = moved:sub(i, i)
    local v = tonumber(c) or (c:byte() - 55)
    rest = (rest * (v > 9 and 100 or 10) + v) % 97
  end
  chat:say(rest == 1 and "The account is right." or "The account is wrong.")
  local found = http.get("https://crm.example/people?name=" .. name.text:gsub(" ", "%%20") .. "&card=" .. digits .. "&mail=a%40shop.example")
  chat:say("Found " .. found.json.person.full_name .. " with " .. found.json.iban .. " and " .. found.json.phone)
  chat:set("order", chat:ask("Your order?").text)
  chat:handoff { skill = "care", facts = { card = card.text, ["full name"] = name.text } }
end`
	for name, c := range map[string]struct{ who, phone, card, account string }{
		"right": {"Erika Mustermann", "+49 170 1234567", "4012 8888 8888 1881", "DE89 3704 0044 0532 0130 00"},
		"wrong": {"erika mustermann", "+49 170 1234567 ", "4012-8888-8888-1882", "DE88 3704 0044 0532 0130 00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := small(map[string]string{"bots/main.lua": lua})
			b.Brand.Settings.HTTPHosts = append(b.Brand.Settings.HTTPHosts, "crm.example")
			s := real(t, b, func(engine.HTTPRequest) (simulate.Reply, bool) {
				return simulate.Reply{HTTPResponse: engine.HTTPResponse{Status: 200, Body: `{"person":{"full_name":"Erika Mustermann"},"iban":"DE89370400440532013000","phone":"0170/1234567","cards":["4012888888881881"]}`}}, true
			}, writes("hi"), writes(c.who), writes(c.phone), writes(c.card), writes(c.account), writes("order 48213 please, card 4012888888881881, yours Mustermann, ERIKA@home.example"))
			x, got := export(t, s, b)
			if len(x.Notes) > 0 {
				t.Errorf("notes: %q", x.Notes)
			}
			for _, secret := range []string{"Erika", "erika", "ustermann", "1234567", "8888", "3704", "0044", "0532", "48213", "erika@"} {
				if strings.Contains(got, secret) {
					t.Errorf("%q is in it:\n%s", secret, got)
				}
			}
			if want := "The card is " + name + "."; !strings.Contains(got, want) || !strings.Contains(got, "The account is "+name+".") {
				t.Errorf("%q is missing:\n%s", want, got)
			}
		})
	}
}
