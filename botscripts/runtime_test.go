package botscripts

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestBotErrors(t *testing.T) {
	t.Parallel()
	rt := New(Config{})
	get := func(name string, files map[string]string, err error) error {
		_, got := rt.Bot(fmt.Sprint(files), name, func() (engine.Bundle, error) { return engine.Bundle{Files: files}, err })
		return got
	}
	if err := get("main", script("return function("), nil); engine.CodeOf(err) != engine.Invalid || !strings.Contains(err.Error(), "bots/main.lua:1") {
		t.Errorf("does not compile: %v", err)
	}
	if err := get("other", script("return function() end"), nil); engine.CodeOf(err) != engine.NotFound || !strings.Contains(err.Error(), "main") {
		t.Errorf("no such bot: %v", err)
	}
	gone := errors.New("gone")
	if err := get("x", map[string]string{"bots/x.lua": "return 1"}, gone); !errors.Is(err, gone) {
		t.Errorf("load failed: %v", err)
	}
	if err := get("x", map[string]string{"bots/x.lua": "return 1"}, nil); err != nil {
		t.Errorf("a failed load is remembered: %v", err)
	}
}

func TestBundlesCompileOnce(t *testing.T) {
	t.Parallel()
	rt := New(Config{Bundles: 2, Limits: testLimits()})
	var loads atomic.Int32
	get := func(hash string) {
		if _, err := rt.Bot(hash, "main", func() (engine.Bundle, error) {
			loads.Add(1)
			return engine.Bundle{Files: script("return function() end")}, nil
		}); err != nil {
			t.Error(err)
		}
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { get("a") })
	}
	all.Wait()
	if n := loads.Load(); n != 1 {
		t.Errorf("loaded %d times", n)
	}
	get("b")
	get("a")
	get("c") // drops b, the least recently used
	get("a")
	if n := loads.Load(); n != 3 {
		t.Errorf("loaded %d times, want 3", n)
	}
	get("b")
	if n := loads.Load(); n != 4 {
		t.Errorf("loaded %d times, want 4", n)
	}
}

// TestPanickingLoad: nobody waits for ever for a load that panicked.
func TestPanickingLoad(t *testing.T) {
	t.Parallel()
	rt := New(Config{})
	func() {
		defer func() { _ = recover() }()
		_, _ = rt.Bot("h", "main", func() (engine.Bundle, error) { panic("disk on fire") })
	}()
	if _, err := rt.Bot("h", "main", func() (engine.Bundle, error) {
		return engine.Bundle{Files: script("return function() end")}, nil
	}); err != nil {
		t.Error(err)
	}
}

// TestStepsInParallel shares one compiled bundle between many sessions.
func TestStepsInParallel(t *testing.T) {
	t.Parallel()
	b := load(t, New(Config{Parallel: 3, Limits: testLimits()}), map[string]string{
		"bots/main.lua": "local lib = require 'lib.x'\nreturn function(chat) for i = 1, 3 do chat:say(lib.next() .. chat:ask('q').text) end end",
		"lib/x.lua":     "local n = 0\nreturn { next = function() n = n + 1 return n end }",
	}, "main")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			d := driverFor(t, b)
			d.start("hi")
			for n := 1; n <= 3; n++ {
				want := fmt.Sprintf("say %d%d-%d", n, i, n)
				if got := lines(d.say(fmt.Sprintf("%d-%d", i, n))); got[0] != want {
					t.Errorf("got %q, want %q", got[0], want)
				}
			}
		})
	}
	all.Wait()
}

func TestRequireCycle(t *testing.T) {
	t.Parallel()
	d := newDriver(t, map[string]string{
		"bots/main.lua": "require 'lib.a'\nreturn function() end",
		"lib/a.lua":     "return require 'lib.b'",
		"lib/b.lua":     "return require 'lib.a'",
	})
	d.start("hi")
	if d.fault == nil || !strings.Contains(d.fault.Message, `module "lib.a" requires itself`) || d.fault.File != "lib/b.lua" {
		t.Errorf("fault %+v", d.fault)
	}
}

func TestStoppedStepsRunAgain(t *testing.T) {
	t.Parallel()
	for once, want := range map[bool]int{false: 2, true: 1} {
		limits := testLimits()
		limits.Wall, limits.Instructions = 200*time.Millisecond, 1<<50
		begun := 0
		rt := New(Config{Limits: limits, Once: once, Trace: func(_ string, line int) {
			if line == 2 {
				begun++
			}
		}})
		d := driverFor(t, load(t, rt, script("return function(chat)\n\twhile true do end\nend"), "main"))
		out, err := d.bot.Step(d.turn(nil, &engine.Content{Text: "hi"}))
		if err != nil || out.Fault == nil || out.Fault.Kind != "budget" {
			t.Fatalf("%v %+v", err, out.Fault)
		}
		if begun != want {
			t.Errorf("once %t: ran %d times, want %d", once, begun, want)
		}
	}
}
