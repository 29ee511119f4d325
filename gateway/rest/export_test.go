package rest

import (
	"runtime"
	"time"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/signin"
)

// Hurry sets a server's timers for tests, which do not wait as long as people.
// Zero leaves one as it is.
func (s *Server) Hurry(hello, recheck, counters, grace, read, write time.Duration) {
	set := func(to *time.Duration, d time.Duration) {
		if d != 0 {
			*to = d
		}
	}
	set(&s.live.Times.Hello, hello)
	set(&s.live.Times.Recheck, recheck)
	set(&s.live.Times.Counters, counters)
	set(&s.live.Times.Grace, grace)
	set(&s.times.read, read)
	set(&s.live.Times.Write, write)
}

// Beat sets how often a live socket is pinged and hears the beat.
func (s *Server) Beat(d time.Duration) { s.live.Times.Ping = d }

// Impatient lets nobody wait for the brand's job before.
func (s *Server) Impatient() { s.times.turn = 0 }

// AwaitJob waits until the brand has a job, and AwaitNoJob until it has none.
func (s *Server) AwaitJob(brand string)   { s.awaitJobs(brand, 1) }
func (s *Server) AwaitNoJob(brand string) { s.awaitJobs(brand, 0) }

func (s *Server) awaitJobs(brand string, n int) {
	for s.jobs.Inside(brand+" job") != n {
		runtime.Gosched()
	}
}

// LimitJobs sets how long a job may take.
func (s *Server) LimitJobs(d time.Duration) { s.times.job = d }

// SearchWith has another searcher.
func (s *Server) SearchWith(other engine.Searcher) { s.operations.forAgents.Search = other }

// AwaitSearches waits until so many searches of a user run or wait.
func (s *Server) AwaitSearches(user string, n int) {
	for s.operations.Searches.Inside(user) != n {
		runtime.Gosched()
	}
}

// Guard is what every route of the API goes through, and Enter its part that lets a
// principal do an operation.
func (s *Server) Guard(next echo.HandlerFunc) echo.HandlerFunc { return s.guard(next) }

func (s *Server) Enter(op api.Operation, p signin.Principal) error {
	_, err := s.enter(nil, op, p)
	return err
}
