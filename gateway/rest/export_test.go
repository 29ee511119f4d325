package rest

import (
	"runtime"
	"time"
)

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

// Beat sets how often a live socket is pinged and hears the beat.
func (s *Server) Beat(d time.Duration) { s.times.ping = d }

// Impatient lets nobody wait for the brand's job before.
func (s *Server) Impatient() { s.times.turn = 0 }

// AwaitJob waits until the brand has a job, and AwaitNoJob until it has none.
func (s *Server) AwaitJob(brand string)   { s.awaitJobs(brand, 1) }
func (s *Server) AwaitNoJob(brand string) { s.awaitJobs(brand, 0) }

func (s *Server) awaitJobs(brand string, n int) {
	for {
		s.benches.mu.Lock()
		places := s.benches.byKey[brand+" job"]
		s.benches.mu.Unlock()
		if places != nil && len(places) == n {
			return
		}
		runtime.Gosched()
	}
}

// LimitJobs sets how long a job may take.
func (s *Server) LimitJobs(d time.Duration) { s.times.job = d }

func Fits(pattern, s string) bool { return fits(pattern, s) }

// AwaitSearches waits until so many searches of a user run or wait.
func (s *Server) AwaitSearches(user string, n int) {
	for {
		s.searches.mu.Lock()
		own := s.searches.byUser[user]
		there := own != nil && own.inside == n
		s.searches.mu.Unlock()
		if there {
			return
		}
		runtime.Gosched()
	}
}
