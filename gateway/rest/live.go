package rest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/engine/live"
	"parley/gateway/api"
)

// Close codes of the live socket, beside the standard's own.
const (
	closeSlow       = websocket.StatusCode(4008)
	closeSignedOut  = websocket.StatusCode(4401)
	closeNoHello    = websocket.StatusCode(4408)
	helloTime       = 10 * time.Second
	pingEvery       = 25 * time.Second
	writeTime       = 10 * time.Second
	recheckEvery    = 30 * time.Second
	countersEvery   = time.Second
	caughtUpAfter   = 250 * time.Millisecond
	goneGrace       = 5 * time.Second
	maxFrame        = 4 << 10
	framesPerSecond = 20 // of a client; more is no typing
)

var (
	errSignedOut = errors.New("signed out")
	errStopping  = errors.New("the gateway stops")
)

// frame is anything that passes over the socket and is no event of the log.
type frame struct {
	Type         string        `json:"type"`
	After        string        `json:"after,omitempty"`
	Cursor       string        `json:"cursor,omitempty"`
	Build        string        `json:"build,omitempty"`
	Conversation string        `json:"conversation,omitempty"`
	Author       engine.Author `json:"author,omitempty"`
	AuthorID     string        `json:"author_id,omitempty"`
	Name         string        `json:"name,omitempty"`
	On           *bool         `json:"on,omitempty"`
	*api.Counters
}

// live is GET /live.
func (s *Server) live(c echo.Context) error {
	req := c.Request()
	p := who(req.Context())
	if !s.originAllowed(req) {
		return engine.Errorf(engine.Forbidden, "The request comes from another site.")
	}
	ctx, end := context.WithCancelCause(s.closing)
	defer end(nil)
	k := &socket{user: p.User, login: p.Login, end: end}
	if err := s.sockets.add(k); err != nil {
		return err
	}
	defer func() {
		if s.sockets.leave(k) && p.Person() {
			s.maybeGone(p.User)
		}
	}()
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{})                            // the guard has set one
	conn, err := websocket.Accept(c.Response(), req, &websocket.AcceptOptions{InsecureSkipVerify: true}) // the origin is checked above
	if err != nil {
		return nil // Accept has answered
	}
	conn.SetReadLimit(maxFrame)
	err = s.serveLive(ctx, conn, k)
	switch {
	case errors.Is(err, live.ErrSlow):
		_ = conn.Close(closeSlow, "too slow; resume by cursor")
	case errors.Is(context.Cause(ctx), errSignedOut), errors.Is(err, errSignedOut):
		_ = conn.Close(closeSignedOut, "signed out")
	case errors.Is(err, errNoHello):
		_ = conn.Close(closeNoHello, "no hello")
	case ctx.Err() != nil, errors.Is(err, live.ErrStopped):
		_ = conn.Close(websocket.StatusGoingAway, "the gateway stops")
	default:
		_ = conn.CloseNow()
	}
	return nil
}

// originAllowed refuses pages of other sites. Programs send no Origin.
func (s *Server) originAllowed(req *http.Request) bool {
	origin := req.Header.Get("Origin")
	if origin == "" {
		return true
	}
	for _, allowed := range s.Origins {
		if strings.EqualFold(origin, allowed) {
			return true
		}
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, req.Host)
}

var errNoHello = errors.New("no hello")

func (s *Server) serveLive(ctx context.Context, conn *websocket.Conn, k *socket) error {
	after, err := hello(ctx, conn)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sub, err := s.Hub.Subscribe(ctx, live.Filter{Brand: k.user.Brand, After: after})
	if errors.Is(err, live.ErrReset) {
		if after, err = s.end(ctx); err != nil {
			return err
		}
		if err := write(ctx, conn, frame{Type: "reset", Cursor: after.String()}); err != nil {
			return err
		}
		sub, err = s.Hub.Subscribe(ctx, live.Filter{Brand: k.user.Brand, After: after})
	}
	if err != nil {
		return err
	}
	defer sub.Close()
	read := make(chan error, 1)
	go func() { read <- s.listen(ctx, conn, k); cancel() }()
	err = s.follow(ctx, conn, k, sub, after)
	cancel()
	if rerr := <-read; err == nil || errors.Is(err, context.Canceled) {
		err = rerr
	}
	return err
}

func (s *Server) end(ctx context.Context) (last engine.Cursor, err error) {
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		last, err = tx.Events().Last()
		return err
	})
	return last, err
}

func hello(ctx context.Context, conn *websocket.Conn) (engine.Cursor, error) {
	ctx, cancel := context.WithTimeout(ctx, helloTime)
	defer cancel()
	_, raw, err := conn.Read(ctx)
	if err != nil {
		return 0, errNoHello
	}
	var f frame
	if json.Unmarshal(raw, &f) != nil || f.Type != "hello" {
		return 0, errNoHello
	}
	after, err := engine.ParseCursor(f.After)
	if err != nil {
		return 0, errNoHello
	}
	return after, nil
}

// follow writes events and passing remarks until the socket ends.
func (s *Server) follow(ctx context.Context, conn *websocket.Conn, k *socket, sub *live.Subscription, at engine.Cursor) error {
	ping, recheck := time.NewTicker(pingEvery), time.NewTicker(recheckEvery)
	counters, caughtUp := time.NewTicker(countersEvery), time.NewTimer(caughtUpAfter)
	defer ping.Stop()
	defer recheck.Stop()
	defer counters.Stop()
	defer caughtUp.Stop()
	replaying, changed := true, true
	var last api.Counters
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case item, ok := <-sub.C:
			switch {
			case !ok:
				return sub.Err()
			case item.Event != nil:
				at, changed = engine.Cursor(item.Event.Seq), true
				err = write(ctx, conn, Event(*item.Event))
				if replaying {
					caughtUp.Reset(caughtUpAfter)
				}
			default:
				err = s.remark(ctx, conn, k, item.Pass)
			}
		case <-caughtUp.C:
			replaying = false
			err = write(ctx, conn, frame{Type: "live", Cursor: at.String(), Build: s.Build})
		case <-counters.C:
			if changed && !replaying {
				changed = false
				err = s.count(ctx, conn, k, &last)
			}
		case <-ping.C:
			pctx, cancel := context.WithTimeout(ctx, writeTime)
			err = conn.Ping(pctx)
			cancel()
		case <-recheck.C:
			err = s.recheck(ctx, k)
		}
		if err != nil {
			return err
		}
	}
}

// remark passes typing on, except one's own.
func (s *Server) remark(ctx context.Context, conn *websocket.Conn, k *socket, sig *engine.Signal) error {
	var d engine.TypingData
	if json.Unmarshal(sig.Data, &d) != nil || d.AuthorID == k.user.ID {
		return nil
	}
	return write(ctx, conn, frame{Type: "typing", Conversation: d.Conversation, Author: d.Author, AuthorID: d.AuthorID, Name: d.Name, On: &d.On})
}

func (s *Server) count(ctx context.Context, conn *websocket.Conn, k *socket, last *api.Counters) error {
	var now api.Counters
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		queue, err := tx.Queue().List(k.user.Brand)
		if err != nil {
			return err
		}
		byConversation := make(map[string]engine.QueueEntry, len(queue))
		for _, q := range queue {
			byConversation[q.Conversation] = q
		}
		now, err = counts(tx, k.user, byConversation)
		return err
	})
	if err != nil || now == *last {
		return err
	}
	*last = now
	return write(ctx, conn, frame{Type: "counters", Counters: &now})
}

// recheck ends the socket of somebody who may no longer be here, and shows
// that the others still are.
func (s *Server) recheck(ctx context.Context, k *socket) error {
	if k.login == "" {
		return nil
	}
	p, err := s.Signin.ByLogin(ctx, k.login)
	if engine.CodeOf(err) == engine.Unauthenticated {
		return errSignedOut
	}
	if err != nil {
		return err
	}
	return s.touch(ctx, p.User)
}

// listen takes the client's frames: only typing has a meaning.
func (s *Server) listen(ctx context.Context, conn *websocket.Conn, k *socket) error {
	window, frames := time.Now(), 0
	for {
		_, raw, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		if now := time.Now(); now.Sub(window) > time.Second {
			window, frames = now, 0
		}
		if frames++; frames > framesPerSecond {
			return errors.New("too many frames")
		}
		var f frame
		if json.Unmarshal(raw, &f) != nil || f.Type != "typing" || f.On == nil || len(f.Conversation) > 40 {
			continue
		}
		if err := s.typing(ctx, k.user, f.Conversation, *f.On); err != nil {
			return err
		}
	}
}

// typing tells the consumer and the team that the conversation's agent types.
func (s *Server) typing(ctx context.Context, u engine.User, id string, on bool) error {
	var conv engine.Conversation
	err := s.Store.View(ctx, func(tx engine.Tx) (err error) {
		conv, err = tx.Conversations().Get(u.Brand, id)
		return err
	})
	if engine.CodeOf(err) == engine.NotFound || (err == nil && (conv.Owner != engine.OwnerAgent || conv.Agent != u.ID)) {
		return nil
	}
	if err != nil {
		return err
	}
	s.Bus.Publish(engine.Typing(engine.ConversationRef{Brand: u.Brand, ID: id}, engine.AuthorAgent, u.ID, u.Name, on))
	return nil
}

func write(ctx context.Context, conn *websocket.Conn, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, raw)
}

// maybeGone tells, after a grace for reloads, that an agent has left.
func (s *Server) maybeGone(u engine.User) {
	s.leaving.Go(func() {
		t := time.NewTimer(goneGrace)
		defer t.Stop()
		select {
		case <-s.closing.Done():
			return // the restarted gateway sees by SeenAt who is there
		case <-t.C:
		}
		if s.sockets.connected(u.ID) {
			return
		}
		s.seen.forget(u.ID)
		if err := s.Desk.Gone(s.closing, u); err != nil && s.closing.Err() == nil {
			s.Log.Error("an agent has left", "agent", u.ID, "error", err)
		}
	})
}

// Close cuts the sockets and waits for them. Closing twice does nothing more.
func (s *Server) Close() {
	s.once.Do(func() {
		s.sockets.close()
		s.stop()
		s.leaving.Wait()
	})
}

// ListEvents is the long poll by the same cursor.
func (s *Server) ListEvents(ctx context.Context, r api.ListEventsRequestObject) (api.ListEventsResponseObject, error) {
	after, err := engine.ParseCursor(text(r.Params.After))
	if err != nil {
		return nil, err
	}
	wait, limit := 0, 200
	if r.Params.Wait != nil {
		wait = *r.Params.Wait
	}
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	if wait < 0 || wait > 30 {
		return nil, engine.FieldError("wait", "is not between 0 and 30")
	}
	if limit < 1 || limit > 500 {
		return nil, engine.FieldError("limit", "is not between 1 and 500")
	}
	f := live.Filter{Brand: who(ctx).User.Brand, After: after}
	// A stopping gateway answers its waiting polls at once.
	ctx, cancel := context.WithCancel(ctx)
	defer context.AfterFunc(s.closing, cancel)()
	defer cancel()
	events, cursor, err := s.Hub.Wait(ctx, f, time.Duration(wait)*time.Second)
	switch {
	case errors.Is(err, live.ErrReset):
		return nil, engine.FieldError("after", "is beyond the end of the log; reload and go on from the new cursor")
	case errors.Is(err, live.ErrStopped), s.closing.Err() != nil:
		return nil, engine.Errorf(engine.Unavailable, "The gateway is stopping.")
	case err != nil:
		return nil, err
	}
	out := api.ListEvents200JSONResponse{Events: []api.Event{}, Cursor: cursor.String()}
	for _, ev := range events {
		if len(out.Events) == limit {
			out.Cursor = out.Events[limit-1].Cursor
			break
		}
		out.Events = append(out.Events, Event(ev))
	}
	return out, nil
}
