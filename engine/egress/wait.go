package egress

import (
	"net/http"
	"strings"
	"time"
)

// RetryAfter is how long an answer asks to wait, at most most; 0 when it does not say. The header has seconds, from
// some servers with a fraction, or a date by the clock of the server, which tells its time beside it.
func RetryAfter(h http.Header, now time.Time, most time.Duration) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	whole, fraction, cut := strings.Cut(value, ".")
	if digits(whole) && (!cut || digits(fraction)) {
		wait := time.Duration(0)
		for _, d := range whole {
			if wait = 10*wait + time.Duration(d-'0')*time.Second; wait > most {
				return most // however many follow
			}
		}
		if strings.Trim(fraction, "0") != "" {
			wait += time.Second
		}
		return min(wait, most)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(h.Get("Date")); err == nil {
		now = sent
	}
	return min(max(at.Sub(now), 0), most)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
