package sandbox

import (
	"testing"
	"testing/synctest"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// A process that is stopped for a while, or gets no processor, takes nothing from a script's budgets: neither the
// time, nor what others put onto the heap meanwhile.
func TestAStandstillIsNotTheScripts(t *testing.T) {
	t.Parallel()
	var kept [][]byte
	for name, standstill := range map[string]func(){
		"time": func() { time.Sleep(time.Hour) },
		"heap": func() {
			kept = append(kept, make([]byte, 2*DefaultLimits().HeapBytes))
			time.Sleep(time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(DefaultLimits())
				defer s.Close()
				s.L().SetGlobal("stop", s.L().NewFunction(func(*lua.LState) int { standstill(); return 0 }))
				_, err := s.Call(s.Load(mustCompile(t, "test", `local n = 0 stop() for i = 1, 10000 do n = n + 1 end stop() for i = 1, 10000 do n = n + 1 end return n`)))
				if err != nil {
					t.Error(err)
				}
			})
		})
	}
	clear(kept)
}
