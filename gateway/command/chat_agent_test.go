package command_test

import (
	"strings"
	"testing"
)

// saying is a conversation in the terminal: what is typed, and what must come of it in this order.
type saying struct {
	name, bot, in string
	want          []string
	never         string // what must not be said, "" for nothing
}

func talks(t *testing.T, dir string, all []saying) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := typed(t, c.in, "chat", dir, "--bot", c.bot)
			if r.code != 0 || r.err != "" {
				t.Fatalf("%d %s", r.code, r.err)
			}
			rest := r.out
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("%q is missing after what came before it:\n%s", want, r.out)
				}
				rest = after
			}
			if c.never != "" && strings.Contains(r.out, c.never) {
				t.Errorf("it says %q:\n%s", c.never, r.out)
			}
		})
	}
}

// Who closes fills in what the bot asks for.
func TestChatFillsExpects(t *testing.T) {
	t.Parallel()
	dir := shop(t, "asks", map[string]string{
		"asks": `local json = require "json"
return function(chat)
  local o = chat:handoff { skill = "care", reason = "visit", expects = {
    refund = { kind = "number", required = true, label = "Refund in euros" },
    visit = { kind = "date", required = true },
    angry = "boolean",
    size = { choices = { "S", "Extra large" } },
    remark = "text",
  } }
  chat:say(o.outcome .. " " .. tostring(o.summary) .. " " .. json.encode(o.fields))
end`,
		"plain": `return function(chat)
  local o = chat:handoff { skill = "care", reason = "visit" }
  chat:say(o.outcome .. "/" .. tostring(o.summary))
end`,
	})
	right := "refund=12.5 visit=2026-12-24"
	wrong := func(field, what string) []string {
		return []string{"! " + field + " " + what, `bot: solved nil {"refund":12.5,"visit":"2026-12-24"}`}
	}
	talks(t, dir, []saying{
		{"all of it", "asks", "hi\n/close solved " + right + " angry=yes size=\"extra LARGE\" remark=\"rings twice\" \"came by\"\n", []string{
			"  handed over to care: visit\n",
			"  at /close the bot asks for refund (Refund in euros: a number), visit (a date such as 2026-12-24), angry (true or false, may be left out), size (one of S, Extra large, may be left out), remark (text, may be left out)\n",
			`bot: solved came by {"angry":true,"refund":12.5,"remark":"rings twice","size":"Extra large","visit":"2026-12-24"}`,
		}, "! "},
		{"required ones are asked for", "asks", "hi\n/close \"not solved\"\n/close solved refund=12.5\n/close solved " + right + "\n", []string{
			"! The bot needs to know before you close: refund (Refund in euros: a number), visit (a date such as 2026-12-24). For example: /close \"not solved\" refund=1 visit=2026-12-24\n",
			"! The bot needs to know before you close: visit (a date such as 2026-12-24). For example: /close solved refund=12.5 visit=2026-12-24\n",
			`bot: solved nil {"refund":12.5,"visit":"2026-12-24"}`,
		}, ""},
		{"no number", "asks", "hi\n/close solved refund=much visit=2026-12-24\n/close solved " + right + "\n", wrong("refund", `must be a number, not "much"`), ""},
		{"no finite number", "asks", "hi\n/close solved refund=Inf visit=2026-12-24\n/close solved " + right + "\n", wrong("refund", `must be a number, not "Inf"`), ""},
		{"no date", "asks", "hi\n/close solved refund=1 visit=tomorrow\n/close solved " + right + "\n", wrong("visit", `must be a date such as 2026-12-24, not "tomorrow"`), ""},
		{"neither true nor false", "asks", "hi\n/close solved angry=maybe\n/close solved " + right + "\n", wrong("angry", `must be true or false, not "maybe"`), ""},
		{"no choice", "asks", "hi\n/close solved size=XL\n/close solved " + right + "\n", wrong("size", `must be one of S, Extra large, not "XL"`), ""},
		{"an empty one", "asks", "hi\n/close solved refund=\"\" visit=2026-12-24\n/close solved " + right + "\n", wrong("refund", `must be a number, not ""`), ""},
		{"not asked for", "asks", "hi\n/close solved colour=red\n/close solved " + right + "\n", wrong("colour", "is not asked for; the bot asks for refund ("), ""},
		{"twice", "asks", "hi\n/close solved refund=1 refund=2\n/close solved " + right + "\n", wrong("refund", "is given twice"), ""},
		{"a quote that is open", "asks", "hi\n/close \"solved\n/close solved " + right + "\n", []string{`! /close OUTCOME field=value "summary": a " is not closed.`, "bot: solved"}, ""},
		{"nothing is asked for", "plain", "hi\n/close solved refund=1\n/close solved we talked about it\n", []string{"! refund is not asked for; the bot asks for nothing\n", "bot: solved/we talked about it\n"}, "at /close"},
	})
}

// Calls that fail are told, where they failed.
func TestChatTellsFailedCalls(t *testing.T) {
	t.Parallel()
	dir := shop(t, "calls", map[string]string{
		"calls": `local http = require "http"
return function(chat)
  chat:say "One moment."
  local a = http.get("https://nowhere.example/a?x=1")
  chat:say("a " .. tostring(a.ok))
  local b = http.post("https://orders.acme.example/orders/10001", { json = {} })
  chat:say("b " .. tostring(b.status))
  local c = http.get("https://orders.acme.example/orders/10001")
  chat:say("c " .. tostring(c.status))
  if not chat.state then chat:restart { n = 1 } end
  chat:ask "?"
end`,
	})
	once := []string{
		"bot: One moment.\n", "! outside call failed: GET https://nowhere.example/a?x=1: ", "bot: a false\n",
		"! outside call failed: POST https://orders.acme.example/orders/10001: status 405\n", "bot: b 405\n", "bot: c 200\n",
	}
	talks(t, dir, []saying{{"in their order, also after a restart", "calls", "hi\n", append(once, once...), "GET https://orders"}})
}

// Time passes when it is told to, and what is due happens as if it had.
func TestChatWaits(t *testing.T) {
	t.Parallel()
	dir := shop(t, "asks", map[string]string{
		"asks": `return function(chat)
  local from = os.time()
  local a = chat:ask("Well?", { timeout = 3600 })
  chat:say(a.timed_out and "You took " .. math.floor((os.time() - from) / 60) .. " minutes." or "You said " .. a.text)
  chat:ask "?"
end`,
		"plans": `local schedule = require "schedule"
return function(chat)
  local n = chat.state and chat.state.n or 0
  if chat.followup then chat:say("follow-up " .. n .. " after " .. math.floor((os.time() - chat.state.at) / 86400) .. " days") end
  if n < 3 then schedule.after(86400, { name = "next", state = { n = n + 1, at = os.time() } }) end
  if not chat.followup then chat:say "planned" end
end`,
		"pauses": `return function(chat) chat:say "one" chat:wait(7200) chat:say "two" chat:ask "?" end`,
		"gives": `return function(chat)
  local o = chat:handoff { skill = "care", reason = "r", max_wait = 600 }
  chat:say(o.unavailable and "nobody came" or "closed " .. o.outcome)
  chat:ask "?"
end`,
	})
	talks(t, dir, []saying{
		{"a timer", "asks", "hi\n/wait 59 min\n/wait 90s\n", []string{"bot: Well?\n", "  it is ", "bot: You took 60 minutes.\n", "  it is "}, "! "},
		{"before it", "asks", "hi\n/wait 30 min\nhere\n/wait 3 hours\n", []string{"bot: Well?\n", "bot: You said here\n", "  it is "}, "You took"},
		{"follow-ups that plan further ones", "plans", "hi\n/wait 49h\n/wait 49h\n", []string{"bot: planned\n", "bot: follow-up 1 after 1 days\n", "bot: follow-up 2 after 1 days\n", "  it is ", "bot: follow-up 3 after 1 days\n", "  it is "}, "! "},
		{"a long pause", "pauses", "hi\n/wait 2h\n", []string{"bot: one\n", "bot: two\n", "bot: ?\n", "  it is "}, "! "},
		{"nobody comes", "gives", "hi\n/wait 10 min\n", []string{"handed over to care", "bot: nobody came\n"}, "! "},
		{"the agent does not vanish", "gives", "hi\n/reply I have it\n/wait 3 days\n/close solved\n", []string{"agent: I have it\n", "  it is ", "bot: closed solved\n"}, "! "},
		{"no time", "asks", "hi\n/wait soon\n/wait\n/wait until 2001-01-01\n/wait -5s\n", []string{"! This is no time: /wait 90s", "! This is no time", "! This is no time", "! This is no time"}, ""},
		{"until", "asks", "hi\n/wait until 2199-01-01 09:00\n", []string{"bot: You took 60 minutes.\n", "  it is Tue 1 Jan 2199, 09:00:00 now\n"}, ""},
	})
}
