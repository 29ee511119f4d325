package live

import (
	"context"
	"errors"
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
	wait, limit := 0, 200
	if r.Params.Wait != nil {
		wait = *r.Params.Wait
	}
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	brand := signin.Who(ctx).User.Brand
	// What is there already comes from the log; only news are waited for.
	events, last, err := s.page(ctx, brand, after, limit)
	switch {
	case err != nil:
		return nil, err
	case after > last:
		return nil, engine.FieldError("after", "is beyond the end of the log; reload and go on from the new cursor")
	case len(events) == 0 && wait > 0:
		done, full := s.sockets.poll(signin.Who(ctx).User.ID)
		if full != nil {
			return nil, full
		}
		defer done()
		events, last, err = s.wait(ctx, log.Filter{Brand: brand, After: last}, time.Duration(wait)*time.Second)
		if err != nil {
			return nil, err
		}
	}
	out := api.ListEvents200JSONResponse{Events: []api.Event{}, Cursor: last.String()}
	for _, ev := range events[:min(len(events), limit)] {
		out.Events = append(out.Events, draw.Event(ev))
	}
	if len(out.Events) == limit { // there may be more
		out.Cursor = out.Events[limit-1].Cursor
	}
	return out, nil
}

// wait waits for news. A stopping gateway answers its waiting polls at once.
func (s *Server) wait(ctx context.Context, f log.Filter, d time.Duration) ([]engine.Event, engine.Cursor, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer context.AfterFunc(s.closing, cancel)()
	defer cancel()
	events, cursor, err := s.Hub.Wait(ctx, f, d)
	if errors.Is(err, log.ErrStopped) || err != nil && s.closing.Err() != nil {
		return nil, 0, engine.Errorf(engine.Unavailable, "The gateway is stopping.")
	}
	return events, cursor, err
}
