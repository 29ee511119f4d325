package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/engine/log"
	"parley/gateway/frames"
	"parley/gateway/network"
)

// Close codes of the live socket, beside the standard's own.
const (
	closeSlow    = websocket.StatusCode(4008) // resume by cursor
	closeSession = websocket.StatusCode(4401) // get a new session
	closeNoHello = websocket.StatusCode(4408)

	maxFrame = 8 << 10
)

// pace is how long things may take.
type pace struct {
	hello time.Duration // until the first frame
	ping  time.Duration // between pings and recounts
	write time.Duration // of one frame, and of a pong
	full  time.Duration // to wait for a tab to close
}

func usualPace() pace {
	return pace{hello: 10 * time.Second, ping: 25 * time.Second, write: 10 * time.Second, full: 5 * time.Second}
}

// socket is one visitor's live connection. Its reader runs on the request's
// goroutine, its writer on another.
type socket struct {
	s     *Server
	seat  *seat
	conn  *websocket.Conn
	place place
	hello chan hello // the reader has accepted the first frame
	tasks sync.WaitGroup
}

type hello struct {
	visit
	after string
}

// live is the WebSocket of a visitor.
func (s *Server) live(c echo.Context) error {
	seat, err := s.sockets.enter(network.Of(c.RealIP()), true)
	if err != nil {
		return err
	}
	defer seat.leave()
	// guard has checked the origin.
	conn, err := websocket.Accept(c.Response(), c.Request(), &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return nil // Accept has answered
	}
	frames.Unlimited(conn)
	k := &socket{s: s, seat: seat, conn: conn, place: placeOf(c), hello: make(chan hello, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	k.tasks.Go(func() { k.close(k.write(ctx)) })
	k.close(k.read(ctx))
	cancel()
	k.tasks.Wait()
	return nil
}

// closing is why we end a socket.
type closing struct {
	code   websocket.StatusCode
	reason string
}

func (e *closing) Error() string { return e.reason }

// close ends the connection as the error says. The second call waits for the first.
func (k *socket) close(err error) {
	var why *closing
	switch {
	case errors.As(err, &why):
		_ = k.conn.Close(why.code, why.reason) // the client may be gone
	case errors.Is(err, log.ErrSlow):
		_ = k.conn.Close(closeSlow, "too slow, resume")
	case errors.Is(err, log.ErrStopped):
		_ = k.conn.Close(websocket.StatusGoingAway, "restarting")
	case errors.Is(err, errGone), errors.Is(err, context.Canceled):
		_ = k.conn.CloseNow()
	default:
		if engine.CodeOf(err) == engine.Internal {
			k.s.Log.Error("webchat socket failed", "channel", k.place.ch.ID, "error", err)
		}
		_ = k.conn.Close(websocket.StatusTryAgainLater, "try again")
	}
}

// read takes what the visitor's client says, at the rate that is allowed.
func (k *socket) read(ctx context.Context) error {
	var v visit
	for first := true; ; first = false {
		kind, data, err := frames.Read(ctx, k.conn, maxFrame)
		if errors.Is(err, frames.ErrTooLarge) {
			return &closing{websocket.StatusMessageTooBig, "too large a frame"}
		}
		if err != nil {
			return errGone
		}
		frame, err := parseClientFrame(data)
		if err != nil || kind != websocket.MessageText {
			return &closing{websocket.StatusPolicyViolation, "not understood"}
		}
		if first {
			if v, err = k.greet(frame); err != nil {
				return err
			}
			if !k.s.sockets.join(v.address) {
				return &closing{websocket.StatusTryAgainLater, "too many tabs"}
			}
			defer k.s.sockets.part(v.address)
			k.seat.greet()
			k.hello <- hello{v, frame.After}
			continue
		}
		if err := k.s.pause(ctx, v.address); err != nil {
			return err
		}
		if err := k.take(ctx, v, frame); err != nil && ctx.Err() == nil {
			// Receipts are told again after a reconnect.
			k.s.Log.Error("webchat dropped a frame", "channel", v.ch.ID, "type", frame.Type, "error", err)
		}
	}
}

func (k *socket) greet(frame clientFrame) (visit, error) {
	if frame.Type != "hello" {
		return visit{}, &closing{websocket.StatusPolicyViolation, "hello comes first"}
	}
	who, err := k.s.tokens.verify(k.place.ch.ID, frame.Token)
	if err != nil {
		return visit{}, &closing{closeSession, "get a new session"}
	}
	return visit{k.place, who}, nil
}

func (k *socket) take(ctx context.Context, v visit, frame clientFrame) error {
	switch frame.Type {
	case "typing":
		return k.s.typing(ctx, v, frame.On)
	case "receipt":
		return k.s.receipts(ctx, v, frame.Delivered, frame.Read)
	}
	return nil
}

// pause holds back who says too much: what is not read stays with the client.
func (s *Server) pause(ctx context.Context, address string) error {
	for {
		wait := s.rates.other.Take(address, s.Clock())
		if wait <= 0 {
			return nil
		}
		if !engine.Sleep(ctx, wait) {
			return ctx.Err()
		}
	}
}

// write greets, replays and follows, and ends the socket when its time is over.
func (k *socket) write(ctx context.Context) error {
	noHello := time.NewTimer(k.s.pace.hello)
	defer noHello.Stop()
	var h hello
	select {
	case h = <-k.hello:
	case <-noHello.C:
		return &closing{closeNoHello, "no hello"}
	case <-k.s.closing.Done():
		return &closing{websocket.StatusGoingAway, "restarting"}
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, end := context.WithCancelCause(ctx)
	expiry := time.AfterFunc(h.expires.Sub(k.s.Clock()), func() { end(&closing{closeSession, "get a new session"}) })
	defer expiry.Stop()
	defer context.AfterFunc(k.s.closing, func() { end(&closing{websocket.StatusGoingAway, "restarting"}) })()
	k.tasks.Go(func() { k.ping(ctx, end) })
	err := k.follow(ctx, h)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	end(nil)
	return err
}

// ping ends the socket of a client that does not answer.
func (k *socket) ping(ctx context.Context, end context.CancelCauseFunc) {
	tick := time.NewTicker(k.s.pace.ping)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		pong, cancel := k.patience()
		err := k.conn.Ping(pong)
		cancel()
		if err == nil {
			err = k.send(frame{Type: "beat"})
		}
		if err != nil {
			end(errGone)
			return
		}
	}
}

// errGone says that the client does not listen any more.
var errGone = errors.New("the client is gone")

// follow sends everything from the client's cursor on.
func (k *socket) follow(ctx context.Context, h hello) error {
	f, err := k.s.follow(ctx, h.visit, h.after, k.send)
	if err != nil {
		return err
	}
	defer f.close()
	tick := time.NewTicker(k.s.pace.ping)
	defer tick.Stop()
	for {
		live, err := f.next(ctx, tick.C)
		if err == nil && live {
			err = k.send(frame{Type: "live", Cursor: f.cursor.String(), Beat: int(k.s.pace.ping.Seconds())})
		}
		if err != nil {
			return err
		}
	}
}

// patience bounds one write. It does not end with the socket's context, for
// that would cut the line in the middle of a frame, without a close code.
func (k *socket) patience() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), k.s.pace.write)
}

func (k *socket) send(f frame) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	ctx, cancel := k.patience()
	defer cancel()
	if err := k.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return errGone
	}
	return nil
}
