package botscripts

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func TestStrftime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 7, 15, 4, 5, 0, time.UTC)
	for format, want := range map[string]string{
		"%Y-%m-%d %H:%M:%S": "2026-03-07 15:04:05",
		"%A %a %B %b":       "Saturday Sat March Mar",
		"%I:%M %p":          "03:04 PM",
		"%c":                "Sat Mar  7 15:04:05 2026",
		"%x %X %D %T %F %R": "03/07/26 15:04:05 03/07/26 15:04:05 2026-03-07 15:04",
		"%j %e %y %w %%":    "066  7 26 6 %",
		"Jan 2006 ü":        "Jan 2006 ü",
		"":                  "",
	} {
		if got, err := strftime(format, at); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", format, got, err, want)
		}
	}
	for _, format := range []string{"%", "x%", "%Q", "%é"} {
		if got, err := strftime(format, at); err == nil {
			t.Errorf("%q: %q", format, got)
		}
	}
}

func TestRandom(t *testing.T) {
	t.Parallel()
	draw := func(seed int64) []float64 {
		r := &Run{Turn: engine.Turn{Session: engine.Session{Seed: seed}}}
		var out []float64
		for range 10000 {
			out = append(out, r.draw())
		}
		return out
	}
	a := draw(1)
	if !cmp.Equal(a, draw(1)) {
		t.Error("the same seed gives other numbers")
	}
	if b := draw(2); a[0] == b[0] || a[1] == b[0] {
		t.Error("another seed gives the same numbers")
	}
	buckets := make([]int, 10)
	for _, f := range a {
		if f < 0 || f >= 1 {
			t.Fatalf("%v is outside [0, 1)", f)
		}
		buckets[int(f*10)]++
	}
	for i, n := range buckets {
		if n < 850 || n > 1150 {
			t.Errorf("bucket %d has %d of 10000", i, n)
		}
	}
}

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
