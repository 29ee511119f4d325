package sandbox

import (
	"errors"
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

// FuzzMatch checks that gsub with the whole match changes nothing and that find and match agree.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{
		{"hello world", "%w+"}, {"f(a(b)c)", "%b()"}, {"abc", "(a)(.-)c"}, {"THE", "%f[%a]%u+"}, {"aaa", "a-b"}, {"x]", "[]]"}, {"ab", "()a"}, {"x", "[a"}, {"x", "%"},
	} {
		f.Add(seed[0], seed[1])
	}
	limits := DefaultLimits()
	limits.Instructions = 50_000
	limits.Wall = 5 * time.Second
	chunk, err := Compile("fuzz", `local text, pattern = ...
		local first, last = text:find(pattern)
		local whole = text:gsub(pattern, "%0")
		local count = 0
		for _ in text:gmatch(pattern) do count = count + 1 end
		return whole == text, first, last, text:match("(" .. pattern:gsub("^%^", "") .. ")"), count`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, pattern string) {
		s := New(limits)
		defer s.Close()
		values, err := s.Call(s.Load(chunk), lua.LString(text), lua.LString(pattern))
		var fault *Fault
		if err != nil {
			if !errors.As(err, &fault) || fault.Kind == FaultInternal || fault.Budget == BudgetWall {
				t.Fatalf("%+v", err)
			}
			return
		}
		if values[0] != lua.LTrue {
			t.Errorf("gsub(%q, %q, \"%%0\") changed the text", text, pattern)
		}
		if first, ok := values[1].(lua.LNumber); ok {
			last, _ := values[2].(lua.LNumber)
			if first < 1 || last < first-1 || int(last) > len(text) {
				t.Errorf("find(%q, %q) = %v, %v", text, pattern, first, last)
			}
			if matched, ok := values[3].(lua.LString); ok && !strings.HasPrefix(pattern, "^") && !strings.Contains(pattern, "%") && text[int(first)-1:int(last)] != string(matched) && !plainPattern(pattern) && !strings.HasSuffix(pattern, "$") {
				t.Errorf("find(%q, %q) and match differ: %q", text, pattern, matched)
			}
		}
	})
}
