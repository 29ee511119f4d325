package live

import (
	"context"
	"time"

	"parley/engine"
	"parley/engine/log"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListEvents is the long poll by the same cursor as the live socket's.
func (s *Server) ListEvents(ctx context.Context, r api.ListEventsRequestObject) (api.ListEventsResponseObject, error) {
	after, err := engine.ParseCursor(draw.Text(r.Params.After))
	if err != nil {
		return nil, err
	}
	wait, limit := draw.UpTo(r.Params.Wait, 0), draw.UpTo(r.Params.Limit, 200)
	u := signin.Who(ctx).User
	f, err := s.Hub.Follow(ctx, log.Filter{Brand: u.Brand, After: after, Limit: limit})
	if err != nil {
		return nil, s.stopping(err)
	}
	defer f.Close()
	// What is there already is answered at once; only who waits for news is counted.
	events, b, err := f.Wait(ctx, 0)
	if err == nil && len(events) == 0 && !b.Reset && wait > 0 {
		done, full := s.sockets.poll(u.ID)
		if full != nil {
			return nil, full
		}
		defer done()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(s.closing, cancel)() // a stopping gateway answers its waiting polls at once
		events, b, err = f.Wait(ctx, time.Duration(wait)*time.Second)
	}
	switch {
	case err != nil:
		return nil, s.stopping(err)
	case b.Reset:
		return nil, engine.FieldError("after", "is not in the log: it is beyond its end, or what came after it is no longer kept; read the lists again and go on from the cursor that they give")
	}
	return api.ListEvents200JSONResponse{Events: draw.Each(events, draw.Event), Cursor: b.Cursor.String()}, nil
}

// stopping tells apart what failed because the gateway stops.
func (s *Server) stopping(err error) error {
	if s.closing.Err() != nil {
		return log.ErrStopped
	}
	return err
}
