package egress

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		value, date string
		want        time.Duration
	}{
		{"", "", 0},
		{"5", "", 5 * time.Second},
		{" 5 ", "", 5 * time.Second},
		{"0", "", 0},
		{"-5", "", 0},
		{"+5", "", 0},
		{"x", "", 0},
		{"5 s", "", 0},
		{"1e3", "", 0},
		{"0x10", "", 0},
		{"99999999", "", time.Hour},
		{"4294967296", "", time.Hour},
		{"99999999999999999999", "", time.Hour},
		{"299.997", "", 300 * time.Second},
		{"0.2", "", time.Second},
		{"2.", "", 0},
		{".5", "", 0},
		{"1.2.3", "", 0},
		{"Fri, 02 Jan 2026 03:04:35 GMT", "", 30 * time.Second},
		{"Friday, 02-Jan-26 03:04:35 GMT", "", 30 * time.Second},
		{"Fri Jan  2 03:04:35 2026", "", 30 * time.Second},
		{"Thu, 01 Jan 2026 03:04:35 GMT", "", 0},
		{"Fri, 02 Jan 2099 03:04:35 GMT", "", time.Hour},
		// By the clock of the server, which may not be ours.
		{"Fri, 02 Jan 2026 05:04:35 GMT", "Fri, 02 Jan 2026 05:04:05 GMT", 30 * time.Second},
		{"Fri, 02 Jan 2026 01:04:35 GMT", "Fri, 02 Jan 2026 01:04:05 GMT", 30 * time.Second},
		{"Fri, 02 Jan 2026 03:04:35 GMT", "yesterday", 30 * time.Second},
	} {
		h := http.Header{"Retry-After": {c.value}}
		if c.date != "" {
			h.Set("Date", c.date)
		}
		if got := RetryAfter(h, now, time.Hour); got != c.want {
			t.Errorf("%q at %q: %v, want %v", c.value, c.date, got, c.want)
		}
	}
	if got := RetryAfter(http.Header{}, now, time.Hour); got != 0 {
		t.Errorf("no header: %v", got)
	}
}
