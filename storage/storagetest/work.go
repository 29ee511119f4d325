package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"parley/engine"
)

func testInbox(_ *testing.T, f fixture) {
	entries := []engine.InboxEntry{
		{Conversation: "c1", N: 1, Kind: engine.InboxMessage, Message: "m1", Data: []byte(`{"text":"hi"}`), At: at(1)},
		{Conversation: "c1", N: 2, Kind: engine.InboxTimer, Session: "s1", Step: 4, At: at(2)},
		{Conversation: "c1", N: 10, Kind: engine.InboxResult, Session: "s1", Step: 5, Data: []byte(`{}`), At: at(3)},
		{Conversation: "c2", N: 1, Kind: engine.InboxOutcome, At: at(1)},
	}
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Inbox().Add(entries[0]) })
	f.update(func(t engine.Tx) error {
		if err := add([]engine.Conversation{conversation("c1"), conversation("c2")}, t.Conversations().Add); err != nil {
			return err
		}
		return add(entries[:2], t.Inbox().Add)
	})
	f.update(func(t engine.Tx) error { return add(entries[2:], t.Inbox().Add) })
	list := func(c string) []engine.InboxEntry {
		return read(f, func(t engine.Tx) ([]engine.InboxEntry, error) { return t.Inbox().List(c) })
	}
	remove := func(n int64) { f.update(func(t engine.Tx) error { return t.Inbox().Remove("c1", n) }) }
	f.equal(list("c1"), entries[:3])
	remove(2) // from the middle
	f.equal(list("c1"), []engine.InboxEntry{entries[0], entries[2]})
	err := f.store.Update(context.Background(), func(t engine.Tx) error { return t.Inbox().Remove("c1", 2) })
	if code := engine.CodeOf(err); code != engine.NotFound && code != engine.Conflict {
		f.t.Fatalf("to remove what is gone gave %v", err)
	}
	remove(10) // the last
	f.equal(list("c1"), entries[:1])
	f.update(func(t engine.Tx) error { return t.Inbox().Add(entries[2]) })
	remove(1) // the first
	f.equal(list("c1"), entries[2:3])
	// What a store reuses of what was removed never shows up elsewhere.
	f.update(func(t engine.Tx) error { return t.Inbox().Clear("c1") })
	f.update(func(t engine.Tx) error { return t.Inbox().Clear("c1") })
	more := engine.InboxEntry{Conversation: "c2", N: 2, Kind: engine.InboxTimer, At: at(2)}
	f.update(func(t engine.Tx) error { return t.Inbox().Add(more) })
	f.equal(len(list("c1")), 0)
	f.equal(list("c2"), append(entries[3:4:4], more))
	// A conversation that was read before is saved with what came meanwhile.
	f.update(func(t engine.Tx) error {
		c, err := t.Conversations().Get("acme", "c1")
		if err != nil {
			return err
		}
		if err := t.Inbox().Add(entries[0]); err != nil {
			return err
		}
		return t.Conversations().Save(&c)
	})
	f.equal(list("c1"), entries[:1])
}

// testInboxLook: what a turn reads of a long inbox.
func testInboxLook(_ *testing.T, f fixture) {
	f.update(func(t engine.Tx) error {
		if err := add([]engine.Conversation{conversation("c1"), conversation("c2")}, t.Conversations().Add); err != nil {
			return err
		}
		for n := int64(1); n <= 12; n++ {
			e := engine.InboxEntry{Conversation: "c1", N: n, Kind: engine.InboxMessage, At: at(int(n))}
			if n == 5 || n >= 7 && n <= 10 {
				e.Kind = engine.InboxTimer
			}
			if err := t.Inbox().Add(e); err != nil {
				return err
			}
		}
		return t.Inbox().Add(engine.InboxEntry{Conversation: "c2", N: 1, Kind: engine.InboxMessage, At: at(1)})
	})
	for limit, want := range map[int][]int64{
		1: {1, 5, 12}, 3: {1, 2, 3, 5, 7, 8, 12}, 6: {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12},
		11: {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 12: {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 100: {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
	} {
		found := read(f, func(t engine.Tx) ([]engine.InboxEntry, error) { return t.Inbox().Look("c1", limit) })
		var got []int64
		for _, e := range found {
			got = append(got, e.N)
		}
		f.equal(got, want)
	}
	f.equal(len(read(f, func(t engine.Tx) ([]engine.InboxEntry, error) { return t.Inbox().Look("none", 3) })), 0)
}

func testSessions(_ *testing.T, f fixture) {
	s := engine.Session{
		ID: "s1", Brand: "acme", Conversation: "c1", Bot: "concierge", Version: "h", State: engine.SessionWaiting,
		Wait: engine.Wait{Kind: engine.WaitMessage, Step: 2, Until: at(50)}, Seed: -1 << 63, Steps: 3, Start: []byte(`{"a":1}`), CreatedAt: at(1),
	}
	f.missing(func(t engine.Tx) error { _, err := t.Sessions().Current("c1"); return err })
	f.update(func(t engine.Tx) error { return t.Sessions().Add(s) })
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Sessions().Add(s) })
	get := func(t engine.Tx) (engine.Session, error) { return t.Sessions().Get("s1") }
	f.equal(read(f, get), s)
	s.State, s.Wait, s.Steps = engine.SessionDone, engine.Wait{}, 9
	f.update(func(t engine.Tx) error { return t.Sessions().Save(s) })
	f.equal(read(f, get), s)
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Sessions().Save(engine.Session{ID: "s9"}) })
	f.missing(func(t engine.Tx) error { _, err := t.Sessions().Get("s9"); return err })

	current := func(t engine.Tx) (engine.Session, error) { return t.Sessions().Current("c1") }
	f.equal(read(f, current), s)
	later := s
	later.ID, later.Start = "s2", nil // a restart in the same millisecond
	f.update(func(t engine.Tx) error { return t.Sessions().Add(later) })
	f.equal(read(f, current), later)
	f.missing(func(t engine.Tx) error { _, err := t.Sessions().Current("c2"); return err })
}

func testJournal(_ *testing.T, f fixture) {
	entry := func(n int, answer string) engine.JournalEntry {
		e := engine.JournalEntry{Session: "s1", N: n, Call: "ask", Hash: fmt.Sprint("h", n), Args: []byte(`["?"]`), Line: "bots/a.lua:3", At: at(n)}
		if answer != "" {
			e.Answer = []byte(answer)
		}
		return e
	}
	var many []engine.JournalEntry
	for n := range 12 {
		many = append(many, entry(n, "1"))
	}
	many[11].Answer = nil
	f.update(func(t engine.Tx) error { return t.Sessions().Record(many) })
	journal := func(t engine.Tx) ([]engine.JournalEntry, error) { return t.Sessions().Journal("s1") }
	f.equal(read(f, journal), many)
	more := []engine.JournalEntry{entry(11, `"answer"`), entry(12, "null")}
	f.update(func(t engine.Tx) error { return t.Sessions().Record(more) })
	f.equal(read(f, journal), append(many[:11:11], more...))
	f.update(func(t engine.Tx) error { return t.Sessions().Record(nil) })
	f.equal(len(read(f, func(t engine.Tx) ([]engine.JournalEntry, error) { return t.Sessions().Journal("s2") })), 0)
}

func testTimers(t *testing.T, f fixture) {
	if next := read(f, func(t engine.Tx) (string, error) { n, err := t.Timers().Next(); return fmt.Sprint(n.IsZero()), err }); next != "true" {
		t.Fatal("a store without timers names a next one")
	}
	timers := []engine.Timer{
		{ID: "t1", Brand: "acme", Conversation: "c1", Session: "s1", Step: 1, At: at(30)},
		{ID: "t2", Brand: "acme", Conversation: "c1", Session: "s1", Step: 2, At: at(10)},
		{ID: "t3", Brand: "acme", Conversation: "c2", Session: "s2", Step: 3, At: at(20)},
	}
	f.update(func(t engine.Tx) error { return add(timers, t.Timers().Add) })
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Timers().Add(timers[0]) })
	dueAt := func(ms, limit int) []engine.Timer {
		return read(f, func(t engine.Tx) ([]engine.Timer, error) { return t.Timers().Due(at(ms), limit) })
	}
	f.equal(len(dueAt(9, 10)), 0)
	f.equal(dueAt(20, 10), []engine.Timer{timers[1], timers[2]})
	f.equal(dueAt(99, 1), timers[1:2])
	next, err := at(0), error(nil)
	f.view(func(t engine.Tx) error { next, err = t.Timers().Next(); return err })
	f.equal(next, at(10))
	f.update(func(t engine.Tx) error { return t.Timers().Remove("t2") })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Timers().Remove("t2") })
	f.update(func(t engine.Tx) error { return t.Timers().RemoveSession("s1") })
	f.update(func(t engine.Tx) error { return t.Timers().RemoveSession("s1") })
	f.equal(dueAt(99, 10), timers[2:])
}

func testQueue(_ *testing.T, f fixture) {
	e := engine.QueueEntry{
		Conversation: "c1", Brand: "acme", Skill: "care", Priority: 2, EnteredAt: at(1), Level: 3, Raised: 1, Language: "de", Agent: "u1", Avoid: []string{"u2"}, OfferedTo: "u3", OfferExpires: at(9),
		AgentUntil: at(8), TriedAt: at(7), ReturnedAt: at(6),
	}
	get := func(t engine.Tx) (engine.QueueEntry, error) { return t.Queue().Get("c1") }
	f.missing(func(t engine.Tx) error { _, err := get(t); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Queue().Position("c1"); return err })
	f.update(func(t engine.Tx) error { return t.Queue().Put(e) })
	f.equal(read(f, get), e)
	e.Avoid, e.OfferedTo, e.OfferExpires, e.Priority, e.Level, e.Raised, e.Language = nil, "", at(0), 5, 0, 2, ""
	f.update(func(t engine.Tx) error { return t.Queue().Put(e) })
	f.equal(read(f, get), e)
	other := engine.QueueEntry{Conversation: "c2", Brand: "beta", Skill: "care", Priority: 1, EnteredAt: at(0)}
	f.update(func(t engine.Tx) error { return t.Queue().Put(other) })
	f.equal(read(f, func(t engine.Tx) ([]string, error) { return t.Queue().Brands() }), []string{"acme", "beta"})
	f.equal(read(f, func(t engine.Tx) ([]engine.QueueEntry, error) { return t.Queue().List("acme") }), []engine.QueueEntry{e})
	f.update(func(t engine.Tx) error { return t.Queue().Remove("c1") })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Queue().Remove("c1") })
	f.equal(read(f, func(t engine.Tx) ([]string, error) { return t.Queue().Brands() }), []string{"beta"})
}

// testQueueCounts: what is kept is what counting gives, also after refused and
// failed updates beside others.
func testQueueCounts(_ *testing.T, f fixture) {
	waiting := func(brand string) map[string]int {
		return read(f, func(t engine.Tx) (map[string]int, error) { return t.Queue().Waiting(brand) })
	}
	meant := func(agent string) string {
		list := read(f, func(t engine.Tx) ([]engine.QueueEntry, error) { return t.Queue().Meant("acme", agent) })
		return ids(list, func(e engine.QueueEntry) string { return e.Conversation })
	}
	f.equal(waiting("acme"), map[string]int{})
	f.update(func(t engine.Tx) error {
		return add([]engine.QueueEntry{
			{Conversation: "c1", Brand: "acme", Skill: "care", Priority: 2, EnteredAt: at(1), Agent: "u1", OfferedTo: "u1"},
			{Conversation: "c2", Brand: "acme", Skill: "care", Priority: 1, EnteredAt: at(2), OfferedTo: "u1"},
			{Conversation: "c3", Brand: "acme", Skill: "sales", Priority: 2, EnteredAt: at(0), Agent: "u1", OfferedTo: "u2"},
			{Conversation: "c4", Brand: "beta", Skill: "care", Agent: "u1"},
		}, t.Queue().Put)
	})
	f.equal(waiting("acme"), map[string]int{"care": 2, "sales": 1})
	f.equal(waiting("beta"), map[string]int{"care": 1})
	f.equal(meant("u1"), "[c2 c3 c1]")
	f.equal(meant("u2"), "[c3]")
	f.equal(meant(""), "[]")
	f.update(func(t engine.Tx) error { // moved, kept where it is, left
		return errors.Join(
			t.Queue().Put(engine.QueueEntry{Conversation: "c1", Brand: "acme", Skill: "sales"}),
			t.Queue().Put(engine.QueueEntry{Conversation: "c2", Brand: "acme", Skill: "care", Priority: 9}),
			t.Queue().Remove("c3"), t.Queue().Remove("c4"))
	})
	f.equal(waiting("acme"), map[string]int{"care": 1, "sales": 1})
	f.equal(waiting("beta"), map[string]int{})
	f.equal(meant("u1"), "[]")
}

func testQueuePosition(_ *testing.T, f fixture) {
	entry := func(id, brand, skill string, priority, entered int) engine.QueueEntry {
		return engine.QueueEntry{Conversation: id, Brand: brand, Skill: skill, Priority: priority, EnteredAt: at(entered)}
	}
	f.update(func(t engine.Tx) error {
		return add([]engine.QueueEntry{
			entry("c1", "acme", "care", 5, 10), entry("c2", "acme", "care", 5, 5), entry("c3", "acme", "care", 1, 99), entry("c4", "acme", "care", 5, 10),
			entry("c5", "acme", "sales", 1, 0), entry("c6", "beta", "care", 1, 0),
		}, t.Queue().Put)
	})
	for id, want := range map[string]int{"c3": 1, "c2": 2, "c1": 3, "c4": 4, "c5": 1, "c6": 1} {
		f.equal(read(f, func(t engine.Tx) (int, error) { return t.Queue().Position(id) }), want)
	}
	list := read(f, func(t engine.Tx) ([]engine.QueueEntry, error) { return t.Queue().List("acme") })
	f.equal(ids(list, func(e engine.QueueEntry) string { return e.Conversation }), "[c5 c3 c2 c1 c4]")
}
