package log

import (
	"context"
	"fmt"
	"time"

	"parley/engine"
)

const (
	batchSize = 256 // events of a batch, unless the filter says otherwise
	// patience is how many events may wait for a reader. One who is further behind
	// and whose events have left the hub's memory, too, is cut.
	patience = 256
	maxPass  = 128             // passing remarks that wait for a reader
	retryIn  = 5 * time.Second // when who found no room may come back
)

// Filter says what a follower gets.
type Filter struct {
	Brand string // required
	// Visitor limits it to the events of Consumer's conversations, of a consumer who
	// may be known only later: see Meet. What of them a consumer may see (no notes,
	// no team events) is for the edge to choose.
	Visitor  bool
	Consumer string        // of a visitor; "" is nobody yet
	After    engine.Cursor // events after this one; 0 is the start of the log
	Limit    int           // events of a batch; 0 for 256
}

// Item is one thing that a follower gets: exactly one field is set.
type Item struct {
	Event *engine.Event
	Pass  *engine.Signal // a passing remark, in no log: typing
}

// Batch is what came next.
type Batch struct {
	Items []Item // in order
	// Reset says that the reader's cursor was beyond the end of the log, which was
	// replaced, or before its beginning, and what came between is gone: it goes on from
	// the end, and the reader starts again from a fresh state.
	Reset bool
	// Live says, once, that all that was in the log has been given: what follows
	// happens now, with passing remarks.
	Live   bool
	Cursor engine.Cursor // where a reader goes on that has got all this
}

// Follower is one reader's way along the log: first what is in it, then what
// comes, without a gap or a double. The reader asks when C says so, at its own pace.
type Follower struct {
	// C gets a value when Next may have something, also at the first time and at the end.
	C <-chan struct{}

	hub *Hub
	c   chan struct{}

	// Below is guarded by hub.mu.
	who    audience
	limit  int
	begun  bool          // the store was asked
	live   bool          // the end of the log was reached once
	pos    engine.Cursor // everything up to here was given or does not match
	caught bool          // and so was everything up to the hub's tail
	missed int           // events that the hub told of since
	passes []pass
	closed bool
}

// pass is a passing remark with the event that it came after.
type pass struct {
	engine.Signal
	after engine.Cursor
}

// Follow begins to follow. It waits for Run; Close ends it. Errors: ErrStopped,
// Invalid without a brand, Unavailable when there are too many.
func (h *Hub) Follow(ctx context.Context, f Filter) (*Follower, error) {
	if f.Brand == "" {
		return nil, engine.FieldError("brand", "is missing")
	}
	select {
	case <-h.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	n, room := &h.count.team, h.room.team
	if f.Visitor {
		n, room = &h.count.visitors, h.room.visitors
	}
	switch {
	case h.stopped:
		return nil, ErrStopped
	case *n >= room:
		return nil, engine.Errorf(engine.Unavailable, "Too many live connections. Try again in a moment.").In(retryIn)
	}
	*n++
	s := &Follower{hub: h, c: make(chan struct{}, 1), pos: f.After, limit: f.Limit}
	if s.limit == 0 {
		s.limit = batchSize
	}
	s.C = s.c
	a := audience{brand: f.Brand, visitor: f.Visitor}
	if f.Visitor {
		a.consumer = f.Consumer
	}
	s.join(a)
	s.wake()
	return s, nil
}

// Meet tells a visitor's follower who the consumer is. It gets what came after
// its last batch.
func (s *Follower) Meet(consumer string) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.closed {
		return
	}
	s.part()
	// The tail knows nothing of what was not for it then.
	s.caught, s.begun = false, false
	s.join(audience{s.who.brand, true, consumer})
	s.wake()
}

// Close ends the following. Closing twice does nothing.
func (s *Follower) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	s.part()
	if s.who.visitor {
		s.hub.count.visitors--
	} else {
		s.hub.count.team--
	}
}

// join and part are called with the lock held, as is all below but Next.
func (s *Follower) join(a audience) {
	s.who = a
	if s.hub.subs[a] == nil {
		s.hub.subs[a] = make(map[*Follower]struct{})
	}
	s.hub.subs[a][s] = struct{}{}
}

func (s *Follower) part() {
	delete(s.hub.subs[s.who], s)
	if len(s.hub.subs[s.who]) == 0 {
		delete(s.hub.subs, s.who)
	}
}

func (s *Follower) wake() {
	select {
	case s.c <- struct{}{}:
	default:
	}
}

// notice is told of each event that matches.
func (s *Follower) notice(seq engine.Cursor) {
	if seq <= s.pos {
		return // the store was ahead of the tail
	}
	if s.caught {
		s.pos, s.caught = seq-1, false // nothing before it was for this one
	}
	s.missed++
	s.wake()
}

// hear keeps a passing remark as long as the reader keeps up.
func (s *Follower) hear(sig engine.Signal) {
	if s.live && len(s.passes) < maxPass {
		s.passes = append(s.passes, pass{sig, s.hub.recent.tail})
		s.wake()
	}
}

// Next gives what there is by now, which may be nothing. Errors: ErrSlow,
// ErrStopped, the context's and the store's.
func (s *Follower) Next(ctx context.Context) (Batch, error) {
	events, to, reset, err := s.read(ctx)
	if err != nil {
		return Batch{}, err
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	full := len(events) == s.limit
	s.pos, s.begun, s.missed = to, true, max(0, s.missed-len(events))
	b := Batch{Reset: reset, Cursor: to}
	switch {
	case full || to < s.hub.recent.tail:
		s.wake() // there may be more
	default:
		s.caught, s.missed = true, 0
		b.Live, s.live = !s.live, true
	}
	b.Items = make([]Item, 0, len(events)+len(s.passes))
	for i := range events {
		b.Items = s.remarks(b.Items, engine.Cursor(events[i].Seq)-1)
		b.Items = append(b.Items, Item{Event: &events[i]})
	}
	b.Items = s.remarks(b.Items, to)
	return b, nil
}

// remarks appends those that came before anything after the cursor.
func (s *Follower) remarks(items []Item, upTo engine.Cursor) []Item {
	for len(s.passes) > 0 && s.passes[0].after <= upTo {
		items = append(items, Item{Pass: &s.passes[0].Signal})
		s.passes = s.passes[1:]
	}
	return items
}

// read finds what comes next and up to where that reaches: in the hub's memory,
// or in the store, which alone knows what has just been committed.
func (s *Follower) read(ctx context.Context) (events []engine.Event, to engine.Cursor, reset bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, false, err
	}
	s.hub.mu.Lock()
	recent, who, pos, slow := &s.hub.recent, s.who, s.pos, s.live && s.missed > patience
	switch {
	case s.hub.stopped:
		s.hub.mu.Unlock()
		return nil, 0, false, ErrStopped
	case s.begun && s.caught:
		to = max(pos, recent.tail)
		s.hub.mu.Unlock()
		return nil, to, false, nil
	case s.begun && recent.floor <= pos && pos <= recent.tail:
		events, to = recent.since(pos, who, s.limit), recent.tail
		s.hub.mu.Unlock()
		if len(events) == s.limit {
			to = engine.Cursor(events[len(events)-1].Seq)
		}
		return events, to, false, nil
	}
	s.hub.mu.Unlock()
	if slow {
		return nil, 0, false, ErrSlow
	}
	err = s.hub.cfg.Store.View(ctx, func(tx engine.Tx) (err error) {
		if who.visitor && who.consumer == "" {
			to, err = tx.Events().Last()
			return err
		}
		events, to, err = Page(tx, engine.EventFilter{After: pos, Brand: who.brand, Consumer: who.consumer, Limit: s.limit})
		return err
	})
	if err != nil {
		return nil, 0, false, fmt.Errorf("log: %w", err)
	}
	if to < pos {
		return events, to, true, nil
	}
	end, err := s.lost(ctx, pos, to)
	if err != nil || end > 0 {
		return nil, end, end > 0, err
	}
	return events, to, false, nil
}

// lost gives the end of the log when events behind the reader's cursor were removed before
// it read them, and else 0. It looks after the reading, in a view of its own: what went
// meanwhile is told as well.
func (s *Follower) lost(ctx context.Context, pos, to engine.Cursor) (end engine.Cursor, err error) {
	if pos == 0 || pos == to {
		return 0, nil // it wants what there is, or nothing has come since
	}
	err = s.hub.cfg.Store.View(ctx, func(tx engine.Tx) error {
		gone, err := tx.Events().Gone()
		if err == nil && int64(pos) < gone.N {
			end, err = tx.Events().Last()
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("log: %w", err)
	}
	return end, nil
}

// Wait is a long poll: it gives the events that are there, or those that come
// within wait, or none. Passing remarks are left out.
func (s *Follower) Wait(ctx context.Context, wait time.Duration) ([]engine.Event, Batch, error) {
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	for over := false; ; {
		b, err := s.Next(ctx)
		var events []engine.Event
		for _, item := range b.Items {
			if item.Event != nil {
				events = append(events, *item.Event)
			}
		}
		if err != nil || len(events) > 0 || b.Reset || over {
			return events, b, err
		}
		select {
		case <-s.C:
		case <-timeout.C:
			over = true // what has arrived by now counts
		case <-ctx.Done():
			return nil, b, ctx.Err()
		}
	}
}
