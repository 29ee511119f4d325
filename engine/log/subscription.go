package log

import (
	"context"
	"fmt"
	"time"

	"parley/engine"
)

// bufferSize is how many events wait in C. A reader who falls further behind is
// served from the hub's memory at his own pace, and cut when that has moved on.
const bufferSize = 256

// retryIn is when who found no room may come back.
const retryIn = 5 * time.Second

// Filter says what a subscription gets.
type Filter struct {
	Brand string // required
	// Consumer limits it to the events of this consumer's conversations. What
	// of them a consumer may see (no notes, no team events) is for the edge to choose.
	Consumer string
	After    engine.Cursor // events after this one; 0 is the start of the log
}

// team says whether it is for somebody of the team, or for a program of the brand.
func (f Filter) team() bool { return f.Consumer == "" }

// admits says whether there is room for one more. The lock is held.
func (h *Hub) admits(f Filter) bool {
	if f.team() {
		return h.team < h.room.team
	}
	return len(h.all)-h.team < h.room.visitors
}

func (f Filter) takes(brand, consumer string) bool {
	return f.Brand == brand && (f.Consumer == "" || f.Consumer == consumer)
}

// Item is one thing that a subscription delivers: exactly one field is set.
type Item struct {
	Event *engine.Event
	Pass  *engine.Signal // a passing remark, in no log: typing
}

// Subscription is one reader's way along the log.
type Subscription struct {
	// C delivers in order. It is closed at the end; Err says why.
	C <-chan Item

	hub    *Hub
	filter Filter
	c      chan Item
	ctx    context.Context // of Subscribe, which it lives as long as
	done   chan struct{}   // closed at the end
	stop   func() bool     // releases the context

	// Below is guarded by hub.mu.
	pos    engine.Cursor // everything up to here was sent or does not match
	follow bool          // the replay is over, the hub sends
	behind bool          // it followed, but its buffer ran over: it replays again
	ended  bool
	err    error
}

// Subscribe replays the log from f.After without a gap or a double, then
// follows it until ctx ends, Close, a slow reader or the hub's end. It waits
// for Run. Errors: ErrReset, ErrStopped, Invalid without a brand, Unavailable
// when there are too many.
func (h *Hub) Subscribe(ctx context.Context, f Filter) (*Subscription, error) {
	if f.Brand == "" {
		return nil, engine.FieldError("brand", "is missing")
	}
	select {
	case <-h.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := h.check(ctx, f.After); err != nil {
		return nil, err
	}
	s := &Subscription{hub: h, filter: f, ctx: ctx, c: make(chan Item, bufferSize), done: make(chan struct{}), pos: f.After}
	s.C = s.c
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopped:
		return nil, ErrStopped
	case !h.admits(f):
		return nil, engine.Errorf(engine.Unavailable, "Too many live connections. Try again in a moment.").In(retryIn)
	}
	h.all[s] = struct{}{}
	if f.team() {
		h.team++
	}
	s.stop = context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		s.end(ctx.Err())
	})
	if !s.join() {
		h.replays.Go(s.replay)
	}
	return s, nil
}

// check refuses a cursor that no event of this log ever gave out.
func (h *Hub) check(ctx context.Context, after engine.Cursor) error {
	h.mu.Lock()
	tail := h.recent.tail
	h.mu.Unlock()
	if after <= tail {
		return nil
	}
	var last engine.Cursor
	err := h.cfg.Store.View(ctx, func(tx engine.Tx) (err error) {
		last, err = tx.Events().Last()
		return err
	})
	if err != nil {
		return fmt.Errorf("live: %w", err)
	}
	if after > last {
		return ErrReset
	}
	return nil
}

// Err is why the subscription ended; nil while it goes on or after Close.
func (s *Subscription) Err() error {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return s.err
}

// Close ends the subscription. What is in C stays readable.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.end(nil)
}

// end is called with the lock held; only the first call counts.
func (s *Subscription) end(err error) {
	if s.ended {
		return
	}
	s.ended, s.err = true, err
	close(s.done)
	s.stop()
	delete(s.hub.all, s)
	if s.filter.team() {
		s.hub.team--
	}
	if !s.follow {
		return // the replay closes C
	}
	s.leave()
	close(s.c)
}

// leave ends the following. The lock is held.
func (s *Subscription) leave() {
	s.follow = false
	key := audience{s.filter.Brand, s.filter.Consumer}
	delete(s.hub.subs[key], s)
	if len(s.hub.subs[key]) == 0 {
		delete(s.hub.subs, key)
	}
}

// push sends an event to one who follows, or lets him fall behind. The lock is held.
func (s *Subscription) push(e engine.Event) {
	if engine.Cursor(e.Seq) <= s.pos {
		return // the replay was ahead of the tail
	}
	select {
	case s.c <- Item{Event: &e}:
		s.pos = engine.Cursor(e.Seq)
	default:
		s.leave()
		s.behind = true
		s.hub.replays.Go(s.replay)
	}
}

// pushPass sends a passing remark as long as the reader keeps up. The lock is held.
func (s *Subscription) pushPass(sig engine.Signal) {
	if len(s.c) >= bufferSize/2 {
		return
	}
	select {
	case s.c <- Item{Pass: &sig}:
	default:
	}
}

// join makes the subscription follow when what it still misses is in memory
// and fits into the buffer. The lock is held.
func (s *Subscription) join() bool {
	if s.ended || s.pos < s.hub.recent.floor {
		return false
	}
	room := bufferSize - len(s.c)
	missed := s.hub.recent.since(s.pos, s.filter, room+1)
	if len(missed) > room {
		return false
	}
	for _, e := range missed {
		s.c <- Item{Event: &e}
	}
	s.pos = max(s.pos, s.hub.recent.tail)
	s.follow, s.behind = true, false
	key := audience{s.filter.Brand, s.filter.Consumer}
	if s.hub.subs[key] == nil {
		s.hub.subs[key] = make(map[*Subscription]struct{})
	}
	s.hub.subs[key][s] = struct{}{}
	return true
}

// replay sends pages at the reader's pace until the subscription can follow.
func (s *Subscription) replay() {
	for {
		page, to, err := s.page()
		if err != nil {
			s.hub.mu.Lock()
			s.end(err)
			s.hub.mu.Unlock()
		}
		s.send(page)
		s.hub.mu.Lock()
		if s.ended {
			s.hub.mu.Unlock()
			close(s.c)
			return
		}
		s.pos = max(s.pos, to)
		joined := s.join()
		s.hub.mu.Unlock()
		if joined {
			return
		}
	}
}

// send waits for the reader with each event, and stops for good at the end:
// what comes after a gap must not be delivered.
func (s *Subscription) send(page []engine.Event) {
	for _, e := range page {
		select {
		case s.c <- Item{Event: &e}:
		case <-s.done:
			return
		}
	}
}

// page gives what comes next, from memory or from the store, and up to where
// it reaches.
func (s *Subscription) page() (events []engine.Event, to engine.Cursor, err error) {
	s.hub.mu.Lock()
	pos := s.pos
	if pos >= s.hub.recent.floor {
		events, to = s.hub.recent.since(pos, s.filter, pageSize), s.hub.recent.tail
	} else {
		to = -1
	}
	s.hub.mu.Unlock()
	if to < 0 {
		err = s.hub.cfg.Store.View(s.ctx, func(tx engine.Tx) (err error) {
			if to, err = tx.Events().Last(); err != nil {
				return err
			}
			events, err = tx.Events().List(engine.EventFilter{After: pos, Brand: s.filter.Brand, Consumer: s.filter.Consumer, Limit: pageSize})
			return err
		})
		if err != nil {
			return nil, pos, fmt.Errorf("live: replay: %w", err)
		}
	}
	if len(events) == pageSize {
		to = engine.Cursor(events[pageSize-1].Seq)
	}
	return events, to, nil
}

// Wait is a long poll: it gives the events after f.After as soon as there are
// any, at most 256, or none after wait. The cursor is where the next call goes on.
// Passing remarks are left out. Errors as of Subscribe, and the context's.
func (h *Hub) Wait(ctx context.Context, f Filter, wait time.Duration) ([]engine.Event, engine.Cursor, error) {
	s, err := h.Subscribe(ctx, f)
	if err != nil {
		return nil, f.After, err
	}
	defer s.Close()
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	for {
		select {
		case item, ok := <-s.C:
			if !ok {
				return nil, f.After, s.Err()
			}
			if item.Event != nil {
				events := s.drain(*item.Event)
				return events, engine.Cursor(events[len(events)-1].Seq), nil
			}
		case <-timeout.C:
			// What has arrived by now counts, even when the timer was seen first.
			select {
			case item, ok := <-s.C:
				if ok && item.Event != nil {
					events := s.drain(*item.Event)
					return events, engine.Cursor(events[len(events)-1].Seq), nil
				}
			default:
			}
			return nil, s.reached(), nil
		}
	}
}

// drain gives the first event with those that wait behind it already.
func (s *Subscription) drain(first engine.Event) []engine.Event {
	events := []engine.Event{first}
	for len(events) < pageSize {
		select {
		case item, ok := <-s.C:
			if !ok {
				return events
			}
			if item.Event != nil {
				events = append(events, *item.Event)
			}
		default:
			return events
		}
	}
	return events
}

// reached is how far a reader that found nothing may skip ahead.
func (s *Subscription) reached() engine.Cursor {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if !s.follow || len(s.c) > 0 {
		return s.filter.After
	}
	return max(s.pos, s.hub.recent.tail)
}
