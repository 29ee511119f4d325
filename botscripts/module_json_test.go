package botscripts

import (
	"strings"
	"testing"

	"parley/botscripts/kernel"
)

// TestJSONIsRightOrTold: what Lua's numbers cannot hold stays as it was written, and what is no JSON says where.
func TestJSONIsRightOrTold(t *testing.T) {
	t.Parallel()
	table(t, "json", nil, nil,
		`json.decode('9007199254740992')`, "9007199254740992",
		`type(json.decode('9007199254740993'))`, "string",
		`json.decode('[9007199254740993]')`, "9007199254740993",
		`json.decode('{"id": 12345678901234567890}').id`, "12345678901234567890",
		`json.decode('{"a": [{"id": -9007199254740993}]}').a[1].id`, "-9007199254740993",
		`type(json.decode('{"id": 1234567890123456}').id)`, "number",
		`type(json.decode('{"x": 0.12345678901234567890}').x)`, "number",
		`json.decode('{"text": "12345678901234567890", "n": 5}').n`, "5",
		`json.encode(json.decode('{"a":[],"b":{},"c":[[],{}]}'))`, `{"a":[],"b":{},"c":[[],{}]}`,
		`json.encode({ items = json.decode("[]") })`, `{"items":[]}`,
		`json.encode({})`, `{}`,
		`json.encode((function() local t = json.decode("[]") t[1] = 5 return t end)())`, `[5]`,
		`json.encode((function() local t = json.decode("[]") t.x = 5 return t end)())`, `{"x":5}`,
		`json.encode((function() local t = json.decode("[1]") t[1] = nil return t end)())`, `[]`,
		`json.decode('')`, "nil the text is empty",
		`json.decode('{"a": 1')`, "nil the text ends at byte 7 in the middle of a value",
		`json.decode('{"a": nope}')`, `nil invalid character 'o' in literal null (expecting 'u') at byte 8, near "{\"a\": nope}"`,
		`json.decode('\239\187\191{"a": 1}').a`, "1",
		`json.decode('{"a": 1} x')`, `nil invalid character 'x' after top-level value at byte 10, near "{\"a\": 1} x"`,
		`json.decode('[1,]')`, `nil invalid character ']' looking for beginning of value at byte 4, near "[1,]"`,
		`json.decode('01')`, `nil invalid character '1' after top-level value at byte 2, near "01"`,
		`json.decode('[1e400, 1]')[1]`, "1e400",
		`json.decode('[1e400, 1]')[2]`, "1",
		`json.decode("{'a': 1}")`, `nil invalid character '\'' looking for beginning of object key string at byte 2, near "{'a': 1}"`,
	)
}

// TestLogShortens: a long or odd line is cut and logged, never an error.
func TestLogShortens(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local log = require "log"
return function(chat)
  log(("ä"):rep(50000))
  log("\255bytes", nil, true, 1.5, log)
  log(("x"):rep(3000), ("y"):rep(3000))
end`))
	var got []string
	for _, e := range d.start("hi") {
		if e.Log != nil {
			got = append(got, *e.Log)
		}
	}
	if d.fault != nil || len(got) != 3 {
		t.Fatalf("%d lines, fault %+v", len(got), d.fault)
	}
	for i, line := range got {
		if len(line) > kernel.MaxText || strings.ToValidUTF8(line, "") != line {
			t.Errorf("line %d has %d bytes: %q…", i, len(line), line[:20])
		}
	}
	if !strings.HasSuffix(got[0], "ä…") || got[1] != "\uFFFDbytes nil true 1.5 function" || len(got[2]) < 3000 {
		t.Errorf("%q, %q", got[0][len(got[0])-8:], got[1])
	}
}

// TestHandoffLanguage: a language that there is not is an error before anybody waits for somebody who speaks it.
func TestHandoffLanguage(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"de": "", "pt-BR": "", "english": "language must be", "xx-": "language must be", "de_DE!": "language must be"} {
		d := newDriver(t, script(`return function(chat) chat:handoff { skill = "care", language = "`+language+`" } end`))
		d.start("hi")
		if (d.fault != nil) != (want != "") || d.fault != nil && !strings.Contains(d.fault.Message, want) {
			t.Errorf("%q: fault %+v, want %q", language, d.fault, want)
		}
	}
}
