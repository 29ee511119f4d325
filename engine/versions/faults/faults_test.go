package faults

import (
	"strings"
	"testing"
	"unicode/utf8"

	"parley/engine"
)

func TestNormal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"attempt to index a nil value (local 'x')", `attempt to index a nil value (local "…")`},
		{"order 48213 of 2026-11-22 10:30 is gone", "order # of #-#-# # is gone"},
		{`expected ask {"text":"Your \"name\", Kim?"}, got say {"text":"Hi"}`, `expected ask {"…":"…"}, got say {"…":"…"}`},
		{"session 01936a5e-7c1e-7b2a-9d3f-0a1b2c3d4e5f is done", "session # is done"},
		{"table: 0xc000123abc", "table: #"},
		{"it's the bot's fault", "it's the bot's fault"},
		{"a\n\tb   c ", "a b c"},
		{"it costs 1.5 and 1,000.00", "it costs # and #"},
		{"bad \xff byte", "bad � byte"},
		{"“quoted” `code`", `"…" "…"`},
		{"", ""},
	} {
		if got := Normal(c.in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
	if got := Normal(strings.Repeat("ä", 400)); len(got) > maxNormal || !utf8.ValidString(got) {
		t.Errorf("a long message has %d bytes", len(got))
	}
}

func FuzzNormal(f *testing.F) {
	f.Add("order 48213 of \"Kim\"")
	f.Fuzz(func(t *testing.T, s string) {
		got := Normal(s)
		if len(got) > maxNormal || !utf8.ValidString(got) || strings.ContainsAny(got, "0123456789\n") {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestID(t *testing.T) {
	t.Parallel()
	f := engine.Fault{Kind: "error", Message: "no order 1", File: "bots/a.lua", Line: 4, Version: "h1", Step: 3}
	id := ID(f)
	if len(id) != 16 {
		t.Errorf("the id is %q", id)
	}
	same := f
	same.Message, same.Step, same.Traceback = "no order 22", 9, "trace"
	if ID(same) != id {
		t.Error("what differs between conversations tells mistakes apart")
	}
	for _, change := range []func(*engine.Fault){
		func(f *engine.Fault) { f.Kind = "budget" }, func(f *engine.Fault) { f.Message = "no bike" }, func(f *engine.Fault) { f.File = "bots/b.lua" },
		func(f *engine.Fault) { f.Line++ }, func(f *engine.Fault) { f.Version = "h2" },
	} {
		other := f
		change(&other)
		if ID(other) == id {
			t.Errorf("%+v has the same id", other)
		}
	}
}
