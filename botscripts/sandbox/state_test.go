package sandbox

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

var errWait = errors.New("waits for an answer")

// TestSuspendSurvivesEverything calls a suspending host function from every place that could swallow an error.
func TestSuspendSurvivesEverything(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`ask()`,
		`return ask()`,
		`local x = "a" .. ask() after()`,
		`pcall(ask) after()`,
		`pcall(function() ask() end) after()`,
		`pcall(function() return ask() end) after()`,
		`pcall(pcall, pcall, ask) after()`,
		`while true do pcall(ask) after() end`,
		`xpcall(ask, function() after() end) after()`,
		`xpcall(error, ask) after()`,
		`table.sort({3, 2, 1}, ask) after()`,
		`table.sort({3, 2, 1}, function(a, b) ask() return a < b end) after()`,
		`local s = ("abc"):gsub("%w", ask) after()`,
		`local s = ("abc"):gsub("%w", function() return ask() end) after()`,
		`local s = ("abc"):gsub("%w", setmetatable({}, { __index = ask })) after()`,
		`tostring(setmetatable({}, { __tostring = ask })) after()`,
		`local s = string.format("%s %s", setmetatable({}, { __tostring = ask }), after()) after()`,
		`local v = setmetatable({}, { __index = ask }).x after()`,
		`local v = setmetatable({}, { __add = ask }) + 1 after()`,
		`local v = setmetatable({}, { __concat = ask }) .. 1 after()`,
		`local v = "x" + setmetatable({}, { __add = ask }) after()`,
		`local m = { __lt = ask } table.sort({ setmetatable({}, m), setmetatable({}, m) }) after()`,
		`for x in ask do after() end after()`,
		`local t = { ask() } after()`,
		`nested(ask) after()`,
		`pcall(nested, function() pcall(ask) end) after()`,
	} {
		s := New(patient())
		passed := 0
		s.L().SetGlobal("ask", s.L().NewFunction(func(l *lua.LState) int {
			s.Suspend(errWait)
			l.Push(lua.LString("none"))
			return 1
		}))
		s.L().SetGlobal("after", s.L().NewFunction(func(*lua.LState) int { passed++; return 0 }))
		s.L().SetGlobal("nested", s.L().NewFunction(func(l *lua.LState) int {
			if _, err := s.Call(l.Get(1)); !errors.Is(err, errWait) {
				t.Errorf("%s: nested Call returned %v", source, err)
			}
			return 0
		}))
		if strings.Contains(source, "after()) after()") { // arguments are evaluated before the call
			passed--
		}
		_, err := s.Call(s.Load(mustCompile(t, "test", source)))
		if !errors.Is(err, errWait) {
			t.Errorf("%s: Call returned %v", source, err)
		}
		if passed != 0 {
			t.Errorf("%s: ran on after the suspension", source)
		}
		if _, err := s.Call(s.Load(mustCompile(t, "test", "return 1"))); !errors.Is(err, errWait) {
			t.Errorf("%s: the stop did not stick: %v", source, err)
		}
		s.Resume()
		values, err := s.Call(s.Load(mustCompile(t, "test", "return 1")))
		if err != nil || show(s, values) != "1" {
			t.Errorf("%s: after Resume: %v %v", source, values, err)
		}
		s.Close()
	}
}

func TestBudgetsCannotBeCaught(t *testing.T) {
	t.Parallel()
	limits := patient()
	limits.MemoryBytes = 4 << 20
	for source, budget := range map[string]string{
		`while true do pcall(function() while true do end end) end`:                            BudgetInstructions,
		`while true do pcall(string.rep, "x", 1e9) end`:                                        BudgetString,
		`while true do pcall(string.rep, "x", 500000) end`:                                     BudgetMemory,
		`while true do pcall(function() local t = {} t[#t + 200000] = 1 end) end`:              BudgetMemory,
		`while true do local t = {} rawset(t, 262000, 1) end`:                                  BudgetMemory,
		`while true do local t = { [262000] = 1 } end`:                                         BudgetMemory,
		`local i = 262000 while true do ({ a = {} }).a[i] = 1 end`:                             BudgetMemory,
		`while true do local u = setmetatable({}, { __newindex = {} }) u[260000] = 1 end`:      BudgetMemory,
		`while true do pcall(("a"):rep(3000).find, ("a"):rep(3000), (".-"):rep(6) .. "b") end`: BudgetInstructions,
		`while true do pcall(charge, 1e6) end`:                                                 BudgetMemory,
	} {
		s := New(limits)
		s.L().SetGlobal("charge", s.L().NewFunction(func(l *lua.LState) int {
			s.Charge(int64(l.CheckInt(1)))
			return 0
		}))
		_, err := s.Call(s.Load(mustCompile(t, "test", source)))
		var fault *Fault
		if !errors.As(err, &fault) || fault.Kind != FaultBudget || fault.Budget != budget {
			t.Errorf("%s: %v, want the %s budget", source, err, budget)
			continue
		}
		if fault.File != "test" || fault.Line != 1 || fault.Transient() {
			t.Errorf("%s: %+v", source, fault)
		}
		s.Close()
	}
}

func TestWallAndHeapBudgets(t *testing.T) {
	t.Parallel()
	limits := patient()
	limits.Instructions = 1 << 40
	limits.Wall = 20 * time.Millisecond
	_, err := run(t, limits, `while true do end`)
	var fault *Fault
	if !errors.As(err, &fault) || fault.Budget != BudgetWall || !fault.Transient() {
		t.Errorf("%v, want the wall budget", err)
	}
	limits = patient()
	limits.Instructions = 1 << 40
	limits.HeapBytes = 8 << 20
	_, err = run(t, limits, `local t = {} while true do t[#t + 1] = { {}, {}, {} } end`)
	if !errors.As(err, &fault) || fault.Budget != BudgetHeap || !fault.Transient() {
		t.Errorf("%v, want the heap budget", err)
	}
}

func TestResetBudget(t *testing.T) {
	t.Parallel()
	limits := patient()
	limits.Instructions = 3000
	limits.MemoryBytes = 10_000
	s := New(limits)
	defer s.Close()
	s.L().SetGlobal("caught_up", s.L().NewFunction(func(*lua.LState) int { s.ResetBudget(); return 0 }))
	const work = `for i = 1, 500 do end local s = ("x"):rep(6000) `
	if _, err := s.Call(s.Load(mustCompile(t, "test", work+"caught_up() "+work+"caught_up() "+work))); err != nil {
		t.Errorf("with fresh budgets: %v", err)
	}
	before := s.Instructions()
	if before < 1500 {
		t.Errorf("Instructions() = %d after three times 500", before)
	}
	_, err := s.Call(s.Load(mustCompile(t, "test", work+work)))
	var fault *Fault
	if !errors.As(err, &fault) || fault.Budget != BudgetMemory {
		t.Errorf("without: %v", err)
	}
}

func TestFaultTellsWhere(t *testing.T) {
	t.Parallel()
	s := New(patient())
	defer s.Close()
	s.L().SetGlobal("crash", s.L().NewFunction(func(*lua.LState) int { panic("host bug") }))
	source := "local function deep()\n  error('no stock')\nend\nlocal function outer()\n  deep()\n  return 1\nend\nouter()\n"
	_, err := s.Call(s.Load(mustCompile(t, "bots/acme.lua", source)))
	var fault *Fault
	if !errors.As(err, &fault) {
		t.Fatal(err)
	}
	if fault.Kind != FaultError || fault.File != "bots/acme.lua" || fault.Line != 2 || fault.Message != "no stock" {
		t.Errorf("%+v", fault)
	}
	if fault.Error() != "bots/acme.lua:2: no stock" {
		t.Errorf("Error() = %q", fault.Error())
	}
	want := "bots/acme.lua:2: in function at line 1\nbots/acme.lua:5: in function at line 4\nbots/acme.lua:8: in the outermost function\n"
	if fault.Traceback != want {
		t.Errorf("traceback\n%s want\n%s", fault.Traceback, want)
	}
	_, err = s.Call(s.Load(mustCompile(t, "bots/acme.lua", "\n\npcall(crash)")))
	if !errors.As(err, &fault) || fault.Kind != FaultInternal || fault.Message != "host bug" || fault.Line != 3 {
		t.Errorf("after a panic: %+v", err)
	}
	if !strings.Contains(fault.Traceback, "TestFaultTellsWhere.func") {
		t.Errorf("the panic's origin is not in the traceback:\n%s", fault.Traceback)
	}
	s.Resume()
	if _, err := s.Call(s.Load(mustCompile(t, "x", "return 1"))); err == nil {
		t.Error("a state whose VM panicked was used again")
	}
}

func TestErrorObjectsKeepTheirIdentity(t *testing.T) {
	t.Parallel()
	values, err := run(t, patient(), `
		local problem = setmetatable({ code = 404 }, { __tostring = function(p) return "code " .. p.code end })
		local ok, e = pcall(function() local ok, e = pcall(error, problem) error(e) end)
		return ok, e == problem, e.code, tostring(e)`)
	if err != nil {
		t.Fatal(err)
	}
	s := New(patient())
	defer s.Close()
	if got := show(s, values); got != "false, true, 404, code 404" {
		t.Error(got)
	}
}

// TestChunkIsShared runs one chunk in many states at once; the race detector judges.
func TestChunkIsShared(t *testing.T) {
	t.Parallel()
	chunk := mustCompile(t, "shared", `local n = 0 for i = 1, 100 do pcall(function() n = n + #("x" .. i) end) end counter = (counter or 0) + n return counter`)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				s := New(patient())
				values, err := s.Call(s.Load(chunk))
				if err != nil || show(s, values) != "292" {
					t.Errorf("%v %v", values, err)
				}
				s.Close()
			}
		})
	}
	group.Wait()
}

func TestRaise(t *testing.T) {
	t.Parallel()
	s := New(patient())
	defer s.Close()
	s.L().SetGlobal("refuse", s.L().NewFunction(func(l *lua.LState) int {
		Raise(l, "100% no")
		return 0
	}))
	values, err := s.Call(s.Load(mustCompile(t, "test", "local _, a = pcall(refuse)\nlocal _, b = pcall(function() refuse() end)\nreturn a, b")))
	if err != nil || show(s, values) != "100% no, test:2: 100% no" {
		t.Errorf("%v %v", values, err)
	}
}

func TestClosedState(t *testing.T) {
	t.Parallel()
	s := New(patient())
	fn := s.Load(mustCompile(t, "x", "return 1"))
	s.Close()
	s.Close()
	s.Resume()
	if _, err := s.Call(fn); err == nil {
		t.Error("a closed state ran")
	}
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, source string
		line         int
		message      string
	}{
		{"syntax", "local x = 1\nlocal = 2\n", 2, `syntax error near "="`},
		{"end of file", "if true then\n  x()\n", 2, "syntax error near the end of the file"},
		{"bad break", "local x\nbreak", 2, "no loop to break"},
		{"bad goto", "goto nowhere", 1, "no visible label 'nowhere' for <goto> at line 1"},
		{"too large", strings.Repeat("-", MaxSourceBytes+1), 0, "the file has 65537 bytes, the limit is 65536"},
		{"deep expression", "return " + strings.Repeat("- ", 101) + "x", 1, "nested too deeply"},
		{"deep parentheses", "return " + strings.Repeat("f(", 120) + strings.Repeat(")", 120), 1, "nested too deeply"},
		{"deep blocks", strings.Repeat("do ", 120) + strings.Repeat("end ", 120), 1, "nested too deeply"},
		{"long sum", "return a" + strings.Repeat("+a", 16000), 1, "nested too deeply"},
		{"long power", "return a" + strings.Repeat("^a", 16000), 1, "nested too deeply"},
		{"long concat", "return a" + strings.Repeat("..a", 61), 1, "more than 60 operands"},
		{"nots", "return " + strings.Repeat("not ", 10000) + "x", 1, "nested too deeply"},
		{"control byte", "local x = \x01", 1, ""},
		{"upvalues", manyUpvalues(), 0, "outer locals"},
		{"locals", strings.Repeat("local x\n", 300), 0, "too many local variables"},
	}
	for _, test := range tests {
		started := time.Now()
		_, err := Compile("bots/x.lua", test.source)
		var ce *CompileError
		if !errors.As(err, &ce) {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if ce.File != "bots/x.lua" || test.line != 0 && ce.Line != test.line || !strings.Contains(ce.Message, test.message) {
			t.Errorf("%s: %+v", test.name, ce)
		}
		if d := time.Since(started); d > 3*time.Second {
			t.Errorf("%s: took %v", test.name, d)
		}
	}
	for _, source := range []string{
		"\ufeffreturn 1",
		"return a" + strings.Repeat("..a", 59),
		"if a then" + strings.Repeat(" elseif b then", 500) + " end",
		"return a" + strings.Repeat("+a", 90),
	} {
		if _, err := Compile("x", source); err != nil {
			t.Errorf("%.40q…: %v", source, err)
		}
	}
}

// manyUpvalues nests functions with 150 locals each around one that uses all of them.
func manyUpvalues() string {
	var b strings.Builder
	use := "return 0"
	for _, group := range []string{"a", "b"} {
		b.WriteString("return function() ")
		for i := range 150 {
			name := group + strings.Repeat("x", i)
			b.WriteString("local " + name + " = 1 ")
			use += "; local _ = " + name
		}
	}
	use = strings.Replace(use, "return 0; ", "", 1)
	uses := strings.Split(use, "; ")
	b.WriteString("return function() do ")
	for i, u := range uses {
		if i > 0 && i%50 == 0 {
			b.WriteString("end do ")
		}
		b.WriteString(u + " ")
	}
	b.WriteString("end end end end")
	return b.String()
}
