package botscripts

import (
	"encoding/json"
	"testing"

	"parley/engine"
)

// FuzzInput: whatever consumers, machines and agents send, a step neither
// crashes nor forgets to say what comes next, and parks only for damage that
// is no JSON of the right shape.
func FuzzInput(f *testing.F) {
	f.Add([]byte(`{"text":"12345"}`), []byte(`{"status":200,"body":"{\"a\":[1,null,{}]}"}`), []byte(`{"kind":"closed"}`))
	f.Add([]byte(`{"picked":{"id":"b","label":"x"},"location":{"lat":1}}`), []byte(`{"error":"no"}`), []byte(`{"kind":"returned","note":"n"}`))
	f.Add([]byte(`{"text":"agent\u0000\ud800","media":[{"url":"x"}]}`), []byte(`{"body":"[[[[[[[["}`), []byte(`{}`))
	files := script(`local http = require "http"
return function(chat)
	local a = chat:ask("q", { match = "^%d+$", retries = 0 })
	local b = chat:choose("c", { "A", { id = "b", label = "B" } }, { retries = 0 })
	chat:note("got " .. a.text .. tostring(b.choice))
	local r = http.get "https://x.example"
	chat:note(r.status .. r.body:sub(1, 10) .. type(r.json))
	local o = chat:handoff()
	chat:note(tostring(o.closed) .. (o.note or ""))
end`)
	bot := load(f, New(Config{Limits: testLimits()}), files, "main")
	f.Fuzz(func(t *testing.T, content, response, outcome []byte) {
		d := driverFor(t, bot)
		d.start("hi")
		for range 8 {
			var data []byte
			var kind engine.InboxKind
			var shape any
			switch d.session.Wait.Kind {
			case engine.WaitMessage:
				kind, data, shape = engine.InboxMessage, content, &engine.Content{}
			case engine.WaitResult:
				kind, data, shape = engine.InboxResult, response, &engine.HTTPResponse{}
			case engine.WaitOutcome:
				kind, data, shape = engine.InboxOutcome, outcome, &engine.HandoffOutcome{}
			}
			entry := d.entry(kind, nil)
			entry.Data = data
			d.step(entry, nil)
			if d.session.State == engine.SessionParked {
				if json.Unmarshal(data, shape) == nil && d.fault.Kind == "internal" {
					t.Fatalf("%s: %+v", data, d.fault)
				}
				return
			}
			if d.session.State == engine.SessionDone {
				return
			}
		}
	})
}

// FuzzCheck: no source makes Check crash, and what it finds is in the files.
func FuzzCheck(f *testing.F) {
	f.Add("return function(chat) chat:sey(x) y = 1 end")
	f.Add("local m = require 'http' m.nope() function a.b:c(...) repeat local z until z end")
	f.Add("for i = 1, 2 do for k in pairs{} do goto done end ::done:: end return {run = 1}")
	rt := New(Config{})
	f.Fuzz(func(t *testing.T, source string) {
		for _, p := range rt.Check(engine.Bundle{Files: script(source)}) {
			if p.Message == "" || p.Line < 0 {
				t.Errorf("%+v", p)
			}
		}
	})
}
