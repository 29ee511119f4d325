package sandbox

import (
	"fmt"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// benchmarkBoth runs a program here and in plain gopher-lua.
func benchmarkBoth(b *testing.B, source string) {
	b.Helper()
	b.Run("sandbox", func(b *testing.B) { benchmarkCall(b, source) })
	b.Run("upstream", func(b *testing.B) {
		l := lua.NewState()
		defer l.Close()
		fn, err := l.LoadString(source)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			l.Push(fn)
			if err := l.PCall(0, 0, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkNewState(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New(DefaultLimits()).Close()
	}
}

func benchmarkCall(b *testing.B, source string) {
	b.Helper()
	chunk := mustCompile(b, "bench", source)
	limits := patient()
	limits.Instructions = 1 << 50
	limits.MemoryBytes = 1 << 50
	limits.Wall = 1 << 50
	limits.HeapBytes = 1 << 50
	s := New(limits)
	defer s.Close()
	fn := s.Load(chunk)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Call(fn); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoop(b *testing.B) {
	benchmarkCall(b, `local n = 0 for i = 1, 10000 do n = n + i % 7 end return n`)
}

func BenchmarkPattern(b *testing.B) {
	const text = `local t = ("order 12345 of Ava Smith, "):rep(20) local n = 0 `
	for name, body := range map[string]string{
		"nothing": `n = #t`, // what a run costs by itself: it begins with a meter of its own
		"gmatch":  `for a, w in t:gmatch("(%d+) of (%a+)") do n = n + #w end`,
		"find":    `for i = 1, 20 do n = n + t:find("Smith, $") end`,
		"literal": `for i = 1, 20 do n = n + t:find("Smith,", 1, true) end`,
		"match":   `for i = 1, 20 do n = n + #t:match("^(%a+) (%d+)") end`,
		"gsub":    `n = #t:gsub("%d+", "<%0>")`,
		"lazy":    `for i = 1, 20 do n = n + #t:match("order (.-) of (.-),") end`,
		"set":     `for i = 1, 20 do n = n + #t:match("[^,]*,%s*[%w_ ]+") end`,
	} {
		b.Run(name, func(b *testing.B) { benchmarkBoth(b, text+body) })
	}
}

func BenchmarkPcall(b *testing.B) {
	benchmarkCall(b, `local f = function() end for i = 1, 100 do pcall(f) end`)
}

func BenchmarkConcat(b *testing.B) {
	benchmarkCall(b, `local s for i = 1, 100 do s = "order " .. i .. " of " .. "Ava" end return s`)
}

// BenchmarkActivation is what a turn of a small bot costs: a fresh state, its chunk loaded and run.
func BenchmarkActivation(b *testing.B) {
	chunk := mustCompile(b, "bench", `local t = {} for i = 1, 10 do t[i] = ("item %d"):format(i) end return table.concat(t, ", ")`)
	b.ReportAllocs()
	for b.Loop() {
		s := New(DefaultLimits())
		if _, err := s.Call(s.Load(chunk)); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

func BenchmarkCompile(b *testing.B) {
	const source = `local t = {} for i = 1, 10 do t[i] = ("item %d"):format(i) .. "!" end return table.concat(t, ", ")`
	b.ReportAllocs()
	for b.Loop() {
		mustCompile(b, "bench", source)
	}
}

// BenchmarkCompileBundle compiles what a brand may have: a thousand lines in four files.
func BenchmarkCompileBundle(b *testing.B) {
	var file strings.Builder
	for i := range 25 {
		fmt.Fprintf(&file, `local function step%d(chat, order)
  local reply = chat:ask("What is the number of order " .. order.id .. "?", { match = "^%%d+$", hint = "Digits, please." })
  if reply.text == "none" or not order.items then
    chat:say("Nothing to do for " .. tostring(order.id) .. ".")
    return nil, "none"
  end
  for i, item in ipairs(order.items) do
    order.total = (order.total or 0) + item.price * (1 + %d / 100)
  end
  return order.total
end
`, i, i)
	}
	source := file.String()
	if lines := 4 * strings.Count(source, "\n"); lines < 1000 {
		b.Fatalf("%d lines", lines)
	}
	b.ReportAllocs()
	for b.Loop() {
		for range 4 {
			mustCompile(b, "bench", source)
		}
	}
}
