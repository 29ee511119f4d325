package followup_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// A follow-up whose time comes at night waits for the consumer's morning, once told.
func TestAFollowupWaitsForTheMorning(t *testing.T) {
	t.Parallel()
	w := world(t, &planner{})
	w.Configure(func(s *engine.BrandSettings) {
		s.Outreach = engine.OutreachSettings{Quiet: engine.Span{From: 11 * 60, Until: 15*60 + 30}} // by UTC, as the address has no country
	})
	c := w.Say("later") // at noon, for noon
	w.Say("bye")
	w.Clock.Advance(24 * time.Hour)
	fire(t, w)
	if got := logged(w, c.ID); len(got) != 1 || !strings.Contains(got[0], "follow-up care waits for the end of the consumer's quiet hours, ") {
		t.Fatalf("logged %q", got)
	}
	w.Clock.Advance(3*time.Hour + 29*time.Minute)
	fire(t, w)
	if c := open(w, enginetest.Phone, enginetest.Address); c.ID != "" {
		t.Fatalf("it opened %+v", c)
	}
	w.Clock.Advance(time.Minute)
	fire(t, w)
	if c := open(w, enginetest.Phone, enginetest.Address); c.ID == "" {
		t.Error("it did not begin in the morning")
	}
	if got := logged(w, c.ID); len(got) != 1 {
		t.Errorf("logged %q", got)
	}
}

// One follow-up too many in a week is dropped, and the log says so. What the consumer or
// an agent writes in between changes nothing of the count.
func TestFollowupsOfAWeekAreBounded(t *testing.T) {
	t.Parallel()
	w := world(t, &planner{})
	w.Configure(func(s *engine.BrandSettings) { s.Outreach = engine.OutreachSettings{PerWeek: 2} })
	began := 0
	for range 4 {
		c := w.Say("later")
		w.Say("bye")
		w.Clock.Advance(24 * time.Hour)
		fire(t, w)
		if c := open(w, enginetest.Phone, enginetest.Address); c.ID != "" {
			began++
			w.Visit(c.ID)
			continue
		}
		got := logged(w, c.ID)
		if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "2 such messages in 7 days") }) {
			t.Errorf("logged %q", got)
		}
	}
	if began != 2 {
		t.Errorf("%d began in a week, 2 are allowed", began)
	}
	w.Clock.Advance(5 * 24 * time.Hour)
	w.Say("later")
	w.Say("bye")
	w.Clock.Advance(24 * time.Hour)
	fire(t, w)
	if c := open(w, enginetest.Phone, enginetest.Address); c.ID == "" {
		t.Error("none began in the next week")
	}
}
