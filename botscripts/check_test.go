package botscripts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func checked(files map[string]string) []string {
	var out []string
	for _, p := range New(Config{Limits: testLimits()}).Check(engine.Bundle{Files: files}) {
		out = append(out, p.String())
	}
	return out
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const good = "return function(chat) chat:say 'hi' end"
	cases := []struct {
		name  string
		files map[string]string
		want  []string // a part of each problem, in order
	}{
		{"good", script(good), nil},
		{"table", script("return { run = function(chat) end, closed = function(chat, o) chat:note(o.outcome or '') end }"), nil},
		{"no bot", map[string]string{"lib/a.lua": "return 1"}, []string{"the brand has no bot"}},
		{"syntax", script("return function(chat\nchat:say 'hi' end"), []string{"bots/main.lua:2: "}},
		{"returns nothing", script("local x = 1"), []string{"bots/main.lua: a bot file must return"}},
		{"returns a number", script("return 7"), []string{"a bot file must return"}},
		{"fails while loading", script("local t = nil\nlocal x = t.y\nreturn function() end"), []string{"bots/main.lua:2: "}},
		{"host call while loading", script("local now = os.time()\nreturn function() return now end"), nil},
		{"unknown global", script("return function(chat)\n  chat:say(tostrin(1))\nend"), []string{`bots/main.lua:2: "tostrin" is not defined; did you mean "tostring"?`}},
		{"removed library", script("return function(chat) print(1) io.write(2) end"), []string{`"print" is not defined`, `"io" is not defined`}},
		{"unknown method", script("return function(chat)\n\n  chat:sey 'x'\nend"), []string{`bots/main.lua:3: chat has no method "sey"; did you mean "say"?`}},
		{"fields of chat", script("return function(chat) chat:say(chat.state.x .. chat.opening.text) end"), nil},
		{"unknown module", script("local x = require 'htpp'\nreturn function() return x end"), []string{`bots/main.lua:1: there is no module "htpp" (there are: faq, hours, http, i18n, intent, json, language, log, queue, schedule, sentiment, slots, store, text, time); did you mean "http"?`}},
		{"module not required", script("return function(chat) http.get('https://x.example') end"), []string{`"http" is not defined; write: local http = require "http"`}},
		{"module function", script("local f = require 'faq'\nreturn function(chat) f.find('x') end"), []string{`bots/main.lua:2: module "faq" has no "find"`}},
		{"library function", script("return function(chat) chat:say(string.trim ' x ') end"), []string{`string has no "trim"`}},
		{"lib", map[string]string{"bots/main.lua": "local x = require 'lib.x'\nreturn function(chat) x.anything() end", "lib/x.lua": "local M = {}\nfunction M.anything() end\nreturn M"}, nil},
		{"global assignment, once", script("return function(chat)\n  n = 1\n  n = n + 1\n  chat:say(n)\nend"), []string{`bots/main.lua:2: assigns the global "n"; write: local n`}},
		{"global function", map[string]string{"bots/main.lua": good, "lib/x.lua": "function f() end\nreturn f"}, []string{`lib/x.lua:1: assigns the global "f"`}},
		{"scopes", script(`
local function fact(n) if n < 2 then return 1 end return n * fact(n - 1) end
local t = { a = 1 }
function t:m(x) return self.a + x end
function t.f(...) local n = select('#', ...) return n end
return function(chat)
  for i = 1, 3 do local j = i end
  for k, v in pairs(t) do local s = k end
  repeat local done = true until done
  do local inner = 1 end
  chat:say(fact(3) .. consumer.name .. conversation.id .. math.random(3))
end`), nil},
		{"out of scope", script("return function(chat)\n  do local a = 1 end\n  chat:say(a)\nend"), []string{`bots/main.lua:3: "a" is not defined`}},
		{"every file, sorted", map[string]string{"bots/b.lua": "return function() x() end", "bots/a.lua": "x(", "lib/c.lua": "y()"}, []string{"bots/a.lua:1", "bots/b.lua:1", "lib/c.lua:1"}},
		{"endless loading", script("while true do end"), []string{"bots/main.lua:1: "}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := checked(c.files)
			if len(got) != len(c.want) {
				t.Fatalf("got %d problems, want %d:\n%s", len(got), len(c.want), strings.Join(got, "\n"))
			}
			for i := range got {
				if !strings.Contains(got[i], c.want[i]) {
					t.Errorf("problem %d is %q, want %q in it", i, got[i], c.want[i])
				}
			}
		})
	}
}

// TestCheckIntents: a bot that asks for intents needs some, and names those there are.
func TestCheckIntents(t *testing.T) {
	t.Parallel()
	const file = "order: [where is it, track it, has it been sent]\nhours: [when are you open, opening times, open today]\n"
	const bot = `local intent = require "intent"
return function(chat)
  local wish = intent.classify(chat.opening.text)
  if wish.name == "hours" or "order" == wish.name or wish.name == nil then return end
  if intent.classify("x").name == "ordre" then return end
  if wish.name ~= "refund" then chat:say(wish.name) end
end`
	with := script(bot)
	with["intents.yaml"] = file
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"names": {with, []string{
			`bots/main.lua:5: there is no intent "ordre"; did you mean "order"?`,
			`bots/main.lua:6: there is no intent "refund"`}},
		"no file": {script(bot), []string{
			"bots/main.lua:3: intent.classify: the brand has no intents: write intents.yaml, with the name of each and sentences that say it",
			"bots/main.lua:5: intent.classify: the brand has no intents: write intents.yaml, with the name of each and sentences that say it"}},
	} {
		if diff := cmp.Diff(tt.want, checked(tt.files)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestCheckNames: what scripts name of the brand must be there.
func TestCheckNames(t *testing.T) {
	t.Parallel()
	const settings = `id: acme
name: Acme
time_zone: UTC
languages: [en, de]
default_skill: care
skills: {care: {}, sales: {}}
channels:
  web: {kind: webchat, bot: main}
  sms: {kind: twilio, optional: true, bot: main, address: "${N}", account_sid: "${S}", auth_token: "${T}"}
`
	const texts = "hello: Hello\ncart: {one: a, other: b}\n"
	cases := []struct {
		name, script string
		more         map[string]string
		want         []string
	}{
		{"all there", `local i18n, queue, hours, schedule = require "i18n", require "queue", require "hours", require "schedule"
local t = i18n.t
return function(chat)
  chat:say(t "hello" .. i18n.t("cart", { count = 1 }) .. require("i18n").t "hello")
  chat:say(tostring(i18n.has "nothing"))
  queue.status "care" hours.open() hours.next "sales"
  schedule.after(5, { name = "a", channel = "sms", bot = "main" })
  schedule.at(5, { name = "a", channel = "acme.web" })
  chat:handoff { skill = chat.state and "care" or "sales" }
  chat:transfer { skill = chat.state.skill, reason = "nobody" }
end`, nil, nil},
		{"texts", `local i18n = require "i18n"
local t = i18n.t
return function(chat)
  chat:say(i18n.t "helo")
  chat:say(t("cart.one"))
  chat:say(require("i18n").t(chat.state and "hello" or "bye"))
  t = string.upper
  chat:say(t "anything")
end`, nil, []string{
			`bots/main.lua:4: there is no text "helo"; did you mean "hello"?`,
			`bots/main.lua:5: there is no text "cart.one"`,
			`bots/main.lua:6: there is no text "bye"`}},
		{"no texts at all", `return function(chat) chat:say(require("i18n").t "hello") end`,
			map[string]string{"i18n/en.yaml": ""}, []string{"i18n/en.yaml:1: this file is empty"}},
		{"skills", `local queue, hours = require "queue", require "hours"
return function(chat)
  chat:handoff { skill = "cares" }
  chat:transfer { skill = "nobody" }
  queue.status "sale"
  hours.describe("x")
  chat:ask("q", { timeout = 5, otherwise = { handoff = { skill = "a", max_wait = 5, otherwise = { handoff = { skill = "b" } } } } })
  chat:run "man"
end`, nil, []string{
			`bots/main.lua:3: there is no skill "cares"; did you mean "care"?`, `bots/main.lua:4: there is no skill "nobody"`,
			`bots/main.lua:5: there is no skill "sale"; did you mean "sales"?`, `bots/main.lua:6: there is no skill "x"`,
			`bots/main.lua:7: there is no skill "a"`, `bots/main.lua:7: there is no skill "b"`,
			`bots/main.lua:8: there is no bot "man"`}},
		{"channels and bots", `local schedule = require "schedule"
return function(chat)
  schedule.after(5, { name = "a", channel = "mail" })
  schedule.at(5, { name = "a", bot = "man" })
end`, nil, []string{`bots/main.lua:3: there is no channel "mail"`, `bots/main.lua:4: there is no bot "man"`}},
		{"modules", `local s = require "stor"
return function(chat)
  require("text").trm "x"
  require("time").parse "x"
end`, nil, []string{`did you mean "store"?`, `bots/main.lua:3: module "text" has no "trm"; did you mean "trim"?`}},
		{"without settings", "return function(chat) chat:handoff { skill = 'x' } end", map[string]string{"brand.yaml": ""}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"bots/main.lua": c.script, "brand.yaml": settings, "i18n/en.yaml": texts, "i18n/de.yaml": "hello: Hallo\n"}
			for name, text := range c.more {
				files[name] = text
			}
			got := checked(files)
			if len(got) != len(c.want) {
				t.Fatalf("got %d problems, want %d:\n%s", len(got), len(c.want), strings.Join(got, "\n"))
			}
			for i := range got {
				if !strings.Contains(got[i], c.want[i]) {
					t.Errorf("problem %d is %q, want %q in it", i, got[i], c.want[i])
				}
			}
		})
	}
}

func TestCheckIsDeterministic(t *testing.T) {
	t.Parallel()
	files := map[string]string{"bots/a.lua": "x() y() z()\nreturn 1", "lib/b.lua": "p = q"}
	first := checked(files)
	for range 20 {
		if diff := cmp.Diff(first, checked(files)); diff != "" {
			t.Fatal(diff)
		}
	}
}
