package storagetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"parley/engine"
)

func event(conversation string, data string) *engine.Event {
	return &engine.Event{At: at(1), Brand: "acme", Conversation: conversation, Kind: engine.EventMessage, Actor: "consumer", Data: []byte(data)}
}

func testEvents(_ *testing.T, f fixture) {
	f.equal(read(f, func(t engine.Tx) (engine.Cursor, error) { return t.Events().Last() }), engine.Cursor(0))
	presence := event("", "5")
	presence.Kind, presence.Actor = engine.EventPresence, "agent:u1"
	foreign := event("c9", "4")
	foreign.Brand = "beta"
	other := conversation("c9")
	other.Brand = "beta"
	all := []*engine.Event{event("c1", "1"), event("c2", "2"), event("c3", "3"), foreign, presence, event("c1", "6")}
	for i, e := range all {
		e.At = at(i + 1)
	}
	f.update(func(t engine.Tx) error {
		bob := conversation("c3")
		bob.Consumer = "bob"
		if err := add([]engine.Conversation{conversation("c1"), conversation("c2"), bob, other}, t.Conversations().Add); err != nil {
			return err
		}
		return add(all, t.Events().Add)
	})
	list := func(w engine.EventFilter) []engine.Event {
		if w.Limit == 0 {
			w.Limit = 100
		}
		return read(f, func(t engine.Tx) ([]engine.Event, error) { return t.Events().List(w) })
	}
	whole := f.settled(len(all), engine.EventFilter{Limit: 100})
	for i, e := range whole {
		f.equal(e, *all[i])
		if i > 0 && e.Seq <= whole[i-1].Seq {
			f.t.Fatalf("event %d has seq %d after %d", i, e.Seq, whole[i-1].Seq)
		}
	}
	data := func(w engine.EventFilter) string {
		return ids(list(w), func(e engine.Event) string { return string(e.Data) })
	}
	f.equal(data(engine.EventFilter{Brand: "acme"}), "[1 2 3 5 6]")
	f.equal(data(engine.EventFilter{Brand: "acme", Limit: 2}), "[1 2]")
	f.equal(data(engine.EventFilter{Brand: "acme", After: engine.Cursor(all[1].Seq)}), "[3 5 6]")
	f.equal(data(engine.EventFilter{Brand: "acme", Conversation: "c1"}), "[1 6]")
	f.equal(data(engine.EventFilter{Brand: "acme", Conversation: "c1", After: engine.Cursor(all[0].Seq)}), "[6]")
	f.equal(data(engine.EventFilter{Brand: "acme", Conversation: "c1", Limit: 1}), "[1]")
	f.equal(data(engine.EventFilter{Brand: "acme", Conversation: "c1", Since: at(6)}), "[6]")
	f.equal(data(engine.EventFilter{Brand: "acme", Conversation: "c1", Since: at(7)}), "[]")
	f.equal(data(engine.EventFilter{Brand: "acme", Consumer: "ann", Since: at(2)}), "[2 6]")
	f.equal(data(engine.EventFilter{Brand: "beta", Conversation: "c1"}), "[]")
	f.equal(data(engine.EventFilter{Brand: "acme", Consumer: "ann"}), "[1 2 6]")
	f.equal(data(engine.EventFilter{Brand: "acme", Consumer: "bob"}), "[3]")
	f.equal(data(engine.EventFilter{Kinds: []engine.EventKind{engine.EventPresence}}), "[5]")
	f.equal(data(engine.EventFilter{Kinds: []engine.EventKind{engine.EventPresence, engine.EventMessage}, After: engine.Cursor(all[2].Seq), Limit: 2}), "[4 5]")
	f.equal(data(engine.EventFilter{Brand: "acme", Conversation: "c1", Kinds: []engine.EventKind{engine.EventClosed}}), "[]")
	f.equal(read(f, func(t engine.Tx) (engine.Cursor, error) { return t.Events().Last() }), engine.Cursor(all[5].Seq))
}

// testEventsDropped takes the log's beginning away. A store with parts has one here, which stays.
func testEventsDropped(t *testing.T, f fixture) {
	f.update(func(t engine.Tx) error { return t.Conversations().Add(conversation("c")) })
	var all []engine.Event
	write := func() {
		e := event("c", "1")
		e.At = at(len(all) + 1)
		f.update(func(t engine.Tx) error { return t.Events().Add(e) })
		all = append(all, *e)
	}
	for range 6 {
		write()
	}
	f.settled(len(all), engine.EventFilter{Limit: 100})
	var read0 engine.Position
	projected := func(to int64) {
		next := engine.Position{Version: 1, At: engine.Cursor(to)}
		f.update(func(t engine.Tx) error { return t.Projections().Move("p", read0, next) })
		read0 = next
	}
	projected(all[3].Seq)
	drop := func(before, limit int) (n int) {
		f.update(func(t engine.Tx) (err error) {
			n, err = t.Events().Drop(at(before), limit)
			return err
		})
		return n
	}
	left := func(from int) {
		t.Helper()
		f.equal(f.settled(len(all)-from, engine.EventFilter{Limit: 100}), all[from:])
		f.equal(f.settled(len(all)-from, engine.EventFilter{Brand: "acme", Conversation: "c", Limit: 100}), all[from:])
		var want engine.RetentionMark
		if from > 0 {
			want = engine.RetentionMark{At: all[from-1].At, N: all[from-1].Seq}
		}
		f.equal(read(f, func(t engine.Tx) (engine.RetentionMark, error) { return t.Events().Gone() }), want)
		f.equal(read(f, func(t engine.Tx) (engine.Cursor, error) { return t.Events().Last() }), engine.Cursor(all[len(all)-1].Seq))
	}
	f.equal(drop(1, 100), 0)
	left(0)
	err := f.store.View(context.Background(), func(t engine.Tx) error { _, err := t.Events().Drop(at(99), 100); return err })
	if err == nil {
		t.Error("a view drops events")
	}
	if n := drop(99, 2); n == 0 {
		left(0)
		return
	}
	left(2)
	own := errors.New("own error")
	err = f.store.Update(context.Background(), func(t engine.Tx) error {
		_, err := t.Events().Drop(at(99), 1)
		return errors.Join(err, own)
	})
	if !errors.Is(err, own) {
		t.Error(err)
	}
	left(2)
	f.equal(drop(99, 100), 2) // the projection has read no more
	left(4)
	projected(all[5].Seq)
	f.equal(drop(5, 100), 0)
	f.equal(drop(99, 100), 1) // the last one stays
	left(5)
	f.equal(drop(99, 100), 0)
	write()
	left(5)
}

// testEventOrder follows the log while 16 writers append, each several events in
// an update that takes a while, or in one that fails: a reader that asks after its
// last cursor misses nothing, however late an event is committed.
func testEventOrder(t *testing.T, f fixture) {
	const writers, each, parts = 16, 20, 3
	own := errors.New("own error")
	want := 0
	for i := range writers {
		for n := range each {
			if (i+n)%5 != 0 {
				want += parts
			}
		}
	}
	f.update(func(t engine.Tx) error { return t.Conversations().Add(conversation("c")) })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Events().Add(event("nowhere", "0")) })
	done := make(chan []error, 1)
	go func() {
		done <- concurrently(writers, func(i int) error {
			for n := range each {
				err := f.store.Update(context.Background(), func(t engine.Tx) error {
					for part := range parts {
						if err := t.Events().Add(event("c", fmt.Sprintf("%d-%d-%d", i, n, part))); err != nil {
							return err
						}
						if _, err := t.Conversations().Get("acme", "c"); err != nil {
							return err
						}
						runtime.Gosched()
					}
					if (i+n)%5 == 0 {
						return own
					}
					return nil
				})
				if err != nil && !errors.Is(err, own) {
					return err
				}
			}
			return nil
		})
	}()
	seen := map[string]int{}
	var after engine.Cursor
	for total := 0; total < want; {
		for _, e := range read(f, func(t engine.Tx) ([]engine.Event, error) {
			return t.Events().List(engine.EventFilter{Brand: "acme", After: after, Limit: 50})
		}) {
			if engine.Cursor(e.Seq) <= after {
				t.Fatalf("seq %d came after %d", e.Seq, after)
			}
			after = engine.Cursor(e.Seq)
			seen[string(e.Data)]++
			total++
		}
	}
	if errs := <-done; count(errs, "") != writers {
		t.Fatalf("writers failed: %v", errs)
	}
	for data, n := range seen {
		if n != 1 {
			t.Errorf("event %s was seen %d times", data, n)
		}
	}
}
