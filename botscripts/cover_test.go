package botscripts

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func TestTrace(t *testing.T) {
	t.Parallel()
	files := script("local function never()\n  return 1\nend\nreturn function(chat)\n  chat:say 'a'\n  chat:ask 'b'\n  chat:say 'c'\nend")
	var mu sync.Mutex
	ran := map[int]bool{}
	rt := New(Config{Limits: testLimits(), Trace: func(file string, line int) {
		mu.Lock()
		defer mu.Unlock()
		if file == "bots/main.lua" {
			ran[line] = true
		}
	}})
	d := driverFor(t, load(t, rt, files, "main"))
	left := func() []int {
		lines, err := rt.Lines(engine.Bundle{Hash: "lines" + t.Name(), Files: files})
		if err != nil {
			t.Fatal(err)
		}
		var out []int
		for _, n := range lines["bots/main.lua"] {
			if !ran[n] {
				out = append(out, n)
			}
		}
		return out
	}
	d.start("hi")
	if diff := cmp.Diff([]int{2, 7}, left()); diff != "" {
		t.Error(diff)
	}
	d.say("x")
	if diff := cmp.Diff([]int{2}, left()); diff != "" {
		t.Error(diff)
	}
	if _, err := rt.Lines(engine.Bundle{Hash: "bad", Files: script("(")}); err == nil {
		t.Error("lines of a bundle that does not compile")
	}
}
