package rest

import "time"

// Hurry makes a server's timers short enough for tests that wait for them.
// Zero leaves one as it is.
func (s *Server) Hurry(hello, recheck, counters, grace, read time.Duration) {
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
}

// Sockets is how many live sockets there are.
func (s *Server) Sockets() int {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return len(s.sockets.all)
}
