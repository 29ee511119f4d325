package hours

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
)

const (
	berlin  = "Europe/Berlin"
	newYork = "America/New_York"
)

func span(from, until int) engine.Span { return engine.Span{From: from, Until: until} }

func shift(s engine.Span, days ...time.Weekday) engine.Shift {
	return engine.Shift{Days: days, Span: s}
}

func everyDay(s engine.Span) engine.Shift { return shift(s, 0, 1, 2, 3, 4, 5, 6) }

// shop is open Monday to Friday 9–18, Saturday 10–14 and 15–17.
func shop() engine.Hours {
	return engine.Hours{
		Shifts: []engine.Shift{
			shift(span(9*60, 18*60), time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday),
			shift(span(10*60, 14*60), time.Saturday),
			shift(span(15*60, 17*60), time.Saturday),
		},
		Closed: []string{"2026-12-25", "2026-12-31"},
		Extra: map[string][]engine.Span{
			"2026-12-24": {span(9*60, 12*60)},
			"2026-12-27": {span(12*60, 16*60)},
			"2026-12-31": {span(9*60, 12*60)}, // also closed
		},
	}
}

func night() engine.Hours {
	return engine.Hours{
		Shifts: []engine.Shift{everyDay(span(22*60, 30*60))},
		Closed: []string{"2026-12-25"},
		Extra:  map[string][]engine.Span{"2026-12-30": {span(20*60, 28*60)}, "2026-12-31": {span(12*60, 13*60)}},
	}
}

func at(t *testing.T, rfc string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, rfc)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestIsOpen(t *testing.T) {
	t.Parallel()
	overLoneGap := engine.Hours{Shifts: []engine.Shift{everyDay(span(2*60, 2*60+45))}}
	fromGap := engine.Hours{Shifts: []engine.Shift{everyDay(span(2*60+30, 4*60))}}
	twice := engine.Hours{Shifts: []engine.Shift{everyDay(span(60, 90))}}
	elsewhere := shop()
	elsewhere.TimeZone = newYork
	tests := []struct {
		name  string
		hours engine.Hours
		zone  string
		at    string
		want  bool
	}{
		{"zero value", engine.Hours{}, "", "2026-11-22T03:00:00Z", true},
		{"zone alone", engine.Hours{TimeZone: berlin}, "", "2026-11-22T03:00:00Z", true},
		{"first minute", shop(), berlin, "2026-11-23T09:00:00+01:00", true},
		{"second before", shop(), berlin, "2026-11-23T08:59:59+01:00", false},
		{"last second", shop(), berlin, "2026-11-23T17:59:59+01:00", true},
		{"end is out", shop(), berlin, "2026-11-23T18:00:00+01:00", false},
		{"break", shop(), berlin, "2026-11-21T14:30:00+01:00", false},
		{"second shift", shop(), berlin, "2026-11-21T16:30:00+01:00", true},
		{"sunday", shop(), berlin, "2026-11-22T12:00:00+01:00", false},
		{"same instant by another zone's clock", shop(), berlin, "2026-11-23T03:30:00-05:00", true},
		{"own zone beats the brand's", elsewhere, berlin, "2026-11-23T09:30:00+01:00", false},
		{"own zone", elsewhere, berlin, "2026-11-23T09:30:00-05:00", true},
		{"closed day", shop(), berlin, "2026-12-25T12:00:00+01:00", false},
		{"extra replaces the week", shop(), berlin, "2026-12-24T13:00:00+01:00", false},
		{"extra", shop(), berlin, "2026-12-24T11:00:00+01:00", true},
		{"extra sunday", shop(), berlin, "2026-12-27T12:00:00+01:00", true},
		{"off beats on", shop(), berlin, "2026-12-31T10:00:00+01:00", false},
		{"only closed days: else open", engine.Hours{Closed: []string{"2026-12-25"}}, berlin, "2026-12-26T03:00:00+01:00", true},
		{"only closed days", engine.Hours{Closed: []string{"2026-12-25"}}, berlin, "2026-12-25T03:00:00+01:00", false},
		{"unknown zone is UTC", shop(), "Mars/Olympus", "2026-11-23T09:00:00Z", true},

		{"past midnight", night(), berlin, "2026-11-24T05:59:00+01:00", true},
		{"past midnight ends", night(), berlin, "2026-11-24T06:00:00+01:00", false},
		{"not into a closed day", night(), berlin, "2026-12-25T00:00:00+01:00", false},
		{"up to a closed day", night(), berlin, "2026-12-24T23:59:00+01:00", true},
		{"not out of a closed day", night(), berlin, "2026-12-26T01:00:00+01:00", false},
		{"week not into an extra day", night(), berlin, "2026-12-30T01:00:00+01:00", false},
		{"extra into extra", night(), berlin, "2026-12-31T03:00:00+01:00", true},
		{"extra into extra ends", night(), berlin, "2026-12-31T04:00:00+01:00", false},

		// Berlin: 29 March 2026 02:00 → 03:00, 25 October 2026 03:00 → 02:00.
		{"spring morning", shop(), berlin, "2026-03-30T09:00:00+02:00", true},
		{"night shift over spring", night(), berlin, "2026-03-29T05:59:00+02:00", true},
		{"night shift over spring ends", night(), berlin, "2026-03-29T06:00:00+02:00", false},
		{"a span that is skipped whole", overLoneGap, berlin, "2026-03-29T03:00:00+02:00", false},
		{"a start that is skipped counts from the change", fromGap, berlin, "2026-03-29T03:00:00+02:00", true},
		{"and not before", fromGap, berlin, "2026-03-29T01:59:59+01:00", false},
		{"autumn first coming", overLoneGap, berlin, "2026-10-25T02:44:00+02:00", true},
		{"autumn second coming", overLoneGap, berlin, "2026-10-25T02:10:00+01:00", false},
		{"night shift over autumn", night(), berlin, "2026-10-25T05:59:00+01:00", true},

		// New York: 8 March 2026 02:00 → 03:00, 1 November 2026 02:00 → 01:00.
		{"new york spring day", shop(), newYork, "2026-03-09T09:00:00-04:00", true},
		{"new york before spring", shop(), newYork, "2026-03-06T09:00:00-05:00", true},
		{"new york skipped start", fromGap, newYork, "2026-03-08T03:00:00-04:00", true},
		{"new york first coming", twice, newYork, "2026-11-01T01:10:00-04:00", true},
		{"new york second coming", twice, newYork, "2026-11-01T01:10:00-05:00", false},
		// Cairo sets its clock back at midnight: 30 October 2026 00:00 → 29 October 23:00.
		{"midnight comes twice", engine.Hours{Closed: []string{"2026-10-30"}}, "Africa/Cairo", "2026-10-29T23:30:00+03:00", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := IsOpen(tt.hours, tt.zone, at(t, tt.at)); got != tt.want {
				t.Errorf("IsOpen(%s) = %v, want %v", tt.at, got, tt.want)
			}
		})
	}
}

func TestNextOpening(t *testing.T) {
	t.Parallel()
	fromGap := engine.Hours{Shifts: []engine.Shift{everyDay(span(2*60+30, 4*60))}}
	never := engine.Hours{Shifts: []engine.Shift{shift(span(0, 60))}}
	later := engine.Hours{Shifts: []engine.Shift{shift(span(0, 60))}, Extra: map[string][]engine.Span{"2027-10-01": {span(60, 120)}}}
	tests := []struct {
		name  string
		hours engine.Hours
		zone  string
		at    string
		want  string // "" for never
	}{
		{"open now", shop(), berlin, "2026-11-23T12:34:56+01:00", "2026-11-23T12:34:56+01:00"},
		{"always open", engine.Hours{}, berlin, "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z"},
		{"later today", shop(), berlin, "2026-11-21T14:10:00+01:00", "2026-11-21T15:00:00+01:00"},
		{"after the weekend", shop(), berlin, "2026-11-21T17:00:00+01:00", "2026-11-23T09:00:00+01:00"},
		{"over closed days", shop(), berlin, "2026-12-24T12:00:00+01:00", "2026-12-26T10:00:00+01:00"},
		{"over spring", shop(), berlin, "2026-03-28T18:00:00+01:00", "2026-03-30T09:00:00+02:00"},
		{"over autumn", shop(), newYork, "2026-10-31T18:00:00-04:00", "2026-11-02T09:00:00-05:00"},
		{"skipped start", fromGap, berlin, "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"midnight of a closed day", night(), berlin, "2026-12-25T00:00:00+01:00", "2026-12-26T22:00:00+01:00"},
		{"open again after a closed day", engine.Hours{Closed: []string{"2026-12-25"}}, berlin, "2026-12-25T08:00:00+01:00", "2026-12-26T00:00:00+01:00"},
		{"never", never, berlin, "2026-11-22T00:00:00Z", ""},
		{"within 400 days", later, "UTC", "2026-11-22T00:00:00Z", "2027-10-01T01:00:00Z"},
		{"beyond 400 days", later, "UTC", "2026-08-01T00:00:00Z", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := NextOpening(tt.hours, tt.zone, at(t, tt.at))
			if ok != (tt.want != "") {
				t.Fatalf("NextOpening(%s) = %v, %v", tt.at, got, ok)
			}
			if ok && !got.Equal(at(t, tt.want)) {
				t.Errorf("NextOpening(%s) = %v, want %s", tt.at, got, tt.want)
			}
		})
	}
}

// The next opening is open, and nothing between is.
func TestNextOpeningAgreesWithIsOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := shop()
		if rapid.Bool().Draw(t, "night") {
			h = night()
		}
		zone := rapid.SampledFrom([]string{berlin, newYork, "Africa/Cairo", "Australia/Lord_Howe"}).Draw(t, "zone")
		start := time.Unix(rapid.Int64Range(1767225600, 1798761600).Draw(t, "unix"), 0) // 2026
		next, ok := NextOpening(h, zone, start)
		if !ok {
			t.Fatalf("never opens after %v", start)
		}
		if !IsOpen(h, zone, next) {
			t.Fatalf("%v is said to be an opening, and is closed", next)
		}
		for probe := start; probe.Before(next); probe = probe.Add(17 * time.Minute) {
			if IsOpen(h, zone, probe) {
				t.Fatalf("open at %v, before the opening at %v", probe, next)
			}
		}
	})
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	closedTillJanuary := engine.Hours{Shifts: shop().Shifts, Closed: []string{"2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02"}}
	tests := []struct {
		hours engine.Hours
		at    string
		lang  string
		want  string
	}{
		{shop(), "2026-11-23T08:00:00+01:00", "en", "today at 09:00"},
		{shop(), "2026-11-23T19:00:00+01:00", "en-GB", "tomorrow at 09:00"},
		{shop(), "2026-11-21T18:00:00+01:00", "en", "Monday at 09:00"},
		{shop(), "2026-11-21T18:00:00+01:00", "de-AT", "Montag um 09:00 Uhr"},
		{shop(), "2026-11-21T18:00:00+01:00", "es", "el lunes a las 09:00"},
		{shop(), "2026-11-21T18:00:00+01:00", "fr", "lundi à 09:00"},
		{shop(), "2026-11-21T18:00:00+01:00", "pt", "Monday at 09:00"},
		{shop(), "2026-11-23T19:00:00+01:00", "DE", "morgen um 09:00 Uhr"},
		{closedTillJanuary, "2026-12-26T18:00:00+01:00", "en", "Monday 4 January at 09:00"},
		{closedTillJanuary, "2026-12-26T18:00:00+01:00", "de", "Montag, 4. Januar, um 09:00 Uhr"},
		{closedTillJanuary, "2026-12-26T18:00:00+01:00", "es", "el lunes 4 de enero a las 09:00"},
		{closedTillJanuary, "2026-12-26T18:00:00+01:00", "fr", "lundi 4 janvier à 09:00"},
		{shop(), "2026-11-23T12:00:00+01:00", "en", ""},
		{engine.Hours{}, "2026-11-23T12:00:00+01:00", "en", ""},
		{engine.Hours{Shifts: []engine.Shift{shift(span(0, 60))}}, "2026-11-23T12:00:00+01:00", "en", ""},
		// 23:30 in Berlin is still today in UTC, but tomorrow for the shop.
		{shop(), "2026-11-23T23:30:00Z", "en", "today at 09:00"},
	}
	for _, tt := range tests {
		if got := Describe(tt.hours, berlin, at(t, tt.at), tt.lang); got != tt.want {
			t.Errorf("Describe(%s, %s) = %q, want %q", tt.at, tt.lang, got, tt.want)
		}
	}
}
