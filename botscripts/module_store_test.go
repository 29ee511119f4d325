package botscripts

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/kernel"
	"parley/engine"
)

// exchange is one input to a bot and what it does then.
type exchange struct {
	kind engine.InboxKind
	data any
	want []string
}

func result(data any, want ...string) exchange { return exchange{engine.InboxResult, data, want} }

// unplaced drops the position that a caught error begins with.
func unplaced(said []string) []string {
	place := regexp.MustCompile(`^(say |\[)( |bots/main\.lua:\d+: )`)
	for i, s := range said {
		said[i] = place.ReplaceAllString(s, "$1")
	}
	return said
}

// converse starts the bot and goes through the exchanges.
func converse(t *testing.T, d *driver, started []string, exchanges ...exchange) {
	t.Helper()
	if diff := cmp.Diff(started, unplaced(lines(d.start("hi")))); diff != "" {
		t.Fatalf("at the start: %s %+v", diff, d.fault)
	}
	for i, e := range exchanges {
		if diff := cmp.Diff(e.want, unplaced(lines(d.input(e.kind, e.data)))); diff != "" {
			t.Fatalf("exchange %d: %s %+v", i, diff, d.fault)
		}
	}
	if d.fault != nil {
		t.Fatalf("fault: %+v", d.fault)
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local store, json = require "store", require "json"
return function(chat)
	local value, version = store.get "a"
	chat:say(tostring(value) .. " " .. version)
	local done, now = store.set("a", { n = 1, list = { "x", true } }, { version = version, ttl = 60 })
	chat:say(tostring(done) .. " " .. now)
	done, now = store.set("b", "text")
	chat:say(tostring(done) .. " " .. now)
	value, version = store.get "a"
	chat:say(json.encode(value) .. " " .. version)
	chat:say(tostring(store.remove("a", { version = 9 })))
	store.remove "a"
end`))
	converse(t, d, []string{"query get a"},
		result(engine.ValueAnswer{}, "say nil 0", `query set a {"list":["x",true],"n":1} version=0 ttl=60`),
		result(engine.ValueAnswer{Version: 3}, "say false 3", `query set b "text"`),
		result(engine.ValueAnswer{Done: true, Version: 1}, "say true 1", "query get a"),
		result(engine.ValueAnswer{Done: true, Data: []byte(`{"n":2}`), Version: 4}, `say {"n":2} 4`, "query remove a version=9"),
		result(engine.ValueAnswer{Version: 4}, "say false", "query remove a"),
		result(engine.ValueAnswer{Done: true}),
	)
}

// TestIncrement loses no number when another bot writes in between.
func TestIncrement(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local store = require "store"
return function(chat)
	chat:say("" .. store.increment "n")
	chat:say("" .. store.increment("m", 0.5, { ttl = 10 }))
	local ok, why = pcall(store.increment, "text")
	chat:say(why)
	ok, why = pcall(store.increment, "busy")
	chat:say(why)
	ok, why = pcall(store.increment, "full")
	chat:say(why)
end`))
	exchanges := []exchange{
		result(engine.ValueAnswer{}, "query set n 1 version=0"),
		result(engine.ValueAnswer{Data: []byte("7"), Version: 3}, "query set n 8 version=3"),
		result(engine.ValueAnswer{Done: true, Data: []byte("8"), Version: 4}, "say 8", "query get m"),
		result(engine.ValueAnswer{Done: true, Data: []byte("1.25"), Version: 1}, "query set m 1.75 version=1 ttl=10"),
		result(engine.ValueAnswer{Done: true, Version: 2}, "say 1.75", "query get text"),
		result(engine.ValueAnswer{Done: true, Data: []byte(`"x"`), Version: 1}, `say store.increment: the value of "text" is no number`, "query get busy"),
	}
	for range 20 {
		exchanges = append(exchanges, result(engine.ValueAnswer{}, "query set busy 1 version=0"))
	}
	exchanges = append(exchanges,
		result(engine.ValueAnswer{}, `say store.increment: the value of "busy" changes too often`, "query get full"),
		result(engine.ValueAnswer{}, "query set full 1 version=0"),
		result(engine.ValueAnswer{Full: true}, "say store.increment: the brand keeps as many values as it may; remove some or give them a ttl"),
	)
	converse(t, d, []string{"query get n"}, exchanges...)
}

func TestQueueStatus(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local queue = require "queue"
return function(chat)
	local s = queue.status "sales"
	chat:say(tostring(s.open) .. " " .. s.waiting .. " " .. s.online .. " " .. tostring(s.expected))
	chat:say(tostring(queue.status().expected))
	local ok, why = pcall(queue.status, "nobody")
	chat:say(why)
end`))
	converse(t, d, []string{"query queue sales"},
		result(engine.QueueStatus{Open: true, Waiting: 2, Online: 1, Expected: 90}, "say true 2 1 90", "query queue care"),
		result(engine.QueueStatus{Expected: -1}, "say nil", `say queue.status: there is no skill "nobody" (there are: care, sales)`),
	)
}

func TestConsumerMethods(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
	for _, id in ipairs(consumer:identities()) do chat:say(id.kind .. " " .. id.address) end
	for _, c in ipairs(consumer:history(2)) do
		chat:say(table.concat({ c.id, c.channel, c.opened, c.closed, tostring(c.outcome), tostring(c.skill), #c.tags, c.facts.order or "-" }, " "))
	end
	consumer:history()
	local ok, why = pcall(consumer.history, 3)
	chat:say(why)
	ok, why = pcall(consumer.set, consumer, "history", "x")
	chat:say(why)
end`))
	converse(t, d, []string{"query identities"},
		result([]engine.Identity{{Brand: "acme", Kind: "twilio", Address: "+4930123456", Consumer: "p1"}}, "say twilio +4930123456", "query history 2"),
		result([]engine.PastConversation{
			{ID: "c0", Channel: "acme.sms", Opened: 10, Closed: 20, Outcome: "solved", Skill: "care", Tags: []string{"a"}, Facts: map[string]string{"order": "48213"}},
			{ID: "c9", Channel: "acme.web", Opened: 1, Closed: 2},
		}, "say c0 acme.sms 10 20 solved care 1 48213", "say c9 acme.web 1 2 nil nil 0 -", "query history 5"),
		result([]engine.PastConversation(nil), "say consumer:history: call it with a colon: consumer:history(…)", `say consumer:set: name "history" cannot be set`),
	)
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	d := newDriver(t, map[string]string{"bots/main.lua": `local schedule = require "schedule"
return function(chat)
	local function try(f, ...)
		local ok, at, why = pcall(f, ...)
		chat:say(tostring(at) .. (why and ": " .. why or ""))
	end
	try(schedule.after, 3600, { name = "tips", channel = "sms", bot = "other", state = { bike = "Urban" } })
	try(schedule.at, os.time() + 60, { name = "soon", channel = "acme.web" })
	try(schedule.at, 5, { name = "past" })
	try(schedule.after, 60, { name = "full" })
	schedule.cancel "tips"
	try(schedule.after, 1, { name = "x", channel = "fax" })
	try(schedule.after, 1, { name = "x", bot = "nobody" })
	try(schedule.after, 1)
	try(schedule.at, os.time() + 400 * 24 * 3600, { name = "x" })
	try(schedule.after, 1, { name = "x", state = string.rep("x", 65536) })
	try(schedule.after, -1, { name = "x" })
end`, "bots/other.lua": "return function() end"})
	at := d.now.Unix()
	plan := func(seconds int64, want ...string) exchange {
		return result(engine.FollowupAnswer{At: at + seconds}, append([]string{"say " + kernel.Number(float64(at+seconds))}, want...)...)
	}
	converse(t, d, []string{`schedule "tips" at 2026-11-22T10:00:00Z channel="acme.sms" bot="other" {"bike":"Urban"}`},
		plan(3600, `schedule "soon" at 2026-11-22T09:01:00Z channel="acme.web" bot=""`),
		plan(60, `schedule "past" at 2026-11-22T09:00:00Z channel="" bot=""`),
		plan(0, `schedule "full" at 2026-11-22T09:01:00Z channel="" bot=""`),
		result(engine.FollowupAnswer{Why: "the consumer has 20 already"}, "say nil: the consumer has 20 already",
			"cancel tips",
			`say schedule.after: there is no channel "fax" (there are: acme.sms, acme.web)`,
			`say schedule.after: there is no bot "nobody" (there are: main, other)`,
			"say schedule.after: name must be a string, got nil",
			"say schedule.at: time is more than a year ahead",
			"say schedule.after: state is 65538 bytes of JSON, at most 65536 are allowed",
			"say schedule.after: seconds must be between 0 and 31622400, got -1"),
	)
}

// Journals from before bots were told have the time alone.
func TestScheduleInOldJournals(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local schedule = require "schedule"
return function(chat)
	local at, why = schedule.after(60, { name = "soon" })
	chat:say(tostring(at) .. tostring(why))
	chat:ask "?"
end`))
	d.start("hi")
	lines(d.input(engine.InboxResult, engine.FollowupAnswer{At: d.now.Unix() + 60}))
	if e := d.journal[1]; e.Call != "schedule.after" || string(e.Answer) != fmt.Sprint(d.now.Unix()+60) {
		t.Fatalf("the journal holds %s %s", e.Call, e.Answer)
	}
	if d.input(engine.InboxMessage, engine.Content{Text: "x"}); d.fault != nil {
		t.Errorf("replayed: %+v", d.fault)
	}
}

func TestHoursDescribe(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local hours = require "hours"
return function(chat)
	chat:say(hours.describe "sales")
	chat:say(tostring(hours.describe()))
end`))
	d.conv.Language = "de"
	converse(t, d, []string{"say morgen um 09:00 Uhr", "say nil"})
}

func TestHTTPOptions(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local http = require "http"
return function(chat)
	local a = http.put("https://a.example/x?y=1", { query = { q = "a b&c", n = 2 }, json = { 1 }, retries = 3,
		secrets = { Authorization = "Bearer {TOKEN}" } })
	chat:say("" .. a.status)
	a = http.get("https://a.example/slow", { interrupt = true })
	chat:say(a.error .. " " .. tostring(a.interrupted) .. " " .. tostring(a.ok))
	for _, options in ipairs {
		{ secrets = { A = "{NONE} {TOKEN}" } }, { secrets = { A = "TOKEN" } }, { secrets = { a = "{TOKEN}" }, headers = { A = "x" } },
		{ retries = 4 }, { interrupt = "yes" }, { body = "x" }, { secrets = { ["A\n"] = "{TOKEN}" } },
	} do
		local ok, why = pcall(http.get, "https://a.example/", options)
		chat:say(why)
	end
end`))
	d.brand.Secrets = map[string]engine.BrandSecret{"TOKEN": {Value: "s3cret", Hosts: []string{"a.example"}}}
	first := d.start("hi")
	if diff := cmp.Diff([]string{"http PUT https://a.example/x?y=1&n=2&q=a+b%26c [1]"}, lines(first)); diff != "" {
		t.Fatal(diff)
	}
	want := &engine.HTTPRequest{Method: "PUT", URL: "https://a.example/x?y=1&n=2&q=a+b%26c", Body: "[1]", Retries: 3,
		Header: map[string]string{"Content-Type": "application/json"}, Secrets: map[string]string{"Authorization": "Bearer {TOKEN}"}}
	if diff := cmp.Diff(want, first[0].HTTP); diff != "" {
		t.Fatal(diff)
	}
	got := lines(d.input(engine.InboxResult, engine.HTTPResponse{Status: 204}))
	if diff := cmp.Diff([]string{"say 204", "http GET https://a.example/slow"}, got); diff != "" || !d.session.Wait.Interrupt {
		t.Fatal(diff, d.session.Wait)
	}
	got = unplaced(lines(d.input(engine.InboxInterrupt, nil)))
	if diff := cmp.Diff([]string{
		"say interrupted true false",
		`say http.get: there is no secret "NONE" in http.secrets (there are: TOKEN)`,
		`say http.get: secrets.A must hold the name of a secret, as in "Bearer {ORDERS_TOKEN}"`,
		"say http.get: a is both in headers and in secrets",
		"say http.get: retries must be between 0 and 3, got 4",
		"say http.get: interrupt must be true or false, got string",
		`say http.get: options has no field "body" (it has: headers, query, secrets, timeout, retries, interrupt)`,
		`say http.get: secrets: "A\n" is not a valid header`,
	}, got); diff != "" {
		t.Fatal(diff)
	}
	for _, e := range d.journal {
		if strings.Contains(string(e.Args)+string(e.Answer), "s3cret") {
			t.Errorf("the journal tells the secret: %s %s", e.Args, e.Answer)
		}
	}
}

// TestHTTPWithoutNewOptions: a call as journals of earlier versions hold it
// keeps its hash.
func TestHTTPWithoutNewOptions(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat) require("http").get("https://a.example/", { timeout = 2 }) end`))
	d.start("hi")
	if want := `{"body":"","headers":{},"method":"GET","timeout":2,"url":"https://a.example/"}`; string(d.journal[1].Args) != want {
		t.Errorf("arguments %s, want %s", d.journal[1].Args, want)
	}
	d.now = d.now.Add(time.Second)
	d.input(engine.InboxResult, engine.HTTPResponse{Status: 200})
	if d.session.State != engine.SessionDone {
		t.Errorf("the session is %s: %+v", d.session.State, d.fault)
	}
}
