package postgres

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A machine that is off says nothing, and neither does a firewall that has forgotten a
// connection: without limits of ours the system waits for a quarter of an hour, and for a
// server that hangs for ever.
const (
	// cancelTime is how long a statement has to end that is no longer wanted.
	cancelTime = 5 * time.Second
	// connectTime is of one host, when the URL does not say.
	connectTime = 5 * time.Second
	// pingTime is how long a connection has that was idle, before another one is made.
	pingTime = 2 * time.Second
	// unheardTime is how long the other machine may be silent on a connection.
	unheardTime = 10 * time.Second
	// answerTime is how long the server has for what was sent. It gives up itself before.
	answerTime = (longStatement + 5000) * time.Millisecond
)

// bounded has connections end on which nothing comes any more.
func bounded(cfg *pgxpool.Config) {
	cfg.PingTimeout = pingTime
	to := cfg.ConnConfig
	if to.ConnectTimeout == 0 {
		to.ConnectTimeout = connectTime
	}
	dialer := net.Dialer{
		Timeout:         to.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: unheardTime / 2, Interval: unheardTime / 4, Count: 2},
		Control:         endUnheard,
	}
	to.DialFunc = dialer.DialContext
	to.OnNotice = noteUnconfirmed
	// A view that is given up ends its statement, and keeps its connection.
	to.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: cancelTime}
	}
}

// answering bounds the wait for an answer. What is not answered is lost with its connection.
func (s *session) answering() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.facets.Ctx, s.db.answerTime)
}

// fresh has each connection made with the password and the certificates that are in their
// files then: they may have changed since the process began.
func fresh(url string) func(context.Context, *pgx.ConnConfig) error {
	return func(_ context.Context, to *pgx.ConnConfig) error {
		now, err := pgx.ParseConfig(url)
		if err != nil {
			return nil // a file that is being written: those of before may do
		}
		to.Password, to.TLSConfig = now.Password, now.TLSConfig
		if len(now.Fallbacks) == len(to.Fallbacks) {
			to.Fallbacks = now.Fallbacks
		}
		return nil
	}
}

const unconfirmed = "parley unconfirmed"

// noteUnconfirmed notes a warning with which a commit ended. The server gives one when it
// was told, or told itself, to wait no longer for its standby: it says that the transaction
// is committed, and it is gone when the standby takes over.
func noteUnconfirmed(c *pgconn.PgConn, n *pgconn.Notice) {
	if n.Code == warning {
		c.CustomData()[unconfirmed] = errors.New(n.Message)
	}
}
