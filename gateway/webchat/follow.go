package webchat

import (
	"context"
	"time"

	"parley/engine"
	"parley/engine/log"
)

const replayPage = 200 // events read at once

// follower brings one visitor's frames in the order of the event log.
type follower struct {
	s        *Server
	v        visit
	consumer string        // "" until the visitor's first message
	cursor   engine.Cursor // everything up to here was emitted
	position int           // in the queue, as emitted last; 0 when not waiting, unsaid before the first time
	emit     func(frame any) error
	// listening is called once, as soon as nothing can pass by unheard; nil for nobody.
	listening func() error
}

const unsaid = -1

// start sets the cursor that the client knows; one that no event of this log
// has given out is answered with a reset.
func (f *follower) start(ctx context.Context, after string) error {
	cursor, err := engine.ParseCursor(after)
	var last engine.Cursor
	if verr := f.s.view(ctx, func(tx engine.Tx) (err error) {
		if last, err = tx.Events().Last(); err != nil {
			return err
		}
		now, err := current(tx, f.v)
		if now.Owner == engine.OwnerQueue {
			f.position = unsaid // the client knows an older one
		}
		return err
	}); verr != nil {
		return verr
	}
	if err == nil && cursor <= last {
		f.cursor = cursor
		return nil
	}
	f.cursor = last
	return f.emit(markFrame{Type: "reset", Cursor: last.String()})
}

// replay emits the next page of what is in the log already. more is false when
// the cursor has reached its end.
func (f *follower) replay(ctx context.Context) (more bool, err error) {
	var events []engine.Event
	var known []facts
	var end engine.Cursor
	err = f.s.view(ctx, func(tx engine.Tx) error {
		events, known = nil, nil
		var err error
		if end, err = tx.Events().Last(); err != nil {
			return err
		}
		if f.consumer == "" {
			if f.consumer, err = consumerOf(tx, f.v); err != nil || f.consumer == "" {
				return err
			}
		}
		events, err = tx.Events().List(engine.EventFilter{After: f.cursor, Brand: f.v.ch.Brand, Consumer: f.consumer, Limit: replayPage})
		for _, ev := range events {
			var fact facts
			if err == nil {
				fact, err = lookUp(tx, ev)
			}
			known = append(known, fact)
		}
		return err
	})
	if err != nil {
		return false, err
	}
	for i, ev := range events {
		if err := f.show(ev, known[i]); err != nil {
			return false, err
		}
	}
	if len(events) == replayPage {
		return true, nil
	}
	f.cursor = max(f.cursor, end)
	return false, nil
}

// lookUp finds what the event's frame needs besides the event.
func lookUp(tx engine.Tx, ev engine.Event) (facts, error) {
	d, ok := changeOf(ev)
	if !ok {
		return facts{}, nil
	}
	return factsOf(tx, ev.Brand, ev.Conversation, d)
}

// show emits the event's frame, if it has one for the visitor.
func (f *follower) show(ev engine.Event, known facts) error {
	frame, ok := frameOf(ev, known)
	f.cursor = engine.Cursor(ev.Seq)
	if !ok {
		return nil
	}
	if st, ok := frame.(statusFrame); ok {
		f.position = st.Status.Position
	}
	return f.emit(frame)
}

// follow emits what happens from the cursor on, until ctx or the hub ends or
// emit fails. At each tick it looks after what no event tells: the place in
// the queue, and an arrival whose signal was lost.
func (f *follower) follow(ctx context.Context, tick <-chan time.Time) error {
	if err := f.await(ctx, tick); err != nil {
		return err
	}
	sub, err := f.s.Hub.Subscribe(ctx, log.Filter{Brand: f.v.ch.Brand, Consumer: f.consumer, After: f.cursor})
	if err != nil {
		return err
	}
	defer sub.Close()
	if err := f.listen(); err != nil {
		return err
	}
	for {
		select {
		case item, ok := <-sub.C:
			if !ok {
				return sub.Err()
			}
			err = f.deliver(ctx, item)
		case <-tick:
			err = f.recount(ctx)
		}
		if err != nil {
			return err
		}
	}
}

func (f *follower) listen() error {
	tell := f.listening
	f.listening = nil
	if tell == nil {
		return nil
	}
	return tell()
}

// await waits for the visitor's first message.
func (f *follower) await(ctx context.Context, tick <-chan time.Time) error {
	if f.consumer != "" {
		return nil
	}
	arrived, cancel := f.s.arrivals.await(arrival(f.v.ch, f.v.address).Key)
	defer cancel()
	for {
		// Only now, for the message may have come before we listened.
		if err := f.s.view(ctx, func(tx engine.Tx) (err error) {
			f.consumer, err = consumerOf(tx, f.v)
			return err
		}); err != nil || f.consumer != "" {
			return err
		}
		if err := f.listen(); err != nil {
			return err
		}
		select {
		case <-arrived:
		case <-tick:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (f *follower) deliver(ctx context.Context, item log.Item) error {
	if item.Pass != nil {
		if frame, ok := typingOf(*item.Pass); ok {
			return f.emit(frame)
		}
		return nil
	}
	var known facts
	if _, ok := changeOf(*item.Event); ok {
		err := f.s.view(ctx, func(tx engine.Tx) (err error) {
			known, err = lookUp(tx, *item.Event)
			return err
		})
		if err != nil {
			return err
		}
	}
	return f.show(*item.Event, known)
}

// recount tells a waiting visitor of a new place in the queue.
func (f *follower) recount(ctx context.Context) error {
	if f.position == 0 {
		return nil
	}
	var now statusView
	err := f.s.view(ctx, func(tx engine.Tx) (err error) {
		now, err = current(tx, f.v)
		return err
	})
	// Another owner has an event of its own.
	if err != nil || now.Owner != engine.OwnerQueue || now.Position == f.position {
		return err
	}
	f.position = now.Position
	return f.emit(statusFrame{"status", f.cursor.String(), now})
}
