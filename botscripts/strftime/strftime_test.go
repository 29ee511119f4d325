package strftime

import (
	"testing"
	"time"
)

func TestFormat(t *testing.T) {
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
		if got, err := Format(format, at); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", format, got, err, want)
		}
	}
	for _, format := range []string{"%", "x%", "%Q", "%é"} {
		if got, err := Format(format, at); err == nil {
			t.Errorf("%q: %q", format, got)
		}
	}
}
