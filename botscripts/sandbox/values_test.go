package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	lua "github.com/yuin/gopher-lua"
)

func TestToGo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source string
		want   any
		fails  string
	}{
		{`return nil`, nil, ""},
		{`return true`, true, ""},
		{`return 1.5`, 1.5, ""},
		{`return "x"`, "x", ""},
		{`return {}`, map[string]any{}, ""},
		{`return { 1, "a", { true } }`, []any{1.0, "a", []any{true}}, ""},
		{`return { a = 1, b = { c = "d" } }`, map[string]any{"a": 1.0, "b": map[string]any{"c": "d"}}, ""},
		{`local t = { 1 } return { t, t }`, []any{[]any{1.0}, []any{1.0}}, ""},
		{`local t = {} t.self = t return t`, nil, "contains itself"},
		{`local a, b = {}, {} a.b, b.a = b, a return a`, nil, "contains itself"},
		{`return { 1, 2, x = 3 }`, nil, "both a list and named fields"},
		{`return { [3] = 1 }`, nil, "holes"},
		{`return { [1.5] = 1 }`, nil, "holes"},
		{`return { [true] = 1 }`, nil, "boolean as key"},
		{`return { f = function() end }`, nil, "a function cannot"},
		{`return 0/0`, nil, "number nan"},
		{`local t = {} for i = 1, 20 do t = { t } end return t`, nil, "more than 16 tables deep"},
		{`local t = {} for i = 1, 5000 do t[i] = i end return t`, nil, "more than 4096 entries"},
		{`return ("x"):rep(65537)`, nil, "more than 65536 bytes"},
		{`return { [("x"):rep(65537)] = 1 }`, nil, "more than 65536 bytes"},
	}
	for _, test := range tests {
		s := New(patient())
		values, err := s.Call(s.Load(mustCompile(t, "test", test.source)))
		if err != nil {
			t.Fatalf("%s: %v", test.source, err)
		}
		got, err := s.ToGo(values[0])
		switch {
		case test.fails != "":
			if err == nil || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%s: error %v, want %q", test.source, err, test.fails)
			}
		case err != nil:
			t.Errorf("%s: %v", test.source, err)
		default:
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: %s", test.source, diff)
			}
		}
		s.Close()
	}
}

func TestFromGo(t *testing.T) {
	t.Parallel()
	const source = `local v = ...
		local function walk(v)
			if type(v) ~= "table" then return type(v) .. ":" .. tostring(v) end
			local s = "{" for k, x in pairs(v) do s = s .. tostring(k) .. "=" .. walk(x) .. " " end return s .. "}"
		end
		return walk(v)`
	chunk := mustCompile(t, "test", source)
	deep := any("x")
	for range 20 {
		deep = []any{deep}
	}
	tests := []struct {
		value any
		want  string
		fails string
	}{
		{nil, "nil:nil", ""},
		{true, "boolean:true", ""},
		{7, "number:7", ""},
		{int64(8), "number:8", ""},
		{1.25, "number:1.25", ""},
		{"text", "string:text", ""},
		{[]any{1, "a"}, "{1=number:1 2=string:a }", ""},
		{[]string{"p", "q"}, "{1=string:p 2=string:q }", ""},
		{map[string]any{"z": 1, "a": []any{}, "m": nil}, "{a={} z=number:1 }", ""},
		{map[string]string{"b": "2", "a": "1"}, "{a=string:1 b=string:2 }", ""},
		{lua.LNumber(3), "number:3", ""},
		{struct{}{}, "", "a Go struct {} cannot"},
		{deep, "", "more than 16 tables deep"},
		{make([]any, 5000), "", "more than 4096 entries"},
		{strings.Repeat("x", 65537), "", "more than 65536 bytes"},
	}
	for _, test := range tests {
		s := New(patient())
		value, err := s.FromGo(test.value)
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%T: error %v, want %q", test.value, err, test.fails)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", test.value, err)
			continue
		}
		results, err := s.Call(s.Load(chunk), value)
		if err != nil || show(s, results) != test.want {
			t.Errorf("%v: is %v %v, want %s", test.value, results, err, test.want)
		}
		s.Close()
	}
}

func TestFromGoIsCharged(t *testing.T) {
	t.Parallel()
	limits := patient()
	limits.MemoryBytes = 100_000
	s := New(limits)
	defer s.Close()
	for range 2 {
		if _, err := s.FromGo(strings.Repeat("x", 60_000)); err != nil {
			return
		}
	}
	t.Error("120 kB passed a budget of 100 kB")
}
