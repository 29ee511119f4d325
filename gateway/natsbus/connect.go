package natsbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/time/rate"
)

const (
	connectTime = 2 * time.Second // of one server
	retryEvery  = time.Second
	writeTime   = 2 * time.Second // a server that takes nothing for so long is left
	pingEvery   = 10 * time.Second
	pingsLost   = 2
)

// options are how we connect: for ever, and without keeping what is stale.
func (b *Bus) options() ([]nats.Option, error) {
	complain := &rate.Sometimes{First: 1, Interval: time.Minute}
	options := []nats.Option{
		nats.Name("parley"), nats.NoEcho(), nats.Timeout(connectTime),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(retryEvery), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectBufSize(-1), // a wake-up from before an outage wakes nobody any more
		nats.FlusherTimeout(writeTime), nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(pingsLost),
		nats.ConnectHandler(func(*nats.Conn) { b.link.up() }),
		nats.ReconnectHandler(func(*nats.Conn) { b.link.up() }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { b.link.down(err) }),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { b.link.down(err) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			complain.Do(func() { b.cfg.Log.Warn("NATS reports a problem", "error", err) })
		}),
	}
	if b.cfg.Node != nil {
		return append(options, nats.IgnoreDiscoveredServers()), nil
	}
	if b.cfg.Creds != "" {
		// The library reads it at each connection; a missing one is told now.
		if _, err := os.ReadFile(b.cfg.Creds); err != nil {
			return nil, fmt.Errorf("the NATS credentials: %w", err)
		}
		options = append(options, nats.UserCredentials(b.cfg.Creds))
	}
	return options, nil
}

// dialer ends with the bus, so that closing never waits for a server that is away.
type dialer struct {
	ctx context.Context
	net.Dialer
}

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(d.ctx, network, address)
}

// connect gives a connection that comes and goes by itself; nil, with a line in the
// log, when it can never be.
func (b *Bus) connect(ctx context.Context, options []nats.Option) *nats.Conn {
	if b.node == nil {
		options = append(options, nats.SetCustomDialer(dialer{ctx, net.Dialer{Timeout: connectTime}}))
	}
	conn, err := nats.Connect(strings.Join(b.cfg.Servers, ","), options...)
	if err != nil {
		b.cfg.Log.Error("NATS cannot be used: signals stay in this process", "error", err)
		return nil
	}
	b.conn.Store(conn)
	sub, err := conn.Subscribe(b.cfg.Prefix+".*", b.take)
	if err == nil {
		err = sub.SetPendingLimits(maxIncoming, maxIncomingBytes)
	}
	if err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		b.cfg.Log.Error("NATS takes no subscription: signals of other processes do not arrive", "error", err)
	}
	b.sub.Store(sub)
	return conn
}
