package sandbox

import "testing"

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
	benchmarkCall(b, `local t = ("order 12345 of Ava Smith, "):rep(20) local n = 0 for a, w in t:gmatch("(%d+) of (%a+)") do n = n + #w end return n`)
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
