package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// TestMatcherAgreesWithUpstream runs every pattern on every text here and in gopher-lua, whose matcher is written another way.
// %f is left out: gopher-lua has none.
func TestMatcherAgreesWithUpstream(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "a", "ab", "aaa", "hello world", "  trim me  ", "key=value; k2=v2", "2026-11-22T10:20:30", "f(a(b)c)d(e)",
		"ünïcode", "a.b.c", "[x]y]z", "THE END", "x^2-1", "order 12345 and 678", "aXbXc", "tab\there\nline", "%d%s", "abcabcabc",
	}
	patterns := []string{
		"", "a", "a*", "a+", "a-", "a?", ".", ".*", ".+", ".-", "^a", "a$", "^a$", "^$", "$", "%a+", "%d+", "%s+", "%w+", "%p", "%u%l*",
		"%S+", "%W", "[abc]", "[^abc]", "[a-c]+", "[%a_][%w_]*", "[%]]", "[]]", "[^]]", "[a-]", "[-a]", "[%-x]", "(a)", "(a)(b)", "(.)(.)", "((a)(b))",
		"()a()", "(%w+)=(%w+)", "(%d+)-(%d+)-(%d+)", "%b()", "%b[]", "^%s*(.-)%s*$", "(.-)%s", "(a*(.)%w(%s*))", "(%a)%1", "l+o",
		"%.", "%%", "%^", "o w", "(X)", "X(.-)X", "[%d%s]+", "%x+", "c$", "^(a-)b", "(%S+)%s+(%S+)", "[^%s]+$",
	}
	upstream := lua.NewState()
	defer upstream.Close()
	compared := 0
	for _, function := range []string{"find", "match", "gsub"} {
		body := fmt.Sprintf("string.%s(...)", function)
		if function == "gsub" {
			body = `(function(s, p) return string.gsub(s, p, "<%0>") end)(...)`
		}
		source := "return " + body
		chunk := mustCompile(t, "pattern", source)
		theirs, err := upstream.LoadString(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			for _, pat := range patterns {
				s := New(patient())
				ours, err := s.Call(s.Load(chunk), lua.LString(text), lua.LString(pat))
				if err != nil {
					t.Errorf("%s(%q, %q): %v", function, text, pat, err)
					continue
				}
				got := show(s, ours)
				s.Close()
				top := upstream.GetTop()
				upstream.Push(theirs)
				upstream.Push(lua.LString(text))
				upstream.Push(lua.LString(pat))
				if err := upstream.PCall(2, lua.MultRet, nil); err != nil {
					continue
				}
				var results []string
				for i := top + 1; i <= upstream.GetTop(); i++ {
					results = append(results, upstream.Get(i).String())
				}
				upstream.SetTop(top)
				want := strings.Join(results, ", ")
				if want == "" && got == "nil" {
					continue // upstream's match returns no value
				}
				compared++
				if got != want {
					t.Errorf("%s(%q, %q) = %s, gopher-lua has %s", function, text, pat, got, want)
				}
			}
		}
	}
	if compared < 2000 {
		t.Errorf("only %d results compared", compared)
	}
}

func TestMatcherLimits(t *testing.T) {
	t.Parallel()
	tests := []struct{ source, message string }{
		{`return ("a"):rep(300):find(("(a"):rep(1) .. ("a?"):rep(250) .. ")b")`, "pattern too complex"},
		{`return ("a"):find(("()"):rep(33))`, "too many captures"},
		{`return ("a"):match(("()"):rep(32))`, ""},
		{`return ("x"):match("%f")`, "missing '[' after '%f' in pattern"},
		{`return ("x"):match("%bx")`, "unbalanced pattern"},
		{`return ("a"):rep(200000):match("^" .. ("a"):rep(1000))`, ""},
		{`return #("a"):rep(100000):match(".*")`, ""},
		{`return ("x"):gsub("x", "%1")`, ""},
		{`return ("x"):gsub("x", "%2")`, "invalid capture index"},
	}
	for _, test := range tests {
		_, err := run(t, patient(), test.source)
		var fault *Fault
		switch {
		case test.message == "" && err != nil:
			t.Errorf("%s: %v", test.source, err)
		case test.message != "" && (!errors.As(err, &fault) || fault.Message != test.message):
			t.Errorf("%s: %v, want %q", test.source, err, test.message)
		}
	}
}
