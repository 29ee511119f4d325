package rest

import "time"

// Hurry sets a server's timers for tests, which do not wait as long as people.
// Zero leaves one as it is.
func (s *Server) Hurry(hello, recheck, counters, grace, read, write time.Duration) {
	set := func(to *time.Duration, d time.Duration) {
		if d != 0 {
			*to = d
		}
	}
	set(&s.times.hello, hello)
	set(&s.times.recheck, recheck)
	set(&s.times.counters, counters)
	set(&s.times.grace, grace)
	set(&s.times.read, read)
	set(&s.times.write, write)
}
