package webchat

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/engine/log"
	"parley/gateway/network"
)

const mostWait = 30 // seconds

type batchView struct {
	Frames []frame `json:"frames"`
	Cursor string  `json:"cursor"`
}

// events is the long poll: it answers with the frames after the cursor as soon
// as there are any, or with none after the wait.
func (s *Server) events(c echo.Context, v visit) error {
	wait := 0
	if raw := c.QueryParam("wait"); raw != "" {
		var err error
		if wait, err = strconv.Atoi(raw); err != nil || wait < 0 || wait > mostWait {
			return engine.FieldError("wait", "is not between 0 and %d", mostWait)
		}
	}
	seat, err := s.sockets.enter(network.Of(c.RealIP()), false)
	if err != nil {
		return err
	}
	defer seat.leave()
	if !s.sockets.join(v.address) {
		return engine.Errorf(engine.RateLimited, "This chat is open in too many tabs.").In(s.pace.full)
	}
	defer s.sockets.part(v.address)
	ctx, cancel := context.WithTimeout(c.Request().Context(), time.Duration(wait)*time.Second)
	defer cancel()
	defer context.AfterFunc(s.closing, cancel)()
	out := batchView{Frames: []frame{}}
	// What is there already is read even when there is no time to wait.
	f, err := s.follow(c.Request().Context(), v, c.QueryParam("after"), func(f frame) error {
		out.Frames = append(out.Frames, f)
		return nil
	})
	if err != nil {
		return err
	}
	defer f.close()
	if _, err := f.take(c.Request().Context()); err != nil {
		return err
	}
	for err == nil && len(out.Frames) == 0 && ctx.Err() == nil {
		_, err = f.next(ctx, nil)
	}
	// In the other cases the client asks again from its cursor.
	if err != nil && ctx.Err() == nil && !errors.Is(err, log.ErrSlow) && !errors.Is(err, log.ErrStopped) {
		return err
	}
	out.Cursor = f.cursor.String()
	return c.JSON(http.StatusOK, out)
}
