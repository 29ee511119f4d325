package storagetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/engine"
)

func item(id, conversation string, due int) *engine.OutboxItem {
	return &engine.OutboxItem{
		ID: id, Brand: "acme", Channel: "acme.sms", Conversation: conversation, Kind: engine.OutboxMessage, To: "+1", Message: "m-" + id, Parts: 1,
		Content: engine.Content{Text: "hi"}, State: engine.OutboxPending, DueAt: at(due), CreatedAt: at(0),
	}
}

func (f fixture) put(items ...*engine.OutboxItem) {
	f.t.Helper()
	f.update(func(t engine.Tx) error { return add(items, t.Outbox().Add) })
}

func (f fixture) claim(now, limit int) []engine.OutboxItem {
	f.t.Helper()
	var got []engine.OutboxItem
	f.update(func(t engine.Tx) (err error) {
		got, err = t.Outbox().Claim(at(now), at(now+100), limit)
		return err
	})
	return got
}

func (f fixture) claimed(now, limit int) string {
	f.t.Helper()
	return ids(f.claim(now, limit), func(o engine.OutboxItem) string { return o.ID })
}

func (f fixture) settle(o engine.OutboxItem, s engine.OutboxState) {
	f.t.Helper()
	o.State = s
	f.update(func(t engine.Tx) error { return t.Outbox().Save(o) })
}

func testOutbox(_ *testing.T, f fixture) {
	a := item("a", "c1", 10)
	b := &engine.OutboxItem{
		ID: "b", Brand: "acme", Channel: "acme.sms", Conversation: "c1", Kind: engine.OutboxHTTP, Session: "s1", Step: 7, Request: []byte(`{"method":"GET"}`),
		State: engine.OutboxPending, DueAt: at(10), CreatedAt: at(1),
	}
	f.put(a, b)
	if a.Seq <= 0 || b.Seq <= a.Seq {
		f.t.Fatalf("sequence numbers %d and %d do not grow", a.Seq, b.Seq)
	}
	get := func(id string) engine.OutboxItem {
		return read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().Get(id) })
	}
	f.equal(get("a"), *a)
	f.equal(get("b"), *b)
	f.missing(func(t engine.Tx) error { _, err := t.Outbox().Get("x"); return err })

	got := f.claim(10, 10)
	a.State, a.Attempt, a.LeaseUntil = engine.OutboxLeased, 1, at(110)
	b.State, b.Attempt, b.LeaseUntil = engine.OutboxLeased, 1, at(110)
	f.equal(got, []engine.OutboxItem{*a, *b})
	f.equal(get("a"), *a)

	stale := *a
	stale.Attempt = 0
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Outbox().Save(stale) })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Outbox().Save(engine.OutboxItem{ID: "x"}) })
	a.State, a.ProviderID, a.Receipt, a.Reconciles, a.Failure, a.DueAt, a.LeaseUntil = engine.OutboxDone, "SM1", engine.Delivered, 2, "late", at(20), time.Time{}
	f.update(func(t engine.Tx) error { return t.Outbox().Save(*a) })
	f.equal(get("a"), *a)
	f.equal(read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().ByProvider("acme.sms", "SM1") }), *a)
	f.missing(func(t engine.Tx) error { _, err := t.Outbox().ByProvider("acme.web", "SM1"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Outbox().ByProvider("acme.sms", ""); return err })
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Outbox().Add(item("a", "c9", 0)) })
}

// testHeadOfLine: an active item holds back what follows it in its
// conversation and kind, whatever its state, and nothing else.
func testHeadOfLine(_ *testing.T, f fixture) {
	web := item("h", "c1", 0)
	web.Kind = engine.OutboxHTTP
	f.put(item("a1", "c1", 5), item("a2", "c1", 0), item("b1", "c2", 50), item("b2", "c2", 0), item("d1", "c3", 1), web)
	f.equal(f.claimed(0, 10), "[h]")
	f.equal(f.claimed(4, 10), "[d1]")
	got := f.claim(10, 10)
	f.equal(ids(got, func(o engine.OutboxItem) string { return o.ID }), "[a1]")
	f.equal(f.claimed(10, 10), "[]") // leased holds back
	f.settle(got[0], engine.OutboxUnsure)
	f.equal(f.claimed(10, 10), "[]") // unknown holds back
	got[0].DueAt = at(30)
	f.settle(got[0], engine.OutboxPending)
	f.equal(f.claimed(10, 10), "[]") // a retry holds back
	again := f.claim(30, 10)
	f.equal(again[0].Attempt, 2)
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Outbox().Save(got[0]) }) // the first attempt is over
	f.settle(again[0], engine.OutboxFailed)
	f.equal(f.claimed(30, 10), "[a2]") // failed lets go
	f.equal(f.claimed(50, 10), "[b1]")
	b1 := read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().Get("b1") })
	f.settle(b1, engine.OutboxDone)
	f.equal(f.claimed(50, 10), "[b2]") // done lets go

	f.put(item("x1", "x", 90), item("y1", "y", 80), item("z1", "z", 70))
	f.equal(f.claimed(99, 2), "[z1 y1]") // the longest due first
	f.equal(f.claimed(99, 2), "[x1]")
}

// testClaimRace has 16 workers claim and settle; every item goes out once and
// in order within its conversation.
func testClaimRace(t *testing.T, f fixture) {
	const conversations, each = 10, 12
	f.update(func(t engine.Tx) error {
		for i := range each {
			for c := range conversations {
				if err := t.Outbox().Add(item(fmt.Sprintf("%d-%02d", c, i), fmt.Sprint("c", c), 0)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var mu sync.Mutex
	sent := map[string][]string{}
	total := 0
	errs := concurrently(16, func(int) error {
		for {
			mu.Lock()
			done := total == conversations*each
			mu.Unlock()
			if done {
				return nil
			}
			var got []engine.OutboxItem
			err := f.store.Update(context.Background(), func(t engine.Tx) (err error) {
				got, err = t.Outbox().Claim(at(1), at(100), 3)
				return err
			})
			if err != nil {
				return err
			}
			for _, o := range got {
				mu.Lock()
				sent[o.Conversation] = append(sent[o.Conversation], o.ID)
				total++
				mu.Unlock()
				o.State = engine.OutboxDone
				if err := f.store.Update(context.Background(), func(t engine.Tx) error { return t.Outbox().Save(o) }); err != nil {
					return err
				}
			}
		}
	})
	if n := count(errs, ""); n != 16 {
		t.Fatalf("workers failed: %v", errs)
	}
	for c, list := range sent {
		for i, id := range list {
			if want := fmt.Sprintf("%s-%02d", c[1:], i); id != want {
				t.Fatalf("%s sent %s at place %d", c, id, i)
			}
		}
		f.equal(len(list), each)
	}
}

func testStale(_ *testing.T, f fixture) {
	f.put(item("a", "c1", 0), item("b", "c2", 0), item("d", "c3", 0))
	for _, o := range f.claim(0, 10) { // leased until 100
		if o.ID == "b" {
			o.DueAt = at(40)
			f.settle(o, engine.OutboxUnsure)
		}
		if o.ID == "d" {
			f.settle(o, engine.OutboxDone)
		}
	}
	stale := func(now, limit int) string {
		return ids(read(f, func(t engine.Tx) ([]engine.OutboxItem, error) { return t.Outbox().Stale(at(now), limit) }),
			func(o engine.OutboxItem) string { return o.ID })
	}
	f.equal(stale(39, 10), "[]")
	f.equal(stale(40, 10), "[b]")
	f.equal(stale(100, 10), "[a b]")
	f.equal(stale(100, 1), "[a]")
}

func testExpireNext(_ *testing.T, f fixture) {
	next := func() time.Time {
		return read(f, func(t engine.Tx) (time.Time, error) { return t.Outbox().Next() })
	}
	f.equal(next(), time.Time{})
	f.put(item("a", "c1", 20), item("b", "c2", 10))
	f.equal(next(), at(10))
	got := f.claim(10, 10)
	f.equal(next(), at(20)) // a lease is nothing to wait for
	got[0].DueAt = at(5)
	f.settle(got[0], engine.OutboxUnsure)
	f.equal(next(), at(5))
	f.equal(f.claimed(20, 10), "[a]")
	f.update(func(t engine.Tx) error { return t.Outbox().Expire(at(30)) })
	list := read(f, func(t engine.Tx) ([]engine.OutboxItem, error) { return t.Outbox().Stale(at(30), 10) })
	f.equal(ids(list, func(o engine.OutboxItem) string { return o.ID }), "[a b]")
	f.equal(list[0].LeaseUntil, at(30))
}
