package webchat

import (
	"context"
	"math"
	"time"

	"parley/engine"
	"parley/engine/log"
)

// follower brings one visitor's frames in the order of the event log.
type follower struct {
	s        *Server
	v        visit
	log      *log.Follower
	cursor   engine.Cursor // everything up to here was emitted
	position int           // in the queue, as emitted last; 0 when not waiting, unsaid before the first time
	arrived  <-chan struct{}
	leave    func() // the waiting for the visitor's first message; nil when nobody waits for it
	emit     func(frame) error
}

const unsaid = -1

// beyond is no cursor of any log.
const beyond = engine.Cursor(math.MaxInt64)

// follow begins to follow from the cursor that the client knows; one that no
// event of this log has given out is answered with a reset. close ends it.
func (s *Server) follow(ctx context.Context, v visit, after string, emit func(frame) error) (*follower, error) {
	cursor, err := engine.ParseCursor(after)
	if err != nil {
		cursor = beyond
	}
	f := &follower{s: s, v: v, cursor: cursor, emit: emit}
	f.arrived, f.leave = s.arrivals.await(arrival(v.ch, v.address).Key)
	// Only now: who comes from here on is told by arrived.
	consumer, err := engine.View(ctx, s.Store, func(tx engine.Tx) (string, error) {
		now, err := current(tx, v)
		if err != nil {
			return "", err
		}
		if now.Owner == engine.OwnerQueue {
			f.position = unsaid // the client knows an older one
		}
		return consumerOf(tx, v)
	})
	if err == nil {
		f.log, err = s.Hub.Follow(ctx, log.Filter{Brand: v.ch.Brand, Visitor: true, Consumer: consumer, After: cursor})
	}
	if err != nil || consumer != "" {
		f.met()
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// met ends the waiting for the first message.
func (f *follower) met() {
	if f.leave != nil {
		f.leave()
	}
	f.arrived, f.leave = nil, nil
}

func (f *follower) close() {
	f.met()
	f.log.Close()
}

// next waits for news or a tick, and emits what there is by then. live says, once,
// that from now on nothing passes by unheard. At a tick it looks after what no
// event tells: the place in the queue, and an arrival whose signal was lost.
func (f *follower) next(ctx context.Context, tick <-chan time.Time) (live bool, err error) {
	select {
	case <-f.log.C:
		return f.take(ctx)
	case <-f.arrived:
		return false, f.meet(ctx)
	case <-tick:
		if f.arrived != nil {
			return false, f.meet(ctx)
		}
		return false, f.recount(ctx)
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// meet looks whether the visitor has written meanwhile.
func (f *follower) meet(ctx context.Context) error {
	consumer, err := engine.View(ctx, f.s.Store, func(tx engine.Tx) (string, error) { return consumerOf(tx, f.v) })
	if err == nil && consumer != "" {
		f.met()
		f.log.Meet(consumer)
	}
	return err
}

// take emits the log's next batch.
func (f *follower) take(ctx context.Context) (live bool, err error) {
	b, err := f.log.Next(ctx)
	if err != nil {
		return false, err
	}
	known, err := f.lookUp(ctx, b.Items)
	if err != nil {
		return false, err
	}
	if b.Reset {
		if err := f.emit(frame{Type: "reset", Cursor: b.Cursor.String()}); err != nil {
			return false, err
		}
	}
	for i, item := range b.Items {
		if item.Event != nil {
			err = f.show(*item.Event, known[i])
		} else if typing, ok := typingOf(*item.Pass); ok {
			err = f.emit(typing)
		}
		if err != nil {
			return false, err
		}
	}
	f.cursor = b.Cursor
	return b.Live, nil
}

// lookUp finds what the events' frames need besides the events.
func (f *follower) lookUp(ctx context.Context, items []log.Item) ([]facts, error) {
	known := make([]facts, len(items))
	changes := make(map[int]engine.ConversationData)
	for i, item := range items {
		if item.Event == nil {
			continue
		}
		if d, ok := changeOf(*item.Event); ok {
			changes[i] = d
		}
	}
	if len(changes) == 0 {
		return known, nil
	}
	return known, f.s.Store.View(ctx, func(tx engine.Tx) (err error) {
		for i, d := range changes {
			if known[i], err = factsOf(tx, items[i].Event.Brand, items[i].Event.Conversation, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// show emits the event's frame, if it has one for the visitor.
func (f *follower) show(ev engine.Event, known facts) error {
	shown, ok := frameOf(ev, known)
	f.cursor = engine.Cursor(ev.Seq)
	if !ok {
		return nil
	}
	if shown.Status != nil {
		f.position = shown.Status.Position
	}
	return f.emit(shown)
}

// recount tells a waiting visitor of a new place in the queue.
func (f *follower) recount(ctx context.Context) error {
	if f.position == 0 {
		return nil
	}
	now, err := engine.View(ctx, f.s.Store, func(tx engine.Tx) (statusView, error) { return current(tx, f.v) })
	// Another owner has an event of its own.
	if err != nil || now.Owner != engine.OwnerQueue || now.Position == f.position {
		return err
	}
	f.position = now.Position
	return f.emit(frame{Type: "status", Cursor: f.cursor.String(), Status: &now})
}
