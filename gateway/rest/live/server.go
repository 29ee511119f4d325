package live

import (
	"context"
	"sync"
	"time"

	"parley/gateway/rest/deps"
)

// Server has the live connections of this process. Close ends them.
type Server struct {
	deps.Deps
	Times   Times
	process string // names this process among those on the store
	seen    *seen
	sockets *sockets
	tally   *tally
	closing context.Context
	stop    context.CancelFunc
	leaving sync.WaitGroup // timers of agents who may have left
	once    sync.Once
}

// Times are how long things take or wait.
type Times struct {
	Hello    time.Duration // for a live socket's first frame
	Write    time.Duration // for one frame to a live socket
	Ping     time.Duration // between pings
	Recheck  time.Duration // between looks at whether the session still lasts
	Counters time.Duration // between two frames of counters, at least
	Grace    time.Duration // after an agent's last socket has closed, for reloads
}

// New makes a server.
func New(d deps.Deps) *Server {
	s := &Server{
		Deps: d, process: d.NewID(), seen: newSeen(), sockets: newSockets(), tally: newTally(),
		Times: Times{
			Hello: 10 * time.Second, Write: 10 * time.Second, Ping: 25 * time.Second,
			Recheck: 30 * time.Second, Counters: time.Second, Grace: 5 * time.Second,
		},
	}
	s.closing, s.stop = context.WithCancel(context.Background())
	return s
}

// Closing ends when Close begins.
func (s *Server) Closing() context.Context { return s.closing }

// End cuts the sockets of one browser session or token.
func (s *Server) End(holder string) { s.sockets.end(holder) }

// Close cuts the sockets and waits for them. Closing twice does nothing more.
func (s *Server) Close() {
	s.once.Do(func() {
		s.sockets.refuse()
		s.stop()
		s.sockets.joined.Wait()
		s.leaving.Wait()
	})
}
