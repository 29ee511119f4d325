package botscripts

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"

	"parley/botscripts/kernel"
	"parley/botscripts/modules/math"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/understanding/choice"
)

// program writes random bots whose host calls sit in loops, closures, pcall,
// sort and gsub callbacks, iterators, metamethods and nested bots.
type program struct {
	t    *rapid.T
	b    strings.Builder
	next int
}

const prologue = `local http, store = require "http", require "store"
return function(chat)
local last, count = 'none', 0
`

func (p *program) name() string {
	p.next++
	return fmt.Sprintf("v%d", p.next)
}

func (p *program) block(depth int) {
	for range rapid.IntRange(1, 3).Draw(p.t, "statements") {
		p.statement(depth)
	}
}

// call writes a statement with one host call.
func (p *program) call() {
	v := p.name()
	switch rapid.IntRange(0, 12).Draw(p.t, "call") {
	case 0:
		fmt.Fprintf(&p.b, "chat:say('say %s ' .. last)\n", v)
	case 1, 2:
		fmt.Fprintf(&p.b, "last = chat:ask('ask %s ' .. last).text\n", v)
	case 3:
		fmt.Fprintf(&p.b, "count = count + 1 chat:note('note %s ' .. count)\n", v)
	case 4:
		fmt.Fprintf(&p.b, "chat:set('%s', #last)\n", v)
	case 5:
		fmt.Fprintf(&p.b, "if #last %% 2 == 0 then chat:tag('%s') end\n", v)
	case 6:
		fmt.Fprintf(&p.b, "last = tostring(chat:choose('choose %s', { 'alpha', 'beta', 'gamma' }, { retries = 0 }).choice)\n", v)
	case 7:
		fmt.Fprintf(&p.b, "last = http.get('https://x.example/%s?' .. count).body\n", v)
	case 8:
		fmt.Fprintf(&p.b, "chat:note('%s at ' .. os.time())\n", v)
	case 9:
		fmt.Fprintf(&p.b, "count = count + math.random(1, 9)\n")
	case 10:
		fmt.Fprintf(&p.b, "chat:wait(%d)\n", rapid.IntRange(1, 100).Draw(p.t, "seconds"))
	case 11:
		fmt.Fprintf(&p.b, "store.set('k%d', last .. count)\n", rapid.IntRange(1, 3).Draw(p.t, "key"))
	case 12:
		fmt.Fprintf(&p.b, "last = tostring(store.get('k%d'))\n", rapid.IntRange(1, 3).Draw(p.t, "key"))
	}
}

func (p *program) statement(depth int) {
	kind := 0
	if depth > 0 {
		kind = rapid.IntRange(0, 14).Draw(p.t, "statement")
	}
	v := p.name()
	inner := func(format string, values ...any) {
		fmt.Fprintf(&p.b, format, values...)
		p.block(depth - 1)
	}
	switch kind {
	case 1:
		inner("for %s = 1, %d do\n", v, rapid.IntRange(1, 3).Draw(p.t, "rounds"))
		p.b.WriteString("end\n")
	case 2:
		inner("local %s, why%s = pcall(function()\n", v, v)
		fmt.Fprintf(&p.b, "if #last %% 3 == 0 then error('oops ' .. last, 0) end end)\nchat:note(tostring(%s) .. tostring(why%s))\n", v, v)
	case 3:
		inner("local %s = { 3, 1, 2 }\ntable.sort(%s, function(a, b)\n", v, v)
		fmt.Fprintf(&p.b, "return a < b end)\nchat:note(table.concat(%s))\n", v)
	case 4:
		inner("local %s = ('ab'):gsub('%%a', function(c)\n", v)
		fmt.Fprintf(&p.b, "return c .. #last end)\nchat:note(%s)\n", v)
	case 5:
		inner("local %s = setmetatable({}, { __index = function(_, k)\n", v)
		fmt.Fprintf(&p.b, "return k .. count end })\nchat:note(%s.x)\n", v)
	case 6:
		inner("local function %s(n) if n == 0 then return end\n", v)
		fmt.Fprintf(&p.b, "return %s(n - 1) end\n%s(%d)\n", v, v, rapid.IntRange(1, 2).Draw(p.t, "depth"))
	case 7:
		inner("xpcall(function()\n")
		p.b.WriteString("error(last) end, function(m) chat:note('handled ' .. m:gsub('^.-: ', '')) end)\n")
	case 8: // closures that share a variable
		inner("local function make%s() local n = 0 return function() n = n + 1\n", v)
		fmt.Fprintf(&p.b, "return n end end\nlocal %s = make%s() %s() chat:note('closure ' .. %s())\n", v, v, v, v)
	case 9:
		inner("local %s = setmetatable({}, { __add = function(a, b)\n", v)
		fmt.Fprintf(&p.b, "return count end, __concat = function() return 'c' .. count end, __call = function(_, x) return x + count end })\nchat:note((%s + 1) .. (%s .. 'x') .. %s(2))\n", v, v, v)
	case 10:
		inner("for %s in (function() local i = 0 return function() i = i + 1 if i > 2 then return end\n", v)
		fmt.Fprintf(&p.b, "return i end end)() do chat:note('item ' .. %s) end\n", v)
	case 11:
		inner("local %s = setmetatable({}, { __newindex = function(t, k, x)\n", v)
		fmt.Fprintf(&p.b, "rawset(t, k, x .. count) end })\n%s.x = last chat:note(%s.x)\n", v, v)
	case 12:
		inner("local i%s = 0 while i%s < 2 do i%s = i%s + 1\n", v, v, v, v)
		p.b.WriteString("end\n")
	case 13:
		inner("local %s = setmetatable({}, { __tostring = function()\n", v)
		fmt.Fprintf(&p.b, "return 't' .. count end, __eq = function() return true end })\nchat:note(tostring(%s))\n", v)
	default:
		p.call()
	}
}

// world is what is outside of a bot: it answers by itself and remembers.
type world struct {
	answers []string // of the consumer
	calls   int
	values  map[string][]byte
}

func (w *world) http() engine.HTTPResponse {
	w.calls++
	return engine.HTTPResponse{Status: 200, Body: fmt.Sprintf("r%d", w.calls)}
}

func (w *world) query(q engine.ValueQuery) engine.ValueAnswer {
	if q.Op == "set" {
		w.values[q.Key] = q.Data
	}
	data, ok := w.values[q.Key]
	return engine.ValueAnswer{Done: ok, Data: data, Version: 1}
}

// wake gives the driver what its session waits for; nil when nothing will come.
func (w *world) wake(d *driver, effects []engine.Effect) *engine.InboxEntry {
	switch d.session.Wait.Kind {
	case engine.WaitMessage:
		if len(w.answers) == 0 {
			return nil
		}
		text := w.answers[0]
		w.answers = w.answers[1:]
		return d.entry(engine.InboxMessage, engine.Content{Text: text})
	case engine.WaitTimer:
		d.now = d.session.Wait.Until
		return d.entry(engine.InboxTimer, nil)
	case engine.WaitResult:
		switch last := effects[len(effects)-1]; {
		case last.HTTP != nil:
			return d.entry(engine.InboxResult, w.http())
		case last.Query != nil && last.Query.Value != nil:
			return d.entry(engine.InboxResult, w.query(*last.Query.Value))
		}
	}
	return nil
}

// shown is line, with the effects that only this test has.
func shown(effects []engine.Effect) []string {
	var out []string
	for _, e := range effects {
		switch {
		case e.Query != nil && e.Query.Value != nil:
			out = append(out, "store "+e.Query.Value.Op+" "+e.Query.Value.Key+string(e.Query.Value.Data))
		default:
			out = append(out, line(e))
		}
	}
	return out
}

// straight runs a program without journal and replay: each host call is
// answered on the spot. It is what replay must be indistinguishable from.
type straight struct {
	vm   *sandbox.State
	w    *world
	now  time.Time
	run  *kernel.Run // for its random numbers
	seen []string
}

// errDry ends a straight run whose consumer says no more.
var errDry = errors.New("no more answers")

func (s *straight) record(format string, values ...any) {
	s.seen = append(s.seen, fmt.Sprintf(format, values...))
}

func (s *straight) function(fn func(L *lua.LState) []lua.LValue) *lua.LFunction {
	return s.vm.L().NewFunction(func(L *lua.LState) int {
		values := fn(L)
		for _, v := range values {
			L.Push(v)
		}
		return len(values)
	})
}

// answer takes the consumer's next message; ok is false when there is none.
func (s *straight) answer() (text string, ok bool) {
	if len(s.w.answers) == 0 {
		s.vm.Suspend(errDry)
		return "", false
	}
	text, s.w.answers = s.w.answers[0], s.w.answers[1:]
	return text, true
}

func (s *straight) chat() *lua.LTable {
	L := s.vm.L()
	chat := L.NewTable()
	for name, format := range map[string]string{"say": "say %s", "note": "note %s", "tag": "tag %s", "set": "set conversation.%s=%s"} {
		chat.RawSetString(name, s.function(func(L *lua.LState) []lua.LValue {
			var values []any
			for i := 2; i <= L.GetTop(); i++ {
				values = append(values, L.Get(i).String())
			}
			s.record(format, values...)
			return nil
		}))
	}
	chat.RawSetString("ask", s.function(func(L *lua.LState) []lua.LValue {
		s.record("say %s", L.Get(2).String())
		text, ok := s.answer()
		if !ok {
			return nil
		}
		t := L.NewTable()
		t.RawSetString("text", lua.LString(text))
		return []lua.LValue{t}
	}))
	chat.RawSetString("choose", s.function(func(L *lua.LState) []lua.LValue {
		s.record("say %s [alpha | beta | gamma]", L.Get(2).String())
		text, ok := s.answer()
		if !ok {
			return nil
		}
		options := []choice.Option{{ID: "alpha", Label: "alpha"}, {ID: "beta", Label: "beta"}, {ID: "gamma", Label: "gamma"}}
		t := L.NewTable()
		if i, ok := choice.Resolve(options, text, "", false); ok {
			t.RawSetString("choice", lua.LString(options[i].ID))
		}
		return []lua.LValue{t}
	}))
	chat.RawSetString("wait", s.function(func(L *lua.LState) []lua.LValue {
		s.now = s.now.Add(time.Duration(lua.LVAsNumber(L.Get(2))) * time.Second)
		s.record("timer %s", s.now.UTC().Format(time.RFC3339))
		return nil
	}))
	return chat
}

func (s *straight) modules() map[string]*lua.LTable {
	L := s.vm.L()
	http, store := L.NewTable(), L.NewTable()
	http.RawSetString("get", s.function(func(L *lua.LState) []lua.LValue {
		s.record("http GET %s", L.Get(1).String())
		t := L.NewTable()
		t.RawSetString("body", lua.LString(s.w.http().Body))
		return []lua.LValue{t}
	}))
	store.RawSetString("set", s.function(func(L *lua.LState) []lua.LValue {
		data, err := json.Marshal(L.Get(2).String())
		if err != nil {
			panic(err)
		}
		s.record("store set %s%s", L.Get(1).String(), data)
		s.w.query(engine.ValueQuery{Op: "set", Key: L.Get(1).String(), Data: data})
		return nil
	}))
	store.RawSetString("get", s.function(func(L *lua.LState) []lua.LValue {
		s.record("store get %s", L.Get(1).String())
		answer := s.w.query(engine.ValueQuery{Op: "get", Key: L.Get(1).String()})
		if !answer.Done {
			return []lua.LValue{lua.LNil}
		}
		var text string
		if err := json.Unmarshal(answer.Data, &text); err != nil {
			panic(err)
		}
		return []lua.LValue{lua.LString(text)}
	}))
	return map[string]*lua.LTable{"http": http, "store": store}
}

func direct(t *rapid.T, source string, w *world) []string {
	limits := testLimits()
	limits.Instructions *= 100
	s := &straight{vm: sandbox.New(limits), w: w, now: sunday(), run: &kernel.Run{Turn: engine.Turn{Session: engine.Session{Seed: 42}}}}
	defer s.vm.Close()
	L := s.vm.L()
	modules := s.modules()
	L.SetGlobal("require", s.function(func(L *lua.LState) []lua.LValue { return []lua.LValue{modules[L.Get(1).String()]} }))
	os := L.NewTable()
	os.RawSetString("time", s.function(func(*lua.LState) []lua.LValue { return []lua.LValue{lua.LNumber(s.now.Unix())} }))
	L.SetGlobal("os", os)
	maths, ok := L.GetGlobal("math").(*lua.LTable)
	if !ok {
		t.Fatal("no math")
	}
	maths.RawSetString("random", L.NewFunction(func(L *lua.LState) int {
		s.run.VM = s.vm
		return math.Module().Exports[0].Do(kernel.Args{Run: s.run, L: L, Fn: "math.random"})
	}))
	chunk, err := sandbox.Compile("bots/main.lua", source)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	values, err := s.vm.Call(s.vm.Load(chunk))
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	if _, err := s.vm.Call(values[0], s.chat()); err != nil && !errors.Is(err, errDry) {
		t.Fatalf("%v\n%s", err, source)
	}
	return s.seen
}

// TestReplayIsInvisible: with every turn lost once and run again, woken for
// nothing in between, and with the journal read back from JSON each time, a bot
// does exactly what it does when it is never interrupted, each effect once.
func TestReplayIsInvisible(t *testing.T) {
	t.Parallel()
	rt := New(Config{Limits: testLimits(), Messages: 1 << 20, Calls: 1 << 20})
	bundles := 0
	rapid.Check(t, func(rt2 *rapid.T) {
		p := &program{t: rt2}
		p.b.WriteString(prologue)
		p.block(3)
		p.b.WriteString("end\n")
		source := p.b.String()
		answers := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,4}`), 0, 12).Draw(rt2, "answers")

		bundles++
		hash := fmt.Sprint(bundles)
		b, err := rt.Bot(hash, "main", func() (engine.Bundle, error) {
			return engine.Bundle{Hash: hash, Files: script(source)}, nil
		})
		if err != nil {
			rt2.Fatal(err)
		}
		d := driverFor(t, b)
		w := &world{answers: answers, values: map[string][]byte{}}
		effects := d.start("hi")
		seen := shown(effects)
		for turns := 0; d.session.State == engine.SessionWaiting && turns < 150; turns++ {
			if idle := d.dry(nil, nil); idle.UsedInput || len(idle.Journal)+len(idle.Effects) > 0 || idle.Wait.Step != d.session.Wait.Step {
				rt2.Fatalf("woken for nothing, the bot did something: %+v\n%s", idle, source)
			}
			in := w.wake(d, effects)
			if in == nil {
				break
			}
			effects = d.step(in, nil)
			seen = append(seen, shown(effects)...)
		}
		if d.fault != nil {
			rt2.Fatalf("parked: %+v\n%s", d.fault, source)
		}
		want := direct(rt2, source, &world{answers: answers, values: map[string][]byte{}})
		if len(seen) < len(want) && d.session.State == engine.SessionWaiting && d.session.Wait.Kind != engine.WaitMessage {
			want = want[:len(seen)] // a long program, cut above
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			rt2.Fatalf("replay shows (-uninterrupted +replayed):\n%s\n%s", diff, source)
		}
		for i, e := range d.journal {
			if e.N != i || (e.Answer == nil && i != len(d.journal)-1) {
				rt2.Fatalf("journal entry %d is %+v", i, e)
			}
		}
	})
}
