package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/desk"
	"parley/engine/log"
	"parley/gateway/signin"
)

// Deps of a Server. All are required.
type Deps struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	Desk    *desk.Desk
	Hub     *log.Hub
	Signin  *signin.Service
	Build   string
	Log     *slog.Logger
	Origins []string // may open live sockets, besides the same host
	Process string   // names this process among those on the store
}

// Server has the live connections of this process. Close ends them.
type Server struct {
	Deps
	Times   Times
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
func New(d Deps) *Server {
	s := &Server{
		Deps: d, seen: newSeen(), sockets: newSockets(), tally: newTally(),
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
