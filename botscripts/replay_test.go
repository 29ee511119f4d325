package botscripts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/kernel"
	"parley/engine"
)

func TestDivergence(t *testing.T) {
	t.Parallel()
	const before = "return function(chat)\n  chat:say 'one'\n  local a = chat:ask 'two'\n  chat:say(a.text)\n  chat:ask 'three'\nend"
	cases := []struct {
		name, after string
		step, line  int
		message     []string
	}{
		{"changed prompt", strings.Replace(before, "two", "zwei", 1), 2, 3, []string{`expected ask {`, `"text":"two"`, `got ask {`, `"text":"zwei"`}},
		{"removed call", strings.Replace(before, "chat:say 'one'", "", 1), 1, 3, []string{`expected say {"text":"one"}`, "got ask"}},
		{"added call", strings.Replace(before, "local a", "chat:note 'n' local a", 1), 2, 3, []string{"expected ask", `got note {"text":"n"}`}},
		{"inside pcall", strings.Replace(before, "local a = chat:ask 'two'", "local a; pcall(function() a = chat:ask 'zwei' end) chat:say 'x'", 1), 2, 3, []string{"expected ask", "got ask"}},
		{"early end", "return function(chat)\n  chat:say 'one'\nend", 2, 0, []string{"expected ask", "got the bot's end"}},
		{"new error", "return function(chat)\n  chat:say 'one'\n  error 'boom'\nend", 2, 3, []string{"expected ask", "got the error: boom"}},
		{"early close", "return function(chat)\n  chat:say 'one'\n  chat:close()\nend", 2, 3, []string{"expected ask", "got close"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDriver(t, script(before))
			d.start("hi")
			d.say("a")
			d.bot = load(t, New(Config{Limits: testLimits()}), script(c.after), "main")
			out := d.dry(d.entry(engine.InboxMessage, engine.Content{Text: "b"}), nil)
			if out.State != engine.SessionParked || out.Fault == nil || out.Fault.Kind != "divergence" {
				t.Fatalf("state %s, fault %+v", out.State, out.Fault)
			}
			if len(out.Effects)+len(out.Journal) > 0 || out.UsedInput {
				t.Errorf("a diverged turn has effects: %+v", out)
			}
			if f := out.Fault; f.Step != c.step || f.Line != c.line || f.File != "bots/main.lua" || f.Bot != "main" || f.Version == "" {
				t.Errorf("fault %+v, want step %d at line %d", f, c.step, c.line)
			}
			for _, part := range c.message {
				if !strings.Contains(out.Fault.Message, part) {
					t.Errorf("message %q lacks %q", out.Fault.Message, part)
				}
			}
		})
	}
}

func TestAddedPureCodeGoesOn(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script("return function(chat) local a = chat:ask 'q' chat:say(a.text) end"))
	d.start("hi")
	d.bot = load(t, New(Config{Limits: testLimits()}), script("-- a comment\nreturn function(chat)\n local a = chat:ask 'q' chat:say(a.text:upper()) end"), "main")
	if diff := cmp.Diff([]string{"say YES"}, lines(d.say("yes"))); diff != "" {
		t.Error(diff)
	}
}

func TestCallLimit(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script("return function(chat) pcall(function() for i = 1, 2000 do chat:tag 'x' end end) chat:say 'never' end"))
	effects := d.start("hi")
	if len(effects) != 1000 || d.fault == nil || d.fault.Kind != "budget" || !strings.Contains(d.fault.Message, "chat:restart") {
		t.Errorf("%d effects, fault %+v", len(effects), d.fault)
	}
	d = newDriver(t, script("return function(chat) for i = 1, 1000 do chat:tag 'x' end chat:restart(7) end"))
	if d.start("hi"); string(d.restart) != "7" || d.session.State != engine.SessionDone {
		t.Errorf("restart %s, fault %+v", d.restart, d.fault)
	}
}

// TestChatterLimit: a bot that loops by mistake does not flood the consumer.
func TestChatterLimit(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script("return function(chat) for i = 1, 30 do chat:say 'a' end chat:ask 'q' for i = 1, 31 do chat:say 'b' end end"))
	if got := d.start("hi"); len(got) != 31 || d.fault != nil {
		t.Errorf("%d effects, fault %+v", len(got), d.fault)
	}
	if got := d.say("x"); len(got) != 30 || d.fault == nil || d.fault.Kind != "budget" {
		t.Errorf("%d effects, fault %+v", len(got), d.fault)
	}
	if _, err := d.bot.Step(d.turn(nil, nil)); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("a parked session went on: %v", err)
	}
}

// TestAnswersLimit: a session cannot pile up outside answers for ever.
func TestAnswersLimit(t *testing.T) {
	t.Parallel()
	rt := New(Config{Limits: testLimits()})
	rt.session.Answers = 10_000
	d := driverFor(t, load(t, rt, script("local http = require 'http'\nreturn function(chat) while true do http.get 'https://x.example' end end"), "main"))
	d.start("hi")
	body := strings.Repeat("x", 1000)
	for i := 0; i < 20 && d.fault == nil; i++ {
		d.input(engine.InboxResult, engine.HTTPResponse{Status: 200, Body: body})
	}
	if d.fault == nil || d.fault.Kind != "budget" || len(d.journal) != 11 {
		t.Errorf("%d entries, fault %+v", len(d.journal), d.fault)
	}
}

// TestRestartState: chat.state is what the earlier session gave.
func TestRestartState(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		local s = chat.state or { round = 1 }
		if s.round == 3 then return chat:close "enough" end
		chat:say("round " .. s.round)
		chat:restart { round = s.round + 1 }
	end`))
	var seen []string
	for range 3 {
		seen = append(seen, lines(d.start("hi"))...)
		d.session.Start, d.session.Wait, d.session.State, d.journal = d.restart, engine.Wait{}, "", nil
	}
	if diff := cmp.Diff([]string{"say round 1", "say round 2", `close "enough" ""`}, seen); diff != "" {
		t.Error(diff)
	}
}

// TestBudgetIsPerTurn: work before the last answer counts again only as replay.
func TestBudgetIsPerTurn(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		for i = 1, 2 do
			local n = 0
			for j = 1, 60000 do n = n + j end
			chat:ask("q" .. i)
		end
		local n = 0
		for j = 1, 80000 do n = n + j end
		chat:say "done"
	end`))
	d.start("hi")
	d.say("a")
	if got := lines(d.say("b")); len(got) != 1 || d.fault != nil {
		t.Errorf("effects %v, fault %+v", got, d.fault)
	}
}

// TestRecordedFailure: an error that depended on the turn is the same on
// replay, even when the turn is not.
func TestRecordedFailure(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		local ok, message = pcall(chat.handoff, chat, { skill = "vip" })
		local where = require "hours"
		local fine, why = pcall(where.open, "vip")
		chat:ask "q"
		chat:say(tostring(ok) .. message .. tostring(fine) .. why)
	end`))
	d.start("hi")
	d.skills = append(d.skills, engine.Skill{ID: "vip"})
	d.now = d.now.AddDate(1, 0, 0)
	d.brand.Settings.EscapeWords = nil
	got := lines(d.say("x"))
	if len(got) != 1 || !strings.Contains(got[0], `there is no skill "vip"`) || strings.Count(got[0], "false") != 2 {
		t.Errorf("%v, fault %+v", got, d.fault)
	}
}

// TestLateMalformedPattern: a pattern that only some reply shows to be
// malformed fails in the bot, and in the same way on replay.
func TestLateMalformedPattern(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		local ok, message = pcall(function() return chat:ask("q", { match = "x[" }) end)
		chat:ask "again"
		chat:say(tostring(ok) .. " " .. message)
	end`))
	d.start("hi")
	d.say("xy")
	want := []string{"say false bots/main.lua:2: chat:ask: match: malformed pattern (missing ']')"}
	if diff := cmp.Diff(want, lines(d.say("on"))); diff != "" {
		t.Errorf("%s\nfault %+v", diff, d.fault)
	}
}

// TestForeignInput: what the session does not wait for changes nothing.
func TestForeignInput(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script("return function(chat) chat:ask('q', { timeout = 60 }) chat:say 'on' end"))
	d.start("hi")
	late := d.entry(engine.InboxTimer, nil)
	late.Step = 0
	other := d.entry(engine.InboxTimer, nil)
	other.Session = "s0"
	for _, in := range []*engine.InboxEntry{nil, late, other, d.entry(engine.InboxOutcome, engine.HandoffOutcome{}), d.entry(engine.InboxResult, nil)} {
		out := d.dry(in, nil)
		if out.UsedInput || len(out.Journal)+len(out.Effects) > 0 || out.State != engine.SessionWaiting || out.Wait != d.session.Wait {
			t.Errorf("%+v changed something: %+v", in, out)
		}
	}
	if got := lines(d.input(engine.InboxTimer, nil)); len(got) != 1 || !d.used {
		t.Errorf("the timer did not wake it: %v", got)
	}
}

func TestLongArgumentsAreCutForPeople(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script("return function(chat) chat:say(string.rep('ü', 4000)) chat:ask 'q' end"))
	d.start("hi")
	e := d.journal[1]
	if len(e.Args) > kernel.ArgsKept || len(e.Args) < kernel.ArgsKept-4 || !strings.HasSuffix(string(e.Args), "ü") {
		t.Errorf("kept %d bytes", len(e.Args))
	}
	if d.say("x"); d.fault != nil {
		t.Errorf("%+v", d.fault)
	}
}

func TestDamagedJournal(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script("return function(chat) chat:say 'a' chat:ask 'q' end"))
	d.start("hi")
	turn := d.turn(nil, nil)
	turn.Journal = turn.Journal[1:]
	if _, err := d.bot.Step(turn); engine.CodeOf(err) != engine.Internal {
		t.Errorf("error %v", err)
	}
	turn = d.turn(d.entry(engine.InboxMessage, "no content"), nil)
	out, err := d.bot.Step(turn)
	if err != nil || out.State != engine.SessionParked || out.Fault.Kind != "internal" {
		t.Errorf("error %v, outcome %+v", err, out)
	}
}

// TestFollowup: a session that a follow-up began knows its name on every turn.
func TestFollowup(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		chat:note(tostring(chat.followup) .. " " .. tostring(chat.opening) .. " " .. chat.state.order)
		chat:ask "q"
		chat:note(tostring(chat.followup))
	end`))
	d.session.Start = []byte(`{"order":7}`)
	turn := d.turn(nil, nil)
	turn.Followup = "reminder"
	out, err := d.bot.Step(turn)
	if err != nil || out.Fault != nil {
		t.Fatalf("%v %+v", err, out.Fault)
	}
	d.journal, d.session.State, d.session.Wait = out.Journal, out.State, out.Wait
	seen := append(lines(out.Effects), lines(d.say("x"))...)
	if diff := cmp.Diff([]string{"note reminder nil 7", "say q", "note reminder"}, seen); diff != "" {
		t.Error(diff)
	}
}

// TestInterrupted: a message ends the wait of a call that allows it, and only
// of such a call.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options string
		used    bool
	}{{`{ interrupt = true }`, true}, {`{}`, false}} {
		d := newDriver(t, script(`return function(chat) local r = require("http").get("https://x.example", `+c.options+`) chat:note(tostring(r.interrupted)) chat:ask "q" end`))
		d.start("hi")
		out := d.dry(d.entry(engine.InboxInterrupt, nil), nil)
		if out.UsedInput != c.used || (len(out.Effects) > 0) != c.used {
			t.Errorf("%s: used %v, effects %v", c.options, out.UsedInput, lines(out.Effects))
		}
	}
}
