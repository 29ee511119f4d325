package natsbus

import (
	"errors"
	"log/slog"
	"sync"

	"github.com/nats-io/nats.go"
)

// link tells of the connection to the servers: once when it is lost or cannot be
// made, and once when it is there again.
type link struct {
	log *slog.Logger

	mu      sync.Mutex
	state   linkState
	refused bool // and that was told
}

type linkState int

const (
	linkNew linkState = iota
	linkUp
	linkDown
	linkEnded // tells nothing more
)

func (l *link) up() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state == linkUp || l.state == linkEnded {
		return
	}
	l.state, l.refused = linkUp, false
	l.log.Info("NATS is connected")
}

func (l *link) down(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	refused := errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) || errors.Is(err, nats.ErrAuthRevoked)
	switch {
	case l.state == linkEnded:
	case refused && !l.refused:
		l.state, l.refused = linkDown, true
		l.log.Error("NATS refuses our credentials: signals stay in this process", "error", err)
	case l.state != linkDown:
		l.state = linkDown
		l.log.Warn("NATS cannot be reached: signals stay in this process, others see news by their polls", "error", err)
	}
}

func (l *link) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = linkEnded
}
