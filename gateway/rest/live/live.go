package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/engine/log"
	"parley/gateway/api"
	"parley/gateway/frames"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// Close codes of the live socket, beside the standard's own.
const (
	closeSlow       = websocket.StatusCode(4008)
	closeSignedOut  = websocket.StatusCode(4401)
	closeNoHello    = websocket.StatusCode(4408)
	lastWords       = time.Second // for a frame that is under way when a socket ends
	maxFrame        = 4 << 10
	framesPerSecond = 20 // of a client; more is no typing
)

var (
	errNoHello = errors.New("no hello")
	errChatty  = errors.New("too many frames")
	errPeer    = errors.New("the peer is gone")
)

// frame is anything that passes over the socket and is no event of the log.
type frame struct {
	Type         string        `json:"type"`
	After        string        `json:"after,omitempty"`
	User         string        `json:"user,omitempty"` // whom the client takes itself for
	Cursor       string        `json:"cursor,omitempty"`
	Build        string        `json:"build,omitempty"`
	Beat         int           `json:"beat,omitempty"` // seconds between two beats
	Conversation string        `json:"conversation,omitempty"`
	Author       engine.Author `json:"author,omitempty"`
	AuthorID     string        `json:"author_id,omitempty"`
	Name         string        `json:"name,omitempty"`
	On           *bool         `json:"on,omitempty"`
	*api.Counters
}

// Live is GET /live.
func (s *Server) Live(c echo.Context) error {
	req := c.Request()
	p := signin.Who(req.Context())
	if !s.originAllowed(req) {
		return engine.Errorf(engine.Forbidden, "The request comes from another site.")
	}
	ctx, end := context.WithCancelCause(s.closing)
	defer end(nil)
	k := &socket{user: p.User, person: p.Person(), holder: p.Holder(), end: end}
	if err := s.sockets.add(k); err != nil {
		return err
	}
	defer s.depart(k)
	if err := s.arrive(req.Context(), k); err != nil {
		return err
	}
	conn, err := websocket.Accept(c.Response(), req, &websocket.AcceptOptions{InsecureSkipVerify: true}) // the origin is checked above
	if err != nil {
		return nil // Accept has answered
	}
	frames.Unlimited(conn)
	hello, ended := make(chan engine.Cursor, 1), make(chan error, 1)
	var listening sync.WaitGroup
	listening.Go(func() { ended <- s.listen(ctx, conn, k, hello) })
	err = s.serveLive(ctx, conn, k, req, hello, ended)
	if errors.Is(err, errSignedOut) && ctx.Err() == nil && k.person { // found by a look: it was at another process
		if serr := s.SignedOut(s.closing, k.user, k.holder); serr != nil && s.closing.Err() == nil {
			s.Log.Error("an agent has signed out", "agent", k.user.ID, "error", serr)
		}
	}
	s.part(ctx, conn, err)
	listening.Wait()
	return nil
}

// part closes the socket with the code that says why.
func (s *Server) part(ctx context.Context, conn *websocket.Conn, err error) {
	switch {
	case errors.Is(context.Cause(ctx), errSignedOut), errors.Is(err, errSignedOut), errors.Is(err, errNotMine):
		_ = conn.Close(closeSignedOut, "signed out")
	case s.closing.Err() != nil, errors.Is(err, log.ErrStopped):
		_ = conn.Close(websocket.StatusGoingAway, "the gateway stops")
	case errors.Is(err, log.ErrSlow):
		_ = conn.Close(closeSlow, "too slow; resume by cursor")
	case errors.Is(err, errNoHello):
		_ = conn.Close(closeNoHello, "no hello")
	case errors.Is(err, errChatty):
		_ = conn.Close(websocket.StatusPolicyViolation, "too many frames")
	case errors.Is(err, frames.ErrTooLarge):
		_ = conn.Close(websocket.StatusMessageTooBig, "too large a frame")
	case errors.Is(err, errPeer):
		_ = conn.CloseNow()
	default:
		s.Log.Error("a live socket failed", "error", err)
		_ = conn.Close(websocket.StatusInternalError, "try again")
	}
}

// originAllowed refuses pages of other sites. Programs send no Origin.
func (s *Server) originAllowed(req *http.Request) bool {
	origin := req.Header.Get("Origin")
	if origin == "" {
		return true
	}
	if slices.ContainsFunc(s.Origins, func(allowed string) bool { return strings.EqualFold(origin, allowed) }) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, req.Host)
}

// serveLive waits for the hello, replays, and follows until the socket ends.
func (s *Server) serveLive(ctx context.Context, conn *websocket.Conn, k *socket, req *http.Request, hello <-chan engine.Cursor, ended <-chan error) error {
	patience := time.NewTimer(s.Times.Hello)
	defer patience.Stop()
	var at engine.Cursor
	select {
	case at = <-hello:
	case err := <-ended:
		return err
	case <-patience.C:
		return errNoHello
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	f, err := s.Hub.Follow(ctx, log.Filter{Brand: k.user.Brand, After: at})
	if err != nil {
		return err
	}
	defer f.Close()
	return s.follow(ctx, conn, k, req, f, ended)
}

// follow writes what is in the log and then what comes, until the socket ends.
func (s *Server) follow(ctx context.Context, conn *websocket.Conn, k *socket, req *http.Request, f *log.Follower, ended <-chan error) error {
	ping, recheck, counters := time.NewTicker(s.Times.Ping), time.NewTicker(s.Times.Recheck), time.NewTicker(s.Times.Counters)
	defer ping.Stop()
	defer recheck.Stop()
	defer counters.Stop()
	me, live, changed := k.user, false, true
	var at engine.Cursor
	var last *api.Counters
	for {
		var err error
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case err := <-ended:
			return err
		case <-f.C:
			var b log.Batch
			if b, err = f.Next(ctx); err == nil {
				at, live = b.Cursor, live || b.Live
				changed = changed || slices.ContainsFunc(b.Items, func(i log.Item) bool { return i.Event != nil })
				err = s.tell(ctx, conn, k, b)
			}
		case <-counters.C:
			if !live || !changed {
				continue
			}
			var now api.Counters
			var current bool
			if now, current, err = s.count(ctx, me, at); err == nil && (last == nil || now != *last) {
				last, err = &now, s.write(ctx, conn, frame{Type: "counters", Counters: &now})
			}
			changed = !current
		case <-ping.C:
			// A browser does not show its page the pings: the beat is what the page hears.
			if err = s.ping(ctx, conn); err == nil {
				err = s.write(ctx, conn, frame{Type: "beat"})
			}
		case <-recheck.C:
			me, err = s.recheck(ctx, req, me)
		}
		if err != nil {
			return err
		}
	}
}

// tell writes what the log told.
func (s *Server) tell(ctx context.Context, conn *websocket.Conn, k *socket, b log.Batch) error {
	if b.Reset {
		if err := s.write(ctx, conn, frame{Type: "reset", Cursor: b.Cursor.String()}); err != nil {
			return err
		}
	}
	for _, item := range b.Items {
		var err error
		if item.Event != nil {
			err = s.write(ctx, conn, draw.Event(*item.Event))
		} else {
			err = s.remark(ctx, conn, k, item.Pass)
		}
		if err != nil {
			return err
		}
	}
	if !b.Live {
		return nil
	}
	return s.write(ctx, conn, frame{Type: "live", Cursor: b.Cursor.String(), Build: s.Build, Beat: int(s.Times.Ping.Seconds())})
}

func (s *Server) ping(ctx context.Context, conn *websocket.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, s.Times.Write)
	defer cancel()
	if err := conn.Ping(ctx); err != nil {
		return fmt.Errorf("%w: %w", errPeer, err)
	}
	return nil
}

// remark passes typing on, except one's own.
func (s *Server) remark(ctx context.Context, conn *websocket.Conn, k *socket, sig *engine.Signal) error {
	var d engine.TypingData
	if json.Unmarshal(sig.Data, &d) != nil || d.AuthorID == k.user.ID {
		return nil
	}
	return s.write(ctx, conn, frame{Type: "typing", Conversation: d.Conversation, Author: d.Author, AuthorID: d.AuthorID, Name: d.Name, On: &d.On})
}

// recheck ends the socket of somebody who may no longer be here, and notes
// that the others still are. The user may have got other skills meanwhile.
func (s *Server) recheck(ctx context.Context, req *http.Request, me engine.User) (engine.User, error) {
	p, err := s.Signin.Authenticate(req.WithContext(ctx))
	if engine.CodeOf(err) == engine.Unauthenticated {
		return me, errSignedOut
	}
	if err != nil || !p.Person() {
		return me, err
	}
	return p.User, s.Touch(ctx, p.User)
}

// listen takes the client's frames: the hello, then typing.
func (s *Server) listen(ctx context.Context, conn *websocket.Conn, k *socket, hello chan<- engine.Cursor) error {
	window, heard, greeted := time.Now(), 0, false
	for {
		// A read that is cancelled would tear the connection down without a
		// close code, so only closing the connection ends it.
		_, raw, err := frames.Read(context.Background(), conn, maxFrame)
		if errors.Is(err, frames.ErrTooLarge) {
			return err
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errPeer, err)
		}
		if now := time.Now(); now.Sub(window) > time.Second {
			window, heard = now, 0
		}
		if heard++; heard > framesPerSecond {
			return errChatty
		}
		var f frame
		bad := json.Unmarshal(raw, &f) != nil
		if !greeted {
			after, err := engine.ParseCursor(f.After)
			if bad || err != nil || f.Type != "hello" {
				return errNoHello
			}
			if f.User != "" && f.User != k.user.ID {
				return errNotMine
			}
			greeted = true
			hello <- after
			continue
		}
		if bad || f.Type != "typing" || f.On == nil || len(f.Conversation) > maxFrame {
			continue
		}
		if err := s.typing(ctx, k.user, f.Conversation, *f.On); err != nil {
			return err
		}
	}
}

// typing tells the consumer and the team that the conversation's agent types.
func (s *Server) typing(ctx context.Context, u engine.User, id string, on bool) error {
	conv, err := engine.View(ctx, s.Store, func(tx engine.Tx) (engine.Conversation, error) { return tx.Conversations().Get(u.Brand, id) })
	if engine.CodeOf(err) == engine.NotFound || (err == nil && (conv.Owner != engine.OwnerAgent || conv.Agent != u.ID)) {
		return nil
	}
	if err != nil {
		return err
	}
	s.Bus.Publish(engine.Typing(engine.ConversationRef{Brand: u.Brand, ID: id}, engine.AuthorAgent, u.ID, u.Name, on))
	return nil
}

// write sends one frame. When the socket ends meanwhile, the frame has a
// moment more, so that the close code can follow it.
func (s *Server) write(ctx context.Context, conn *websocket.Conn, v any) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	wctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Times.Write)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastWords, cancel) })()
	if err := conn.Write(wctx, websocket.MessageText, raw); err != nil {
		return fmt.Errorf("%w: %w", errPeer, err)
	}
	return nil
}
