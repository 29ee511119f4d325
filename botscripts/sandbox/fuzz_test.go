package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// FuzzRun compiles and runs anything: it must end in time, with a value or an error, and never with a panic.
func FuzzRun(f *testing.F) {
	for _, c := range hostilePrograms(f) {
		f.Add(c[1])
	}
	for _, file := range []string{"semantics.txt", "replaced.txt"} {
		for _, c := range corpus(f, file, " => ") {
			f.Add(c[0])
		}
	}
	limits := DefaultLimits()
	limits.Instructions = 20_000
	f.Fuzz(func(t *testing.T, source string) {
		chunk, err := Compile("fuzz", source)
		if err != nil {
			var ce *CompileError
			if !errors.As(err, &ce) {
				t.Fatalf("Compile returned %T", err)
			}
			return
		}
		s := New(limits)
		defer s.Close()
		values, err := s.Call(s.Load(chunk))
		var fault *Fault
		if err != nil && (!errors.As(err, &fault) || fault.Kind == FaultInternal) {
			t.Fatalf("%+v", err)
		}
		for _, v := range values {
			if converted, err := s.ToGo(v); err == nil {
				if _, err := s.FromGo(converted); err != nil && s.meter.stop == nil {
					t.Fatalf("FromGo(ToGo(v)): %v", err)
				}
			}
		}
	})
}

// FuzzMatch compares find with a matcher written another way, and checks that gsub with the whole match changes nothing.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{
		{"hello world", "%w+"}, {"f(a(b)c)", "%b()"}, {"abc", "(a)(.-)c"}, {"THE", "%f[%a]%u+"}, {"aaa", "a-b"}, {"x]", "[]]"}, {"ab", "()a"}, {"x", "[a"}, {"x", "%"},
		{"key = value", "^(%w+)%s*=%s*(%w+)$"}, {"2026-11-22", "(%d+)-(%d+)-(%d+)"}, {"abab", "(ab)%1"}, {"a-b", "[a%-]+"}, {"x^2", "[x^]+"}, {"-", "[+--]"},
	} {
		f.Add(seed[0], seed[1])
	}
	limits := DefaultLimits()
	limits.Wall = 5 * time.Second
	chunk, err := Compile("fuzz", `local text, pattern = ...
		return text:gsub(pattern, "%0") == text, text:find(pattern)`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, pattern string) {
		if len(text) > 200 || len(pattern) > 60 {
			return
		}
		s := New(limits)
		defer s.Close()
		values, err := s.Call(s.Load(chunk), lua.LString(text), lua.LString(pattern))
		var fault *Fault
		if err != nil && (!errors.As(err, &fault) || fault.Kind == FaultInternal || fault.Budget == BudgetWall) {
			t.Fatalf("%+v", err)
		}
		if err == nil && values[0] != lua.LTrue {
			t.Errorf("gsub(%q, %q, \"%%0\") changed the text", text, pattern)
		}
		rest, anchored := strings.CutPrefix(pattern, "^")
		r := &reference{text: text, nodes: parseReference(rest)}
		if r.nodes == nil {
			return
		}
		from, to, captures, ok := r.find(anchored)
		if !ok {
			return
		}
		if err != nil {
			if fault.Kind == FaultError && fault.Message != "pattern too complex" {
				t.Errorf("find(%q, %q): %v, want %d to %d", text, pattern, err, from+1, to)
			}
			return
		}
		want := "nil"
		if from >= 0 {
			want = fmt.Sprintf("%d, %d", from+1, to)
			for _, c := range captures {
				if c.to == -2 {
					want += fmt.Sprintf(", %d", c.from+1)
				} else {
					want += ", " + text[c.from:c.to]
				}
			}
		}
		if got := show(s, values[1:]); got != want {
			t.Errorf("find(%q, %q) = %s, want %s", text, pattern, got, want)
		}
	})
}
