package botscripts

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// TestClock: the time is the turn's, stays what it was on replay, and is told
// in the zone that the brand had when the session began.
func TestClock(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`return function(chat)
		local before = os.time()
		chat:ask "q"
		chat:say((os.time() - before) .. " " .. os.date("%H:%M", before) .. " " .. os.date("!%H:%M", before) .. " " .. os.date "%H:%M")
	end`))
	d.start("hi")
	d.now = d.now.Add(90 * time.Minute)
	d.brand.Settings.TimeZone = "Asia/Tokyo"
	if diff := cmp.Diff([]string{"say 5400 10:00 09:00 11:30"}, lines(d.say("x"))); diff != "" {
		t.Error(diff)
	}
}

// TestHandoffTells: at most 20 attempts go along, the latest.
func TestHandoffTells(t *testing.T) {
	t.Parallel()
	d := newDriver(t, script(`local faq = require "faq"
return function(chat)
	for i = 1, 25 do faq.search("nonsense " .. i) end
	chat:handoff { facts = { b = true, a = 1.5, from = "override" } }
end`))
	h := d.start("hi")[0].Handoff
	if len(h.Tried) != 20 || h.Tried[19].What != `searched the FAQ for "nonsense 25": nothing found` || h.Tried[0].What != `searched the FAQ for "nonsense 6": nothing found` {
		t.Errorf("tried %+v", h.Tried)
	}
	want := []engine.Fact{{Name: "a", Value: "1.5"}, {Name: "b", Value: "true"}, {Name: "from", Value: "override"}}
	if diff := cmp.Diff(want, h.Facts); diff != "" {
		t.Error(diff)
	}
}
