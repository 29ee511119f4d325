package time

import (
	"testing"
	"time"
)

func FuzzParseTime(f *testing.F) {
	f.Add("2026-12-24")
	f.Add("2026-12-24 17:30")
	f.Add(" 2026-12-24T17:30:05+01:00 ")
	f.Add("0000-01-01T00:00Z")
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseTime(text, zone)
		if !ok {
			return
		}
		if at = at.UTC(); at.Year() < 1 || at.Year() > 9998 {
			return // RFC 3339 has four digits
		}
		again, ok := parseTime(at.Format(time.RFC3339), zone)
		if !ok || again.Unix() != at.Unix() {
			t.Fatalf("%q is %v, which reads as %v", text, at, again)
		}
		for _, months := range []int{-13, 1, 12} {
			if got := addMonths(at, months); got.Day() > at.Day()+1 {
				t.Fatalf("%v and %d months is %v", at, months, got)
			}
		}
	})
}
