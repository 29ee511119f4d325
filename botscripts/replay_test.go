package botscripts

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"

	"parley/botscripts/sandbox"
	"parley/engine"
)

// program writes random bots whose host calls sit in loops, pcall, sort,
// gsub, closures and metamethods.
type program struct {
	t    *rapid.T
	b    strings.Builder
	next int
}

func (p *program) name() string {
	p.next++
	return fmt.Sprintf("v%d", p.next)
}

func (p *program) block(depth int) {
	for range rapid.IntRange(1, 3).Draw(p.t, "statements") {
		p.statement(depth)
	}
}

func (p *program) statement(depth int) {
	most := 11
	if depth == 0 {
		most = 4
	}
	v := p.name()
	switch rapid.IntRange(0, most).Draw(p.t, "statement") {
	case 0:
		fmt.Fprintf(&p.b, "chat:say('say %s ' .. last)\n", v)
	case 1:
		fmt.Fprintf(&p.b, "last = chat:ask('ask %s ' .. last).text\n", v)
	case 2:
		fmt.Fprintf(&p.b, "count = count + 1 chat:note('note %s ' .. count)\n", v)
	case 3:
		fmt.Fprintf(&p.b, "chat:set('%s', #last)\n", v)
	case 4:
		fmt.Fprintf(&p.b, "if #last %% 2 == 0 then chat:tag('%s') end\n", v)
	case 5:
		fmt.Fprintf(&p.b, "for %s = 1, %d do\n", v, rapid.IntRange(1, 3).Draw(p.t, "rounds"))
		p.block(depth - 1)
		p.b.WriteString("end\n")
	case 6:
		fmt.Fprintf(&p.b, "local %s, why%s = pcall(function()\n", v, v)
		p.block(depth - 1)
		fmt.Fprintf(&p.b, "if #last %% 3 == 0 then error('oops ' .. last, 0) end end)\nchat:note(tostring(%s) .. tostring(why%s))\n", v, v)
	case 7:
		fmt.Fprintf(&p.b, "local %s = { 3, 1, 2 }\ntable.sort(%s, function(a, b)\n", v, v)
		p.block(depth - 1)
		fmt.Fprintf(&p.b, "return a < b end)\nchat:note(table.concat(%s))\n", v)
	case 8:
		fmt.Fprintf(&p.b, "local %s = ('ab'):gsub('%%a', function(c)\n", v)
		p.block(depth - 1)
		fmt.Fprintf(&p.b, "return c .. #last end)\nchat:note(%s)\n", v)
	case 9:
		fmt.Fprintf(&p.b, "local %s = setmetatable({}, { __index = function(_, k)\n", v)
		p.block(depth - 1)
		fmt.Fprintf(&p.b, "return k .. count end })\nchat:note(%s.x)\n", v)
	case 10:
		fmt.Fprintf(&p.b, "local function %s(n) if n == 0 then return end\n", v)
		p.block(depth - 1)
		fmt.Fprintf(&p.b, "return %s(n - 1) end\n%s(%d)\n", v, v, rapid.IntRange(1, 2).Draw(p.t, "depth"))
	case 11:
		fmt.Fprintf(&p.b, "xpcall(function()\n")
		p.block(depth - 1)
		fmt.Fprintf(&p.b, "error(last) end, function(m) chat:note('handled ' .. m:gsub('^.-: ', '')) end)\n")
	}
}

// direct runs the program without any replay: asks are answered on the spot.
// It is what replay must be indistinguishable from.
func direct(t *rapid.T, source string, answers []string) []string {
	limits := testLimits()
	limits.Instructions *= 100
	vm := sandbox.New(limits)
	defer vm.Close()
	var seen []string
	errDry := errors.New("no more answers")
	L := vm.L()
	chat := L.NewTable()
	record := func(name, format string) {
		chat.RawSetString(name, L.NewFunction(func(L *lua.LState) int {
			values := []any{}
			for i := 2; i <= L.GetTop(); i++ {
				values = append(values, L.Get(i).String())
			}
			seen = append(seen, fmt.Sprintf(format, values...))
			return 0
		}))
	}
	record("say", "say %s")
	record("note", "note %s")
	record("tag", "tag %s")
	record("set", "set conversation.%s=%s")
	chat.RawSetString("ask", L.NewFunction(func(L *lua.LState) int {
		seen = append(seen, "say "+L.Get(2).String())
		if len(answers) == 0 {
			vm.Suspend(errDry)
			return 0
		}
		answer := L.NewTable()
		answer.RawSetString("text", lua.LString(answers[0]))
		answers = answers[1:]
		L.Push(answer)
		return 1
	}))
	chunk, err := sandbox.Compile("bots/main.lua", source)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	values, err := vm.Call(vm.Load(chunk))
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	if _, err := vm.Call(values[0], chat); err != nil && !errors.Is(err, errDry) {
		t.Fatalf("%v\n%s", err, source)
	}
	return seen
}

// TestReplayIsInvisible: with every turn lost once and run again, and with
// the journal read back from JSON each time, a bot does exactly what it does
// when it is never interrupted, each effect once.
func TestReplayIsInvisible(t *testing.T) {
	t.Parallel()
	rt := New(Config{Limits: testLimits(), Messages: 1 << 20})
	bundles := 0
	rapid.Check(t, func(rt2 *rapid.T) {
		p := &program{t: rt2}
		p.b.WriteString("return function(chat)\nlocal last, count = 'none', 0\n")
		p.block(3)
		p.b.WriteString("end\n")
		answers := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,4}`), 0, 12).Draw(rt2, "answers")

		bundles++
		hash := fmt.Sprint(bundles)
		b, err := rt.Bot(hash, "main", func() (engine.Bundle, error) {
			return engine.Bundle{Hash: hash, Files: script(p.b.String())}, nil
		})
		if err != nil {
			rt2.Fatal(err)
		}
		d := driverFor(t, b)
		seen := lines(d.start("hi"))
		for _, text := range answers {
			if d.session.State != engine.SessionWaiting {
				break
			}
			seen = append(seen, lines(d.say(text))...)
		}
		if d.fault != nil {
			rt2.Fatalf("parked: %+v\n%s", d.fault, p.b.String())
		}
		if diff := cmp.Diff(direct(rt2, p.b.String(), answers), seen); diff != "" {
			rt2.Fatalf("replay shows (-uninterrupted +replayed):\n%s\n%s", diff, p.b.String())
		}
		for i, e := range d.journal {
			if e.N != i || (e.Answer == nil && i != len(d.journal)-1) {
				rt2.Fatalf("journal entry %d is %+v", i, e)
			}
		}
	})
}

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
			if f := out.Fault; f.Step != c.step || f.Line != c.line || f.File != "bots/main.lua" || f.Bot != "main" || f.Bundle == "" {
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
	rt.session.answers = 10_000
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
	if len(e.Args) > argsKept || len(e.Args) < argsKept-4 || !strings.HasSuffix(string(e.Args), "ü") {
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
