package outreach_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/outreach"
)

func zone(t interface{ Fatal(...any) }, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	berlin, madeira, york, angeles, sydney := zone(t, "Europe/Berlin"), zone(t, "Atlantic/Madeira"), zone(t, "America/New_York"), zone(t, "America/Los_Angeles"), zone(t, "Australia/Sydney")
	night := engine.Span{From: 21 * 60, Until: 32 * 60}
	for name, tt := range map[string]struct {
		quiet engine.Span
		zones []*time.Location
		now   string
		want  string // "" for at once
	}{
		"day":                   {night, []*time.Location{berlin}, "2026-12-01T12:00:00+01:00", ""},
		"evening":               {night, []*time.Location{berlin}, "2026-12-01T21:00:00+01:00", "2026-12-02T08:00:00+01:00"},
		"after midnight":        {night, []*time.Location{berlin}, "2026-12-02T03:00:00+01:00", "2026-12-02T08:00:00+01:00"},
		"the end":               {night, []*time.Location{berlin}, "2026-12-02T08:00:00+01:00", ""},
		"the consumer's clock":  {night, []*time.Location{york}, "2026-12-01T12:00:00+01:00", "2026-12-01T14:00:00+01:00"},
		"no zone is the home's": {night, nil, "2026-12-01T22:00:00+01:00", "2026-12-02T08:00:00+01:00"},
		"two zones":             {night, []*time.Location{york, angeles}, "2026-12-02T08:30:00-05:00", "2026-12-02T08:00:00-08:00"},
		"half the world":        {night, []*time.Location{berlin, york, sydney}, "2026-12-01T12:00:00+01:00", ""},
		"a near one":            {night, []*time.Location{berlin, madeira}, "2026-12-01T08:30:00+01:00", "2026-12-01T08:00:00+00:00"},
		"at noon":               {engine.Span{From: 12 * 60, Until: 14 * 60}, []*time.Location{berlin}, "2026-12-01T13:00:00+01:00", "2026-12-01T14:00:00+01:00"},
		"none":                  {engine.Span{}, []*time.Location{berlin}, "2026-12-01T03:00:00+01:00", ""},
		// The clock goes from 2 to 3 in that night.
		"a lost hour":  {engine.Span{From: 22 * 60, Until: (24 + 2) * 60}, []*time.Location{berlin}, "2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"},
		"a long night": {night, []*time.Location{berlin}, "2026-10-24T23:00:00+02:00", "2026-10-25T08:00:00+01:00"},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		d := outreach.Decide(engine.OutreachSettings{Quiet: tt.quiet}, nil, tt.zones, berlin, now)
		got := ""
		if !d.Wait.IsZero() {
			got = d.Wait.Format(time.RFC3339)
		}
		want, _ := time.Parse(time.RFC3339, tt.want)
		if (tt.want == "") != d.Wait.IsZero() || !d.Wait.Equal(want) || d.Refused != "" {
			t.Errorf("%s: wait until %q, want %q (%s)", name, got, tt.want, d.Refused)
		}
	}
}

func TestCaps(t *testing.T) {
	t.Parallel()
	s := engine.OutreachSettings{PerDay: 2, PerWeek: 3}
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	var before []int64
	for _, step := range []struct {
		after   time.Duration
		refused string
	}{
		{0, ""}, {time.Hour, ""}, {time.Hour, "2 such messages in 24 hours"}, {22 * time.Hour, ""}, {25 * time.Hour, "3 such messages in 7 days"},
		{119*time.Hour + 30*time.Minute, ""}, {time.Minute, "3 such messages in 7 days"},
	} {
		now = now.Add(step.after)
		d := outreach.Decide(s, before, nil, time.UTC, now)
		if (step.refused == "") != (d.Refused == "") || !strings.Contains(d.Refused, step.refused) {
			t.Fatalf("at %v: %q, want %q", now, d.Refused, step.refused)
		}
		if d.Refused == "" {
			before = outreach.Began(before, now)
		}
	}
}

// What is decided never begins in quiet hours of a near zone, never exceeds the caps, and
// what is kept of it is bounded.
func TestAlways(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{zone(t, "Europe/Berlin"), zone(t, "Europe/London"), zone(t, "America/New_York")}
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 1439).Draw(t, "from")
		s := engine.OutreachSettings{
			Quiet:  engine.Span{From: from, Until: from + rapid.IntRange(1, 900).Draw(t, "long")},
			PerDay: rapid.IntRange(0, 3).Draw(t, "day"), PerWeek: rapid.IntRange(0, engine.MostOutreach).Draw(t, "week"),
		}
		z := zones[rapid.IntRange(0, 2).Draw(t, "zone")]
		now := time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)
		var before []int64
		var began []time.Time
		for range rapid.IntRange(1, 120).Draw(t, "tries") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30*60).Draw(t, "minutes")) * time.Minute)
			d := outreach.Decide(s, before, []*time.Location{z}, time.UTC, now)
			if d.Refused != "" {
				continue
			}
			if !d.Wait.IsZero() {
				if !d.Wait.After(now) || d.Wait.Sub(now) > 25*time.Hour {
					t.Fatalf("at %v it waits until %v", now, d.Wait)
				}
				continue
			}
			local := now.In(z)
			minute := local.Hour()*60 + local.Minute()
			if minute >= s.Quiet.From && minute < s.Quiet.Until || minute+1440 < s.Quiet.Until {
				t.Fatalf("%v is in %+v", local, s.Quiet)
			}
			before = outreach.Began(before, now)
			began = append(began, now)
		}
		within := func(span time.Duration, most int) {
			for i, first := range began {
				n := 0
				for _, at := range began[i:] {
					if at.Sub(first) < span {
						n++
					}
				}
				if most > 0 && n > most {
					t.Fatalf("%d in %v, %d are allowed", n, span, most)
				}
			}
		}
		within(24*time.Hour, s.PerDay)
		within(7*24*time.Hour, s.PerWeek)
		if len(before) > engine.MostOutreach {
			t.Fatalf("%d are kept", len(before))
		}
	})
}
